// Cut the middle out of a long text.

// Characters below which leaving something out isn't worth the dots.
const MIN_CUT_CHARS = 40;

/**
 * Return the beginning and the end of a text; all of it where little would be left out.
 * @param {string} text
 * @param {number} before characters kept at its beginning
 * @param {number} after characters kept at its end
 */
export function shorten(text, before, after) {
  if (text.length <= before + after + MIN_CUT_CHARS) return text;
  return `${text.slice(0, before)} … ${after ? text.slice(-after) : ""}`;
}
