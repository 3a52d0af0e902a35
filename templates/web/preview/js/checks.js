// What the checks have found, and the letter in figures.

import { byId, make, say } from "./dom.js";

const SIGNS = { error: "✕", warning: "!", note: "i" };

export function showChecks({ checks = [], passed = [], summary = "", facts = [], problem }, view) {
  byId("checks-summary").textContent = summary;
  const found = problem ? [{ level: "error", name: say("error"), message: problem.message, code: "" }] : checks;
  byId("checks").replaceChildren(...(found.length ? found.map((check) => finding(check, view)) : [good()]));
  byId("passed").replaceChildren(...passed.map((name) => make("li", {}, make("span", { "aria-hidden": "true" }, "✓"), name)));
  byId("passed").hidden = byId("passed-title").hidden = !passed.length;
  byId("facts").replaceChildren(...facts.map(figure));
}

function finding({ level, name, code, message, where }, view) {
  const canShow = where && view?.holds?.(where);
  const place = canShow
    ? make("button", { type: "button", className: "where", ariaLabel: say("show", { place: where }), onclick: () => view.find(where) }, where)
    : where && make("span", { className: "where" }, where);
  return make(
    "li",
    { className: level },
    make("span", { className: "sign", "aria-hidden": "true" }, SIGNS[level]),
    make("p", {}, make("strong", {}, name, ": "), message),
    place || null,
    code ? make("code", { className: "code" }, code) : null,
  );
}

function good() {
  return make("li", { className: "good" }, make("span", { className: "sign", "aria-hidden": "true" }, "✓"), make("p", {}, say("allGood")));
}

function figure({ label, value, share }) {
  const words = make("dd", {}, value);
  if (share !== undefined) {
    const filled = make("span", { className: share >= 1 ? "over" : share > 0.88 ? "near" : "" });
    filled.style.width = `${Math.round(share * 100)}%`;
    words.append(make("span", { className: "meter", "aria-hidden": "true" }, filled));
  }
  return make("div", { className: share === undefined ? "" : "wide" }, make("dt", {}, label), words);
}
