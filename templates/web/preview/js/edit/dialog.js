// A dialog of the browser's own: it keeps the focus inside, and Esc closes it. Focus goes back to where it was.

import { make } from "../dom.js";

let number = 0;

export function dialog(title, ...content) {
  const id = `dialog-${++number}`;
  const before = document.activeElement;
  const box = make("dialog", { className: "dialog", "aria-labelledby": id }, make("h2", { id }, title), ...content);
  let settle;
  const settled = new Promise((resolve) => (settle = resolve));
  let value = null;
  box.addEventListener("close", () => {
    box.remove();
    if (before?.isConnected) before.focus();
    settle(value);
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

export const button = (text, onclick, className = "quiet") => make("button", { type: "button", className, onclick }, text);
