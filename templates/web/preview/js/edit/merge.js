// Which version of the file an edit is made on, and whether two answers about it can be ordered.

/** @typedef {import("../types.js").Teaser} Teaser */
/** @typedef {{ version: string, sections: { teasers: Pick<Teaser, "post" | "url" | "title">[] }[] }} Ordered */

/**
 * Return what tells a teaser from the others of an issue.
 * @param {Pick<Teaser, "post" | "url" | "title">} teaser
 */
export const getTeaserKey = ({ post, url, title }) => post || url || title;

/**
 * Return the teasers of each section by their keys, to be compared.
 * @param {Ordered} state
 */
export const serializeOrder = ({ sections }) =>
  JSON.stringify(sections.map(({ teasers }) => teasers.map(getTeaserKey)));

/**
 * Return the version to make an edit on whose places the person has seen.
 *
 * The newest, if its teasers stand in the same order; else the one that was seen, and the server
 * merges (three-way merge).
 * @param {Ordered} seen
 * @param {Ordered} current
 */
export function chooseVersion(seen, current) {
  return serializeOrder(seen) === serializeOrder(current) ? current.version : seen.version;
}
