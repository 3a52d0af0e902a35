// What a screen reader says of the letter, in reading order.

import { createElement, translate } from "../dom.js";
import { fetchJson } from "../requests.js";
import { TurnCounter } from "../turn_counter.js";
import { getParameter } from "../url_state.js";

/** @typedef {{ kind: string, text: string, level: number, url: string, language: string }} AccessibilityNode */

/** @returns {import("../types.js").View} */
export function createAccessibilityView() {
  const box = createElement("div", { className: "sheet padded heard" });
  const turns = new TurnCounter();
  return {
    element: box,
    onOpen() {},
    onClose() {},
    async update({ issue, version, letterLanguage }) {
      const isNewest = turns.begin();
      const query = { issue, version: String(version), reader: getParameter("reader") };
      /** @type {AccessibilityNode[]} */
      const nodes = await fetchJson("outline", query, []);
      if (!isNewest()) return;
      box.replaceChildren(
        createElement("h2", {}, translate("heard")),
        createElement("ol", {}, ...nodes.map((node) => renderNode(node, letterLanguage))),
      );
    },
  };
}

/**
 * @param {AccessibilityNode} node
 * @param {string} letterLanguage
 */
function renderNode({ kind, text, level, url, language }, letterLanguage) {
  const lang = kind === "landmark" ? "" : language || letterLanguage;
  return createElement(
    "li",
    { className: `${kind}${level ? ` level-${level}` : ""}` },
    createElement("span", { className: "kind" }, translate(kind, { level })),
    createElement("span", { className: "spoken", lang }, text || "–"),
    url && kind === "heading"
      ? createElement("span", { className: "kind" }, translate("link"))
      : null,
    kind === "unnamed"
      ? createElement("span", { className: "soft" }, translate("unnamedWhy"))
      : null,
  );
}
