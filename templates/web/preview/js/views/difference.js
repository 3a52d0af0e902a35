// What is different from the issue before: words that came and went, teasers that are new or gone.

import { createElement, translate } from "../dom.js";
import { renderWordDiff } from "../edit/word_diff.js";
import { TurnCounter } from "../turn_counter.js";

/** @typedef {import("../types.js").DiffRun} DiffRun */
/** @typedef {{ change: string, title: DiffRun[], summary: DiffRun[] }} ChangedTeaser */

/** @returns {import("../types.js").View} */
export function createDifferenceView() {
  const box = createElement("div", { className: "sheet padded difference" });
  const turns = new TurnCounter();
  return {
    element: box,
    onOpen() {},
    onClose() {},
    async update({ issue, letterLanguage }) {
      const isNewest = turns.begin();
      const query = new URLSearchParams({ issue });
      const response = await fetch(`difference?${query}`).catch(() => null);
      const found = response ? await response.json().catch(() => null) : null;
      if (!isNewest()) return;
      if (response?.ok && found) showDifference(box, found, letterLanguage);
      else box.replaceChildren(createElement("h2", {}, found?.problem || translate("noBefore")));
    },
  };
}

/**
 * @param {HTMLElement} box
 * @param {{ before: string, parts: Record<string, DiffRun[]>, teasers: ChangedTeaser[] }} difference
 * @param {string} lang
 */
function showDifference(box, { before, parts, teasers }, lang) {
  const entries = Object.entries(parts).filter(([, words]) => words.length);
  box.replaceChildren(
    createElement("h2", {}, translate("differs", { before })),
    createElement("dl", { lang }, ...entries.flatMap(renderEntry)),
    createElement(
      "ol",
      { className: "teasers" },
      ...teasers.map((teaser) => renderTeaser(teaser, lang)),
    ),
  );
}

/** @param {[name: string, words: DiffRun[]]} entry */
function renderEntry([name, words]) {
  return [
    createElement("dt", { lang: document.documentElement.lang }, translate(name)),
    createElement("dd", {}, ...renderWordDiff(words)),
  ];
}

/**
 * @param {ChangedTeaser} teaser
 * @param {string} lang
 */
function renderTeaser({ change, title, summary }, lang) {
  return createElement(
    "li",
    { className: change },
    createElement("span", { className: `badge ${change}` }, translate(change)),
    createElement("h3", { lang }, ...renderWords(title, change)),
    change === "same" ? null : createElement("p", { lang }, ...renderWords(summary, change)),
  );
}

/**
 * All of a new teaser is new: its words needn't be marked one by one.
 * @param {DiffRun[]} words
 * @param {string} change
 */
function renderWords(words, change) {
  return change === "changed" ? renderWordDiff(words) : words.map(([, text]) => text);
}
