// Say what was done, to eyes and ears: one line at the bottom that goes by itself for who sees it.

import { byId } from "../dom.js";

let timer = 0;

export function announce(text, { bad = false } = {}) {
  const said = byId("said");
  // The same words twice are two events: a changed text is what is read aloud.
  said.textContent = said.textContent === text ? `${text}\u00a0` : text;
  said.className = `said shown${bad ? " bad" : ""}`;
  clearTimeout(timer);
  timer = setTimeout(() => said.classList.remove("shown"), bad ? 9000 : 4500);
}
