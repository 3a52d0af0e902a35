// A box to search in, and what it finds, in a dialog: posts to add, readers to look as.

import { make, say } from "../dom.js";
import { button, dialog } from "./dialog.js";

const PAUSE = 150;

// `find(words)` → things; `row(thing)` → what its button shows; resolves to the thing chosen, or null.
export function search({ title, label, find, row, found, none, before = [] }) {
  const field = make("input", { type: "search", autocomplete: "off" });
  const list = make("ul", { className: "found" });
  const told = make("p", { role: "status", className: "told" });
  const shown = dialog(
    title,
    ...before.map((make_) => make_((chosen) => shown.close(chosen))),
    make("label", {}, label, field),
    told,
    list,
    make("div", { className: "buttons" }, button(say("close"), () => shown.close())),
  );
  let timer = 0;
  let asked = 0;

  async function look() {
    const turn = ++asked;
    const things = await find(field.value);
    if (turn !== asked) return;
    told.textContent = things.length ? say(found, { count: things.length }) : say(none);
    list.replaceChildren(...things.map((thing) => make("li", {}, make("button", { type: "button", className: "hit", onclick: () => shown.close(thing) }, ...row(thing)))));
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const item = document.activeElement.closest("li");
    const next = { ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling }[event.key];
    if (event.key === "ArrowUp" && !next) field.focus();
    next?.querySelector("button").focus();
    if (event.key.startsWith("Arrow")) event.preventDefault();
  });
  field.focus();
  look();
  return shown.settled;
}
