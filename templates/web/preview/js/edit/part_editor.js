// The field in which a part is being written. There is one at a time; opening another saves the first.

import { createElement, getFocusedKey, translate } from "../dom.js";
import { chooseVersion } from "./merge.js";
import { sendEdit, session } from "./session.js";

/** @typedef {import("../types.js").Place} Place */
/** @typedef {import("../types.js").Edit} Edit */

/**
 * A part that can be opened.
 * @typedef {object} OpenablePart
 * @property {string} name
 * @property {string} text
 * @property {Place | null} at
 * @property {boolean | null} decorative
 * @property {string} key
 * @property {HTMLElement} place
 * @property {() => HTMLElement} rest shows it at rest again
 */

const MARKDOWN_PARTS = new Set(["intro", "section-text", "summary"]);
// Other than words: one line, in a field of its kind.
/** @type {Record<string, Record<string, unknown>>} */
const FIELD_TYPES = {
  number: { type: "number", min: 1, step: 1 },
  date: { type: "date" },
  language: { type: "text", autocomplete: "off", spellcheck: false, autocapitalize: "off" },
  "teaser-date": { type: "date" },
  "teaser-url": { type: "url", spellcheck: false },
};
/** @type {PartEditor | null} */
let current = null;

/** While something is being written, the sheet isn't drawn again. */
export const isWriting = () => current !== null;

/** Save what is being written, if anything is; false: it couldn't be, and stays open. */
export const saveCurrent = async () => (current ? current.save() : true);

/**
 * Make an edit by a button: what is being written is saved first.
 *
 * The places of the edit are those that the person saw: where saving has shown a sheet of another
 * order, the edit is made on the version that they saw.
 * @param {Edit} edit
 */
export async function saveThenEdit(edit) {
  const seen = session.state;
  const focused = getFocusedKey();
  if (!(await saveCurrent())) return false;
  if (focused) focusOn(focused);
  if (!seen || !session.state) return false;
  return sendEdit(edit, { version: chooseVersion(seen, session.state) });
}

/**
 * Return the element of the sheet with this part.
 * @param {string} key
 * @returns {HTMLElement | null}
 */
function findPart(key) {
  return document.querySelector(`[data-part="${CSS.escape(key)}"]`);
}

/** @param {HTMLElement | null} place */
function clickWords(place) {
  const button = /** @type {HTMLElement | null | undefined} */ (
    place?.querySelector("button.words")
  );
  button?.click();
}

/** @param {string} key */
export function focusOn(key) {
  const found = /** @type {HTMLElement | null} */ (
    document.querySelector(`[data-focus="${CSS.escape(key)}"]`)
  );
  found?.focus();
  return Boolean(found);
}

/**
 * Open something that was just added: its first words only hold the place.
 * @param {string} name
 * @param {Place} at
 */
export function openPart(name, at) {
  const place = findPart(`${name}:${at}`);
  place?.scrollIntoView({ block: "center" });
  clickWords(place);
  place?.querySelector("textarea")?.select();
}

/** @param {OpenablePart} part */
export async function openEditor(part) {
  if (current && !(await current.save())) return;
  const there = findPart(part.key);
  // The sheet was drawn anew when the other part was saved.
  if (there && there !== part.place) return clickWords(there);
  current = new PartEditor(part);
  current.show();
}

class PartEditor {
  /** @param {OpenablePart} part */
  constructor(part) {
    const { name, text, decorative } = part;
    this.part = part;
    this.version = session.state?.version;
    this.isMarkdown = MARKDOWN_PARTS.has(name);
    const type = FIELD_TYPES[name];
    const common = { value: text, id: `field-${name}` };
    const words = { rows: 1, spellcheck: true, lang: session.state?.language };
    this.field = type
      ? createElement("input", { ...type, ...common })
      : createElement("textarea", { ...words, ...common });
    this.count = type ? null : createElement("span", { className: "count" });
    this.decorativeBox =
      decorative === null
        ? null
        : createElement("input", { type: "checkbox", checked: decorative });
    /** @type {Promise<boolean> | null} */
    this.sending = null;
  }

  show() {
    const { name, place } = this.part;
    this.field.addEventListener("input", () => this.resize());
    this.decorativeBox?.addEventListener("change", () => this.resize());
    place.onkeydown = (event) => this.handleKey(event);
    this.field.setAttribute("aria-describedby", "field-hint");
    place.replaceChildren(
      createElement("label", { htmlFor: this.field.id, className: "label" }, translate(name)),
      this.field,
      ...(this.decorativeBox
        ? [
            createElement(
              "label",
              { className: "only" },
              this.decorativeBox,
              translate("decorative"),
            ),
          ]
        : []),
      this.createButtons(),
    );
    this.resize();
    this.field.focus();
    if (this.count) this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  createButtons() {
    const hint = translate(this.isMarkdown ? "hintMarkdown" : "hintLine");
    return createElement(
      "div",
      { className: "buttons" },
      createElement(
        "button",
        { type: "button", className: "strong", onclick: () => this.save() },
        translate("save"),
      ),
      createElement(
        "button",
        { type: "button", className: "quiet", onclick: () => this.cancel() },
        translate("cancel"),
      ),
      this.count,
      createElement("span", { className: "hint", id: "field-hint" }, hint),
    );
  }

  resize() {
    if (this.decorativeBox) this.field.disabled = this.decorativeBox.checked;
    if (!this.count) return;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
    const value = this.field.value.trim();
    const wordCount = value ? value.split(/\s+/).length : 0;
    this.count.textContent = this.isMarkdown
      ? translate("words", { count: wordCount })
      : translate("characters", { count: [...value].length });
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    if (current !== this || this.sending) return;
    const { key, target, ctrlKey, metaKey, isComposing } = event;
    const isEnter = key === "Enter" && !isComposing && target === this.field;
    if (key === "Escape") this.cancel();
    else if (isEnter && (!this.isMarkdown || ctrlKey || metaKey)) this.save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @returns {Promise<boolean>} */
  async save() {
    if (current !== this) return true;
    return (this.sending ||= this.send());
  }

  async send() {
    const { name, text, at, decorative, key } = this.part;
    if (!this.field.checkValidity()) return this.reportInvalid();
    const isDecorative = Boolean(this.decorativeBox?.checked);
    const isUnchanged =
      this.field.value === text && (!this.decorativeBox || isDecorative === decorative);
    if (isUnchanged) return this.cancel();
    const value = isDecorative ? "" : this.field.value;
    const edit = { kind: "write", part: name, at, text: value, decorative: isDecorative };
    // It counts as being written until it is settled: a change from elsewhere must not take the
    // words away.
    const onSettled = () => {
      current = null;
    };
    const isDone = await sendEdit(edit, { version: this.version, onSettled });
    this.sending = null;
    if (isDone) focusOn(key);
    else this.field.focus();
    return isDone;
  }

  /** A date without its day, or words where a number is asked for: the browser says so. */
  reportInvalid() {
    this.field.reportValidity();
    this.sending = null;
    return false;
  }

  cancel() {
    current = null;
    this.sending = null;
    const show = this.part.rest();
    // What came in the meantime was held back.
    document.dispatchEvent(new Event("sheet:stale"));
    if (show.isConnected) show.focus();
    else focusOn(this.part.key);
    return true;
  }
}
