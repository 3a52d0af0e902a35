// The field in which a part is being written. There is one at a time; opening another saves the first.

import { make, say } from "../dom.js";
import { send, session } from "./session.js";

const MARKDOWN = new Set(["intro", "section-text", "summary"]);
// Other than words: one line, in a field of its kind.
const TYPES = {
  number: { type: "number", min: 1, step: 1 },
  date: { type: "date" },
  language: { type: "text", autocomplete: "off", spellcheck: false, autocapitalize: "off" },
  "teaser-date": { type: "date" },
  "teaser-url": { type: "url", spellcheck: false },
};
let current = null;

// While something is being written, the sheet isn't drawn again.
export const isWriting = () => current !== null;

// Save what is being written, if anything is; false: it couldn't be, and stays open.
export const finish = async () => (current ? current.save() : true);

const order = ({ sections }) => JSON.stringify(sections.map(({ teasers }) => teasers.map(({ post, url, title }) => post || url || title)));

// Make an edit by a button: what is being written is saved first. The places of the edit are those that the person saw; where
// saving has shown a sheet of another order, the edit is made on the one that she saw.
export async function act(edit) {
  const seen = session.state;
  const focused = document.activeElement?.dataset?.focus;
  if (!(await finish())) return false;
  if (focused) focusOn(focused);
  return send(edit, { version: order(seen) === order(session.state) ? session.state.version : seen.version });
}

export function focusOn(key) {
  const found = document.querySelector(`[data-focus="${CSS.escape(key)}"]`);
  found?.focus();
  return Boolean(found);
}

// Something that was just added is written at once: its first words only hold the place.
export function openPart(name, at) {
  const place = document.querySelector(`[data-part="${CSS.escape(`${name}:${at}`)}"]`);
  place?.scrollIntoView({ block: "center" });
  place?.querySelector("button.words")?.click();
  place?.querySelector("textarea")?.select();
}

export async function open(one) {
  if (current && !(await current.save())) return;
  const there = document.querySelector(`[data-part="${CSS.escape(one.key)}"]`);
  // The sheet was drawn anew when the other part was saved.
  if (there && there !== one.place) return there.querySelector("button.words")?.click();
  current = new Writing(one);
  current.show();
}

class Writing {
  constructor(one) {
    this.one = one;
    this.version = session.state.version;
    this.markdown = MARKDOWN.has(one.name);
    const kind = TYPES[one.name];
    const common = { value: one.text, id: `field-${one.name}` };
    this.field = kind ? make("input", { ...kind, ...common }) : make("textarea", { rows: 1, spellcheck: true, lang: session.state.language, ...common });
    this.count = kind ? null : make("span", { className: "count" });
    this.only = one.decorative === null ? null : make("input", { type: "checkbox", checked: one.decorative });
    this.sending = null;
  }

  show() {
    const { name, place } = this.one;
    this.field.addEventListener("input", () => this.fit());
    this.only?.addEventListener("change", () => this.fit());
    place.onkeydown = (event) => this.key(event);
    const hint = say(this.markdown ? "hintMarkdown" : "hintLine");
    this.field.setAttribute("aria-describedby", "field-hint");
    place.replaceChildren(
      make("label", { htmlFor: this.field.id, className: "label" }, say(name)),
      this.field,
      ...(this.only ? [make("label", { className: "only" }, this.only, say("decorative"))] : []),
      make(
        "div",
        { className: "buttons" },
        make("button", { type: "button", className: "strong", onclick: () => this.save() }, say("save")),
        make("button", { type: "button", className: "quiet", onclick: () => this.cancel() }, say("cancel")),
        this.count,
        make("span", { className: "hint", id: "field-hint" }, hint),
      ),
    );
    this.fit();
    this.field.focus();
    if (this.count) this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  fit() {
    if (this.only) this.field.disabled = this.only.checked;
    if (!this.count) return;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
    const value = this.field.value.trim();
    this.count.textContent = this.markdown ? say("words", { count: value ? value.split(/\s+/).length : 0 }) : say("characters", { count: [...value].length });
  }

  key(event) {
    if (current !== this || this.sending) return;
    const { key, target, ctrlKey, metaKey, isComposing } = event;
    if (key === "Escape") this.cancel();
    else if (key === "Enter" && !isComposing && target === this.field && (!this.markdown || ctrlKey || metaKey)) this.save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async save() {
    if (current !== this) return true;
    return (this.sending ||= this.send());
  }

  async send() {
    const { name, text, at, decorative, key } = this.one;
    if (!this.field.checkValidity()) return this.refused();
    const purpose = Boolean(this.only?.checked);
    if (this.field.value === text && (!this.only || purpose === decorative)) return this.cancel();
    const edit = { kind: "write", part: name, at, text: purpose ? "" : this.field.value, decorative: purpose };
    // It counts as being written until it is settled: a change from elsewhere must not take the words away.
    const done = await send(edit, { version: this.version, settled: () => (current = null) });
    this.sending = null;
    if (done) focusOn(key);
    else this.field.focus();
    return done;
  }

  // A date without its day, or words where a number is asked for: the browser says so.
  refused() {
    this.field.reportValidity();
    this.sending = null;
    return false;
  }

  cancel() {
    current = null;
    this.sending = null;
    const show = this.one.rest();
    // What came in the meantime was held back.
    document.dispatchEvent(new Event("sheet:stale"));
    if (show.isConnected) show.focus();
    else focusOn(this.one.key);
    return true;
  }
}
