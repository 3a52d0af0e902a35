// Say what was done, to eyes and ears: one line at the bottom that goes by itself.

import { getById } from "../dom.js";

const SHOWN_MS = 4500;
const SHOWN_BAD_MS = 9000;
let timer = 0;

/**
 * @param {string} text
 * @param {{ bad?: boolean }} options
 */
export function announce(text, { bad = false } = {}) {
  const said = getById("said");
  // The same words twice are two events: a changed text is what is read aloud.
  said.textContent = said.textContent === text ? `${text}\u00a0` : text;
  said.className = `said shown${bad ? " bad" : ""}`;
  clearTimeout(timer);
  timer = setTimeout(() => said.classList.remove("shown"), bad ? SHOWN_BAD_MS : SHOWN_MS);
}
