// A box to search in, and what it finds, in a dialog: posts to add, subscribers to look as.

import { createElement, findClosest, translate } from "../dom.js";
import { TurnCounter } from "../turn_counter.js";
import { createButton, openDialog } from "./dialog.js";

const DEBOUNCE_MS = 150;

/**
 * @typedef {object} SearchOptions
 * @property {string} title
 * @property {string} label
 * @property {(query: string) => Promise<any[]>} find
 * @property {(item: any) => import("../dom.js").Child[]} row what an item's button shows
 * @property {string} found the message with a count of items
 * @property {string} none the message for no items
 * @property {((close: (chosen: unknown) => void) => HTMLElement)[]} [before]
 */

/**
 * Resolve to the item that is chosen, or null.
 * @param {SearchOptions} options
 * @returns {Promise<any>}
 */
export function openSearchDialog({ title, label, find, row, found, none, before = [] }) {
  const field = createElement("input", { type: "search", autocomplete: "off" });
  const list = createElement("ul", { className: "found" });
  const status = createElement("p", { role: "status", className: "told" });
  const dialog = openDialog(
    title,
    ...before.map((create) => create((chosen) => dialog.close(chosen))),
    createElement("label", {}, label, field),
    status,
    list,
    createElement(
      "div",
      { className: "buttons" },
      createButton(translate("close"), () => dialog.close()),
    ),
  );
  const turns = new TurnCounter();
  let timer = 0;

  async function runSearch() {
    const isNewest = turns.begin();
    const items = await find(field.value);
    if (!isNewest()) return;
    status.textContent = items.length ? translate(found, { count: items.length }) : translate(none);
    list.replaceChildren(...items.map((item) => renderHit(row(item), () => dialog.close(item))));
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(runSearch, DEBOUNCE_MS);
  });
  enableArrowKeys(field, list);
  field.focus();
  runSearch();
  return dialog.settled;
}

/**
 * @param {import("../dom.js").Child[]} content
 * @param {() => void} onclick
 */
function renderHit(content, onclick) {
  const button = createElement("button", { type: "button", className: "hit", onclick }, ...content);
  return createElement("li", {}, button);
}

/**
 * @param {HTMLElement} field
 * @param {HTMLElement} list
 */
function enableArrowKeys(field, list) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const item = findClosest(event, "li");
    const down = event.key === "ArrowDown" ? item?.nextElementSibling : null;
    const next = event.key === "ArrowUp" ? item?.previousElementSibling : down;
    if (event.key === "ArrowUp" && !next) field.focus();
    next?.querySelector("button")?.focus();
    if (event.key.startsWith("Arrow")) event.preventDefault();
  });
}
