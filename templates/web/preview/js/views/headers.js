// The mail's headers, and how it looks in a list of mails before it is opened.

import { createElement, translate } from "../dom.js";
import { renderProblem } from "./problem.js";

/** @typedef {import("../types.js").ReportedPreview} ReportedPreview */

/** @returns {import("../types.js").View} */
export function createHeadersView() {
  const box = createElement("div", { className: "sheet padded" });
  return {
    element: box,
    onOpen() {},
    onClose() {},
    update() {},
    onReport(preview) {
      if (preview.problem) return box.replaceChildren(renderProblem(preview.problem));
      box.replaceChildren(
        createElement("h2", {}, translate("inbox")),
        renderInboxLine(preview),
        createElement("h2", {}, translate("headersDecoded")),
        renderTable(preview.headers),
        createElement("h2", {}, translate("headersRaw")),
        createElement("pre", { className: "raw", tabIndex: 0 }, preview.rawHeaders),
      );
    },
  };
}

/** @param {ReportedPreview} preview */
function renderInboxLine({ from, subject, preheader, letterLanguage }) {
  const name = from.replace(/\s*<[^>]*>\s*$/, "").replace(/^"|"$/g, "") || from;
  const initial = ([...name][0] || "?").toUpperCase();
  const phrase = { lang: letterLanguage };
  return createElement(
    "div",
    { className: "inbox" },
    createElement("span", { className: "initial", "aria-hidden": "true" }, initial),
    createElement("p", { className: "sender", ...phrase }, name),
    createElement("p", { className: "when" }, translate("now")),
    createElement("p", { className: "subject", ...phrase }, subject || translate("noSubject")),
    createElement("p", { className: "preheader", ...phrase }, preheader),
  );
}

/** @param {[name: string, value: string][]} rows */
function renderTable(rows) {
  return createElement(
    "table",
    { className: "headers" },
    createElement(
      "thead",
      {},
      createElement(
        "tr",
        {},
        createElement("th", { scope: "col" }, translate("name")),
        createElement("th", { scope: "col" }, translate("value")),
      ),
    ),
    createElement(
      "tbody",
      {},
      ...rows.map(([name, value]) =>
        createElement(
          "tr",
          {},
          createElement("th", { scope: "row" }, name),
          createElement("td", {}, value),
        ),
      ),
    ),
  );
}
