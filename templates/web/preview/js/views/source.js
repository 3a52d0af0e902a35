// Views that show a source with line numbers: the text part as it is, MJML and HTML highlighted.

import { createElement, translate } from "../dom.js";

const MARKUP = /(<!--[\s\S]*?-->)|(<\/?)([a-zA-Z][\w:.-]*)((?:[^>"']|"[^"]*"|'[^']*')*)(>)/g;
const ATTRIBUTE = /([^\s=]+)(=)("[^"]*"|'[^']*')/g;
const COPIED_MS = 1500;

/** @typedef {(part: string, className?: string) => void} AppendPart */

/**
 * @param {"text" | "mjml" | "html"} kind
 * @returns {import("../types.js").View}
 */
export function createSourceView(kind) {
  const code = createElement("code");
  const copy = createElement("button", { type: "button", className: "quiet" }, translate("copy"));
  const box = createElement(
    "div",
    { className: "sheet" },
    createElement("div", { className: "sheet-head" }, copy),
    createElement("pre", { className: `source ${kind}` }, code),
  );
  /** @type {string | null} */
  let current = null;

  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(current ?? "");
    copy.textContent = translate("copied");
    setTimeout(() => (copy.textContent = translate("copy")), COPIED_MS);
  });
  return {
    element: box,
    onOpen() {},
    onClose() {},
    update(preview) {
      if (preview[kind] === current) return;
      current = preview[kind];
      const lines =
        kind === "text" ? current.split("\n").map((line) => [line]) : highlight(current);
      code.replaceChildren(
        ...lines.map((parts) => createElement("span", { className: "line" }, ...parts, "\n")),
      );
    },
  };
}

/**
 * Return lines of text and spans; a tag that goes over several lines is highlighted on each.
 * @param {string} text
 */
function highlight(text) {
  /** @type {(string | HTMLElement)[][]} */
  const lines = [[]];
  /** @type {AppendPart} */
  const appendPart = (part, className) => {
    part.split("\n").forEach((line, at) => {
      if (at) lines.push([]);
      const last = lines[lines.length - 1];
      if (line) last.push(className ? createElement("span", { className }, line) : line);
    });
  };
  let end = 0;
  for (const found of text.matchAll(MARKUP)) {
    appendPart(text.slice(end, found.index));
    end = found.index + found[0].length;
    if (found[1]) appendPart(found[1], "note");
    else {
      appendPart(found[2] + found[3], "tag");
      highlightAttributes(found[4], appendPart);
      appendPart(found[5], "tag");
    }
  }
  appendPart(text.slice(end));
  return lines;
}

/**
 * @param {string} text
 * @param {AppendPart} appendPart
 */
function highlightAttributes(text, appendPart) {
  let end = 0;
  for (const found of text.matchAll(ATTRIBUTE)) {
    appendPart(text.slice(end, found.index));
    end = found.index + found[0].length;
    appendPart(found[1], "attribute");
    appendPart(found[2]);
    appendPart(found[3], "string");
  }
  appendPart(text.slice(end));
}
