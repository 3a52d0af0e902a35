// What the checks have found, and the letter in figures.

import { createElement, getById, translate } from "./dom.js";

/** @typedef {import("./types.js").View} View */

const LEVEL_SIGNS = { error: "✕", warning: "!", note: "i" };

/**
 * @param {Partial<import("./types.js").Report>} report
 * @param {View} view
 */
export function showChecks(report, view) {
  const { checks = [], passed = [], summary = "", facts = [], problem } = report;
  getById("checks-summary").textContent = summary;
  /** @type {import("./types.js").Finding[]} */
  const found = problem
    ? [{ level: "error", name: translate("error"), message: problem.message, code: "" }]
    : checks;
  getById("checks").replaceChildren(
    ...(found.length ? found.map((finding) => renderFinding(finding, view)) : [renderAllGood()]),
  );
  const tick = () => createElement("span", { "aria-hidden": "true" }, "✓");
  getById("passed").replaceChildren(...passed.map((name) => createElement("li", {}, tick(), name)));
  getById("passed").hidden = getById("passed-title").hidden = !passed.length;
  getById("facts").replaceChildren(...facts.map(renderFact));
}

/**
 * @param {import("./types.js").Finding} finding
 * @param {View} view
 */
function renderFinding({ level, name, code, message, where }, view) {
  return createElement(
    "li",
    { className: level },
    createElement("span", { className: "sign", "aria-hidden": "true" }, LEVEL_SIGNS[level]),
    createElement("p", {}, createElement("strong", {}, name, ": "), message),
    where ? renderPlace(where, view) : null,
    code ? createElement("code", { className: "code" }, code) : null,
  );
}

/**
 * Return where a finding is: a button where the view can show the place.
 * @param {string} where
 * @param {View} view
 */
function renderPlace(where, view) {
  if (!view.hasText?.(where)) return createElement("span", { className: "where" }, where);
  const ariaLabel = translate("show", { place: where });
  const onclick = () => view.reveal?.(where);
  return createElement("button", { type: "button", className: "where", ariaLabel, onclick }, where);
}

function renderAllGood() {
  return createElement(
    "li",
    { className: "good" },
    createElement("span", { className: "sign", "aria-hidden": "true" }, "✓"),
    createElement("p", {}, translate("allGood")),
  );
}

/** @param {import("./types.js").Fact} fact */
function renderFact({ label, value, share }) {
  const words = createElement("dd", {}, value);
  if (share !== undefined) {
    const className = share >= 1 ? "over" : share > 0.88 ? "near" : "";
    const filled = createElement("span", { className });
    filled.style.width = `${Math.round(share * 100)}%`;
    words.append(createElement("span", { className: "meter", "aria-hidden": "true" }, filled));
  }
  const className = share === undefined ? "" : "wide";
  return createElement("div", { className }, createElement("dt", {}, label), words);
}
