// Which part of the issue somebody clicks in the letter: found by its words, because the letter knows
// nothing of the parts.

/** @typedef {import("../types.js").EditState} EditState */
/** @typedef {{ name: string, at: import("../types.js").Place | null }} FoundPart */

const MIN_WORDS_CHARS = 3;
const MAX_WORDS_CHARS = 40;

/** @param {string | null} text */
const normalizeText = (text) =>
  (text ?? "")
    .replace(/[\u00ad\u200b\u034f]/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** @param {string} markdown */
const stripMarkdown = (markdown) =>
  normalizeText(markdown.replace(/\]\([^)]*\)/g, "").replace(/[*_`[\]\\#>]/g, ""));

/**
 * @param {Pick<Element, "closest">} element
 * @param {EditState} state
 * @returns {FoundPart | null}
 */
export function findClickedPart(element, state) {
  const picture = /** @type {HTMLImageElement | null} */ (element.closest("img"));
  if (picture) return findPicture(picture.src, state);
  const heading = element.closest("h1, h2, h3, h4");
  if (heading) return findHeadedPart(normalizeText(heading.textContent), state);
  const block = element.closest("p, li, blockquote, td, div");
  const words = block ? normalizeText(block.textContent).slice(0, MAX_WORDS_CHARS) : "";
  return words.length < MIN_WORDS_CHARS ? null : findText(words, state);
}

/**
 * @param {string} src
 * @param {EditState} state
 * @returns {FoundPart | null}
 */
function findPicture(src, state) {
  const found = listTeasers(state).find(({ teaser: { picture } }) =>
    Boolean(picture && src.endsWith(`/${picture.key}`)),
  );
  return found ? { name: "alt", at: found.at } : null;
}

/**
 * @param {string} words
 * @param {EditState} state
 * @returns {FoundPart | null}
 */
function findText(words, state) {
  const said = listTeasers(state).find(({ teaser }) =>
    stripMarkdown(teaser.summary).includes(words),
  );
  if (said) return { name: "summary", at: said.at };
  const section = state.sections.findIndex(({ text }) => stripMarkdown(text).includes(words));
  if (section >= 0) return { name: "section-text", at: [section, 0] };
  if (stripMarkdown(state.parts.intro).includes(words)) return { name: "intro", at: null };
  return findHeadedPart(words, state);
}

/**
 * @param {string} words
 * @param {EditState} state
 * @returns {FoundPart | null}
 */
function findHeadedPart(words, state) {
  const found = listTeasers(state).find(({ teaser }) => normalizeText(teaser.title) === words);
  if (found) return { name: "teaser-title", at: found.at };
  const section = state.sections.findIndex(({ title }) => normalizeText(title) === words);
  if (section >= 0) return { name: "section-title", at: [section, 0] };
  return normalizeText(state.parts.title) === words ? { name: "title", at: null } : null;
}

/**
 * @param {EditState} state
 * @returns {{ teaser: import("../types.js").Teaser, at: import("../types.js").Place }[]}
 */
const listTeasers = (state) =>
  state.sections.flatMap(({ teasers }, s) => teasers.map((teaser, t) => ({ teaser, at: [s, t] })));
