// Instead of a view: why the issue can't be shown, where, and that the page follows once it is mended.

import { createElement, translate } from "../dom.js";

/** @param {import("../types.js").Problem} problem */
export function renderProblem({ message, line, lines }) {
  return createElement(
    "section",
    { className: "problem", role: "alert" },
    createElement("p", { className: "sign", "aria-hidden": "true" }, "!"),
    createElement("h2", {}, translate("cantDraw")),
    ...message
      .split("\n")
      .map((sentence) => createElement("p", { className: "message" }, sentence)),
    line ? createElement("p", { className: "place" }, translate("line", { line })) : null,
    lines.length ? renderExcerpt(lines) : null,
    createElement("p", { className: "heals" }, translate("heals")),
  );
}

/** @param {import("../types.js").Problem["lines"]} lines */
function renderExcerpt(lines) {
  return createElement(
    "ol",
    { className: "excerpt", tabIndex: 0, start: lines[0].number },
    ...lines.map(({ number, text, marked }) =>
      createElement(
        "li",
        { className: marked ? "marked" : "", value: number },
        createElement("code", {}, text || " "),
      ),
    ),
  );
}

export function renderNoIssues() {
  return createElement(
    "section",
    { className: "problem calm" },
    createElement("h2", {}, translate("noIssues")),
    createElement("p", { className: "message" }, translate("composeFirst")),
  );
}
