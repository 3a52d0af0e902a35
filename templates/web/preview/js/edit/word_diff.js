// Words that came and went, for eyes and ears.

import { createElement, translate } from "../dom.js";
import { shorten } from "./shorten.js";

/** @typedef {import("../types.js").DiffRun} DiffRun */

/** @param {string} key */
const createHiddenLabel = (key) =>
  createElement("span", { className: "hidden" }, ` ${translate(key)} `);

/**
 * @param {DiffRun[]} words
 * @param {number} around characters of what is the same before and after a change; all by default
 */
export function renderWordDiff(words, around = Infinity) {
  return words.map(([change, text], number) => {
    if (change === "same") {
      if (around === Infinity) return text;
      const isLast = number === words.length - 1;
      return shorten(text, number > 0 ? around : 0, isLast ? 0 : around);
    }
    const isAdded = change === "added";
    return createElement(
      isAdded ? "ins" : "del",
      {},
      createHiddenLabel(isAdded ? "wordsAdded" : "wordsRemoved"),
      text,
      createHiddenLabel("wordsEnd"),
    );
  });
}
