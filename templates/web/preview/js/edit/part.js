// A text of the issue: a button with the words, and a field in its place while they are being changed.

import { make, say } from "../dom.js";
import { send, session } from "./session.js";

const MARKDOWN = new Set(["intro", "section-text", "summary"]);
let open = null;

// While something is being written, the sheet isn't drawn again.
export const isWriting = () => open !== null;
export const finish = async () => (open ? open.save() : true);

export function part(name, { text, at = null, className = "", decorative = null, level = null }) {
  const key = `${name}:${at || ""}`;
  const place = make("div", { className: `part is-${name} ${className}` });
  place.dataset.part = key;

  function rest() {
    const words = make("span", { className: text ? "" : "empty", lang: text ? session.state.language : "" }, text || (decorative ? say("isDecorative") : say("empty")));
    const show = make(
      "button",
      { type: "button", className: "words", ariaLabel: say("change", { part: say(name), text: text || say("empty") }), onclick: write },
      make("span", { className: "label", "aria-hidden": "true" }, say(name)),
      words,
    );
    show.dataset.focus = key;
    const heading = level ? make(`h${level}`, {}, show) : show;
    place.replaceChildren(heading);
    return show;
  }

  async function write() {
    if (open && !(await open.save())) return;
    const current = document.querySelector(`[data-part="${CSS.escape(key)}"]`);
    if (current !== place) return current?.querySelector(".words")?.click();
    const version = session.state.version;
    const markdown = MARKDOWN.has(name);
    const field = make("textarea", { value: text, rows: 1, id: `field-${name}`, spellcheck: true, lang: session.state.language });
    const count = make("span", { className: "count" });
    const only = decorative === null ? null : make("input", { type: "checkbox", checked: decorative });
    const fit = () => {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 2}px`;
      const value = field.value.trim();
      count.textContent = markdown ? say("words", { count: value ? value.split(/\s+/).length : 0 }) : say("characters", { count: [...value].length });
      if (only) field.disabled = only.checked;
    };
    let sending = null;
    const save = async () => {
      if (open !== me) return true;
      if (sending) return sending;
      const unchanged = field.value === text && (!only || only.checked === decorative);
      if (unchanged) return cancel();
      const edit = { kind: "write", part: name, at, text: only?.checked ? "" : field.value, decorative: Boolean(only?.checked) };
      // It counts as being written until it is settled: a change from elsewhere must not take the words away.
      sending = send(edit, { version, settled: () => (open = null) });
      const done = await sending;
      sending = null;
      if (done) focusOn(key);
      else field.focus();
      return done;
    };
    const cancel = () => {
      open = null;
      const show = rest();
      // What came in the meantime was held back.
      document.dispatchEvent(new Event("sheet:stale"));
      if (show.isConnected) show.focus();
      else focusOn(key);
      return true;
    };
    const me = { save, cancel };
    open = me;
    field.addEventListener("input", fit);
    only?.addEventListener("change", fit);
    place.addEventListener("keydown", keys);
    function keys(event) {
      if (open !== me) return place.removeEventListener("keydown", keys);
      if (sending) return;
      if (event.key === "Escape") cancel();
      else if (event.key === "Enter" && event.target === field && (!markdown || event.ctrlKey || event.metaKey)) save();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
    place.replaceChildren(
      make("label", { htmlFor: field.id, className: "label" }, say(name)),
      field,
      ...(only ? [make("label", { className: "only" }, only, say("decorative"))] : []),
      make(
        "div",
        { className: "buttons" },
        make("button", { type: "button", className: "strong", onclick: save }, say("save")),
        make("button", { type: "button", className: "quiet", onclick: cancel }, say("cancel")),
        count,
        make("span", { className: "hint" }, say(markdown ? "hintMarkdown" : "hintLine")),
      ),
    );
    fit();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  rest();
  return place;
}

export function focusOn(key) {
  const found = document.querySelector(`[data-focus="${CSS.escape(key)}"]`);
  found?.focus();
  return Boolean(found);
}
