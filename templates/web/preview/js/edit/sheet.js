// The issue's parts as a sheet: what can be changed, in the order of the letter.

import { createElement, getFocusedKey, translate } from "../dom.js";
import { addPost } from "./add_post.js";
import { createLayoutSelect } from "./layout_select.js";
import { getTeaserKey } from "./merge.js";
import { buildFocusKey, createPart } from "./part.js";
import { focusOn, isWriting, openPart, saveThenEdit } from "./part_editor.js";
import { findNextPlace } from "./places.js";
import { session } from "./session.js";
import { createTeaser } from "./teaser.js";
import { createToolButton } from "./tool_button.js";

/** @typedef {import("../types.js").EditState} EditState */
/** @typedef {import("../types.js").Section} Section */

// What gets the focus instead when a button is switched off or gone: the first can't go up.
/** @type {Record<string, string>} */
const OTHER_BUTTONS = {
  up: "down",
  down: "up",
  shorter: "longer",
  longer: "shorter",
  ours: "shorter",
};

/**
 * Move a teaser one step up (-1) or down (1).
 * @param {import("../types.js").Place} at
 * @param {number} by
 */
export function moveTeaser(at, by) {
  const to = session.state ? findNextPlace(at, by, session.state.sections) : null;
  if (to) saveThenEdit({ kind: "move", at, to });
}

export class Sheet {
  constructor() {
    this.element = createElement("section", {
      className: "editor",
      ariaLabel: translate("sheet"),
    });
    this.rendered = "";
  }

  /** Show the latest state, unless somebody writes or drags; true: the state is the one shown. */
  render() {
    const sheet = this.element;
    const state = session.latest;
    if (!state || isWriting() || sheet.dataset.dragging) return false;
    session.state = state;
    const rendered = JSON.stringify([session.issue, state]);
    if (rendered === this.rendered && !sheet.querySelector("textarea")) return true;
    this.rendered = rendered;
    const focused = getFocusedKey();
    const hasFocus = sheet.contains(document.activeElement);
    const top = sheet.scrollTop;
    sheet.replaceChildren(...renderState(state));
    sheet.scrollTop = top;
    if (hasFocus && focused && getFocusedKey() !== focused) this.restoreFocus(focused);
    return true;
  }

  /**
   * Give the focus to what had it; that may be switched off now, or be gone.
   * @param {string} key
   */
  restoreFocus(key) {
    const selector = `[data-focus="${CSS.escape(key)}"]`;
    const found = /** @type {HTMLButtonElement | null} */ (this.element.querySelector(selector));
    if (found && !found.disabled) return found.focus();
    const [name, ...rest] = key.split(":");
    const other = OTHER_BUTTONS[name];
    if (other && focusOn(`${other}:${rest.join(":")}`)) return;
    const box = found?.closest(".teaser") || this.element;
    /** @type {HTMLElement | null} */ (box.querySelector("button:not(:disabled)"))?.focus();
  }

  /**
   * @param {string} key
   * @returns {HTMLElement | null}
   */
  findPart(key) {
    return this.element.querySelector(`[data-part="${CSS.escape(key)}"]`);
  }

  /** @param {string} key */
  openPart(key) {
    const place = this.findPart(key);
    place?.scrollIntoView({ block: "center" });
    const button = /** @type {HTMLElement | null | undefined} */ (
      place?.querySelector("button.words")
    );
    button?.click();
  }

  /** @param {string} words */
  reveal(words) {
    const teasers = session.state?.sections.flatMap((section) => section.teasers) ?? [];
    const found = teasers.find(({ title }) => title === words);
    const box =
      found && this.element.querySelector(`[data-key="${CSS.escape(getTeaserKey(found))}"]`);
    const place = box || this.findPart(buildFocusKey(words, null));
    place?.scrollIntoView({ block: "center" });
    const button = /** @type {HTMLElement | null | undefined} */ (place?.querySelector(".words"));
    button?.focus();
    return Boolean(place);
  }

  /** @param {string} words */
  hasText(words) {
    const state = session.state;
    if (!state) return false;
    const titles = state.sections.flatMap(({ teasers }) => teasers.map(({ title }) => title));
    return words in state.parts || titles.includes(words);
  }
}

/**
 * @param {EditState} state
 * @returns {(HTMLElement | string)[]}
 */
function renderState(state) {
  const { parts, sections, locked } = state;
  /** @param {string} name */
  const createNamedPart = (name) => createPart(name, { text: parts[name] });
  const note = () => createElement("p", { className: "locked", role: "note" }, locked);
  return [
    createElement("h2", { className: "hidden" }, translate("sheet")),
    ...(locked ? [note()] : []),
    createElement(
      "div",
      { className: "card top" },
      ...["subject", "preheader", "title", "intro"].map(createNamedPart),
      createElement(
        "div",
        { className: "meta three" },
        ...["number", "date", "language"].map(createNamedPart),
      ),
    ),
    ...sections.map((section, number) => createSection(section, number, state)),
    locked ? "" : createNewSectionButton(sections.length),
  ];
}

/** @param {number} to */
function createNewSectionButton(to) {
  const onclick = async () => {
    const edit = { kind: "add-section", to, title: translate("sectionNew") };
    if (await saveThenEdit(edit)) openPart("section-title", [to, 0]);
  };
  const text = `+ ${translate("newSection")}`;
  return createElement("button", { type: "button", className: "quiet", onclick }, text);
}

/**
 * @param {Section} section
 * @param {number} number
 * @param {EditState} state
 */
function createSection(section, number, state) {
  const title = section.title || translate("sectionUntitled", { number: number + 1 });
  const { sections } = state;
  const list = createElement(
    "ol",
    { className: "teasers" },
    ...section.teasers.map((teaser, t) =>
      createTeaser(teaser, { at: [number, t], sections, move: moveTeaser }),
    ),
  );
  list.dataset.section = String(number);
  return createElement(
    "div",
    { className: "card section", role: "group", ariaLabel: title },
    createElement(
      "div",
      { className: "section-head" },
      createPart("section-title", { text: section.title, at: [number, 0], level: 3 }),
      ...(state.locked ? [] : createSectionTools(section, number, title, state)),
    ),
    createPart("section-text", {
      text: section.text,
      at: [number, 0],
      className: section.text ? "" : "optional",
    }),
    section.teasers.length
      ? null
      : createElement("p", { className: "soft" }, translate("sectionEmpty")),
    list,
    state.locked ? null : createAddButton(section, number, title),
  );
}

/**
 * Return the select of the layout, and what moves and removes a section that isn't alone.
 * @param {Section} section
 * @param {number} number
 * @param {string} title
 * @param {EditState} state
 */
function createSectionTools(section, number, title, { sections, layouts }) {
  const select = createLayoutSelect(section, number, layouts);
  if (sections.length === 1) return [select];
  return [
    select,
    createToolButton({
      focusKey: `section-up:${section.title}`,
      label: translate("moveUp", { title }),
      sign: "↑",
      onclick: () => saveThenEdit({ kind: "move-section", at: number, to: number - 1 }),
      disabled: number === 0,
    }),
    createToolButton({
      focusKey: `section-down:${section.title}`,
      label: translate("moveDown", { title }),
      sign: "↓",
      onclick: () => saveThenEdit({ kind: "move-section", at: number, to: number + 1 }),
      disabled: number === sections.length - 1,
    }),
    createToolButton({
      focusKey: `section-remove:${section.title}`,
      label: translate("remove", { title }),
      sign: "✕",
      onclick: () => saveThenEdit({ kind: "remove-section", at: number }),
    }),
  ];
}

/**
 * @param {Section} section
 * @param {number} number
 * @param {string} title
 */
function createAddButton(section, number, title) {
  const button = createElement(
    "button",
    {
      type: "button",
      className: "quiet",
      ariaLabel: translate("addPostTo", { title }),
      onclick: () => addPost(number, section),
    },
    `+ ${translate("addPost")}`,
  );
  button.dataset.focus = `add:${number}`;
  return button;
}
