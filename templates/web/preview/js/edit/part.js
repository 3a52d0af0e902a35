// A part of the issue at rest: a button with its words, which opens a field in its place. Of an issue that was sent, the words alone.

import { day, make, say } from "../dom.js";
import { session } from "./session.js";
import { isWriting, open } from "./writing.js";

export { isWriting };
export const focusKey = (name, at) => `${name}:${at || ""}`;
// What isn't words of the letter is shown in the language of the page.
const FIGURES = new Set(["number", "date", "language", "teaser-date", "teaser-url"]);

export function part(name, { text, at = null, className = "", decorative = null, level = null }) {
  const key = focusKey(name, at);
  const place = make("div", { className: `part is-${name} ${className}` });
  place.dataset.part = key;
  const one = { name, text, at, decorative, key, place, rest };

  function rest() {
    const show = session.state.locked ? make("div", { className: "words" }) : button();
    show.append(make("span", { className: "label", "aria-hidden": show.matches("button") ? "true" : "false" }, say(name)), words());
    place.replaceChildren(level ? make(`h${level}`, {}, show) : show);
    return show;
  }

  function button() {
    const ariaLabel = say("change", { part: say(name), text: shown(name, text) || say("empty") });
    const found = make("button", { type: "button", className: "words", ariaLabel, onclick: () => open(one) });
    found.dataset.focus = key;
    return found;
  }

  function words() {
    const letter = text && !FIGURES.has(name);
    return make("span", { className: text ? "" : "empty", lang: letter ? session.state.language : "" }, shown(name, text) || say(decorative ? "isDecorative" : "empty"));
  }

  rest();
  return place;
}

function shown(name, text) {
  const lang = document.documentElement.lang;
  if (!text) return "";
  if (name === "date" || name === "teaser-date") return day(text);
  if (name === "teaser-url") return text.replace(/^https?:\/\//, "");
  if (name !== "language") return text;
  try {
    return `${new Intl.DisplayNames(lang, { type: "language" }).of(text)} (${text})`;
  } catch {
    return text;
  }
}
