// A dialog of the browser's own: it keeps the focus inside, and Esc closes it. Focus goes back after.

import { createElement } from "../dom.js";

let number = 0;

/**
 * An open dialog; `settled` resolves with what it is closed with, null for Esc.
 * @typedef {{ box: HTMLDialogElement, settled: Promise<any>, close: (chosen?: unknown) => void }} OpenDialog
 */

/**
 * @param {string} title
 * @param {...import("../dom.js").Child} content
 * @returns {OpenDialog}
 */
export function openDialog(title, ...content) {
  number += 1;
  const id = `dialog-${number}`;
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const box = createElement(
    "dialog",
    { className: "dialog", "aria-labelledby": id },
    createElement("h2", { id }, title),
    ...content,
  );
  /** @type {unknown} */
  let value = null;
  const settled = new Promise((resolve) => {
    box.addEventListener("close", () => {
      box.remove();
      if (before?.isConnected) before.focus();
      resolve(value);
    });
  });
  box.addEventListener("click", (event) => event.target === box && box.close());
  document.body.append(box);
  box.showModal();
  return {
    box,
    settled,
    close(chosen = null) {
      value = chosen;
      box.close();
    },
  };
}

/**
 * @param {string} text
 * @param {() => unknown} onclick
 */
export const createButton = (text, onclick, className = "quiet") =>
  createElement("button", { type: "button", className, onclick }, text);
