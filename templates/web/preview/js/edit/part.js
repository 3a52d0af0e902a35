// A part of the issue at rest: a button with its words, which opens a field in its place. Of an issue
// that was sent, the words alone.

import { createElement, formatDay, translate } from "../dom.js";
import { openEditor } from "./part_editor.js";
import { session } from "./session.js";

/** @typedef {import("../types.js").Place} Place */

// What isn't words of the letter is shown in the language of the page.
const UNTRANSLATED_PARTS = new Set(["number", "date", "language", "teaser-date", "teaser-url"]);

/**
 * @param {string} name
 * @param {Place | null} at
 */
export const buildFocusKey = (name, at) => `${name}:${at || ""}`;

/**
 * @typedef {object} PartOptions
 * @property {string} text
 * @property {Place | null} [at]
 * @property {string} [className]
 * @property {boolean | null} [decorative] whether a picture has no alt text on purpose
 * @property {3 | 4 | null} [level] of a heading
 */

/**
 * @param {string} name
 * @param {PartOptions} options
 */
export function createPart(name, options) {
  const { text, at = null, className = "", decorative = null, level = null } = options;
  const key = buildFocusKey(name, at);
  const place = createElement("div", { className: `part is-${name} ${className}` });
  place.dataset.part = key;

  function showAtRest() {
    const show = session.state?.locked
      ? createElement("div", { className: "words" })
      : createOpenButton();
    const isHidden = String(show.matches("button"));
    show.append(
      createElement("span", { className: "label", "aria-hidden": isHidden }, translate(name)),
      createText(name, text, Boolean(decorative)),
    );
    place.replaceChildren(level ? createElement(level === 3 ? "h3" : "h4", {}, show) : show);
    return show;
  }

  function createOpenButton() {
    const words = formatValue(name, text) || translate("empty");
    const ariaLabel = translate("change", { part: translate(name), text: words });
    const onclick = () => openEditor({ name, text, at, decorative, key, place, rest: showAtRest });
    const button = createElement("button", {
      type: "button",
      className: "words",
      ariaLabel,
      onclick,
    });
    button.dataset.focus = key;
    return button;
  }

  showAtRest();
  return place;
}

/**
 * @param {string} name
 * @param {string} text
 * @param {boolean} isDecorative
 */
function createText(name, text, isDecorative) {
  const isLetter = text && !UNTRANSLATED_PARTS.has(name);
  return createElement(
    "span",
    { className: text ? "" : "empty", lang: isLetter ? session.state?.language : "" },
    formatValue(name, text) || translate(isDecorative ? "isDecorative" : "empty"),
  );
}

/**
 * @param {string} name
 * @param {string} text
 */
function formatValue(name, text) {
  if (!text) return "";
  if (name === "date" || name === "teaser-date") return formatDay(text);
  if (name === "teaser-url") return text.replace(/^https?:\/\//, "");
  return name === "language" ? formatLanguage(text) : text;
}

/** @param {string} code */
function formatLanguage(code) {
  try {
    const names = new Intl.DisplayNames(document.documentElement.lang, { type: "language" });
    return `${names.of(code)} (${code})`;
  } catch {
    return code;
  }
}
