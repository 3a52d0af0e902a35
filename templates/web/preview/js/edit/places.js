// Places of teasers, counted: nothing of this touches the page.

/** @typedef {import("../types.js").Place} Place */

/**
 * Return the place one step up (-1) or down (1); over a section's edge it is in the next section.
 * @param {Place} at
 * @param {number} by
 * @param {{ teasers: unknown[] }[]} sections
 * @returns {Place | null} null at the edge
 */
export function findNextPlace([s, t], by, sections) {
  if (by < 0) {
    if (t > 0) return [s, t - 1];
    return s > 0 ? [s - 1, sections[s - 1].teasers.length] : null;
  }
  if (t < sections[s].teasers.length - 1) return [s, t + 1];
  return s < sections.length - 1 ? [s + 1, 0] : null;
}

/**
 * parsePlace("0,2") → [0, 2]
 * @param {string} text
 * @returns {Place}
 */
export function parsePlace(text) {
  const [s, t] = text.split(",").map(Number);
  return [s, t];
}

/**
 * Return a gap as the server counts it: without the teaser that is moved.
 * @param {Place} at
 * @param {Place} gap
 * @returns {Place}
 */
export function adjustForRemoval(at, gap) {
  const [s, t] = gap;
  return s === at[0] && t > at[1] ? [s, t - 1] : gap;
}
