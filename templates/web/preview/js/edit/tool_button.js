// A small button with a sign, which keeps the focus when the sheet is drawn again.

import { createElement } from "../dom.js";

/**
 * @param {object} options
 * @param {string} options.focusKey
 * @param {string} options.label
 * @param {string} options.sign
 * @param {() => unknown} options.onclick
 * @param {boolean} [options.disabled]
 */
export function createToolButton({ focusKey, label, sign, onclick, disabled = false }) {
  const button = createElement(
    "button",
    { type: "button", className: "tool icon", ariaLabel: label, title: label, disabled, onclick },
    createElement("span", { "aria-hidden": "true" }, sign),
  );
  button.dataset.focus = focusKey;
  return button;
}
