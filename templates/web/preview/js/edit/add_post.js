// Put a post into the issue that compose left out, or words of one's own.

import { createElement, formatDay, translate } from "../dom.js";
import { fetchJson } from "../requests.js";
import { createButton } from "./dialog.js";
import { openPart, saveThenEdit } from "./part_editor.js";
import { openSearchDialog } from "./search_dialog.js";
import { session } from "./session.js";

/** @typedef {{ id: string, title: string, date: string, state: string, said: string, glimpse: string }} Post */

/**
 * @param {number} number
 * @param {import("../types.js").Section} section
 */
export async function addPost(number, section) {
  const { title, teasers } = section;
  const chosen = await openSearchDialog({
    title: title ? translate("addPostTo", { title }) : translate("addPost"),
    label: translate("searchPosts"),
    found: "postsFound",
    none: "noPosts",
    find: (q) => fetchJson("leftout", { issue: session.issue ?? "", q }, []),
    before: [createOwnButton],
    row: renderPost,
  });
  if (!chosen) return false;
  /** @type {import("../types.js").Place} */
  const to = [number, teasers.length];
  if (!chosen.own) return saveThenEdit({ kind: "add", post: chosen.id, to });
  const isDone = await saveThenEdit({ kind: "add-own", title: translate("sectionNew"), to });
  if (isDone) openPart("teaser-title", to);
  return isDone;
}

/** @param {(chosen: unknown) => void} close */
function createOwnButton(close) {
  return createElement(
    "div",
    { className: "buttons" },
    createButton(translate("addOwn"), () => close({ own: true })),
    createElement("span", { className: "soft" }, translate("addOwnNote")),
  );
}

/** @param {Post} post */
function renderPost({ title, date, state, said, glimpse }) {
  const lang = session.state?.language;
  const badge = state === "new" ? "" : createElement("span", { className: `badge ${state}` }, said);
  return [
    createElement("strong", { lang }, title),
    createElement("span", { className: "soft" }, formatDay(date), badge),
    createElement("span", { className: "glimpse", lang }, glimpse),
  ];
}
