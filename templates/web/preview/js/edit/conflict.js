// Two have changed the same place: show both, and let the person choose.

import { createElement, translate } from "../dom.js";
import { createButton, openDialog } from "./dialog.js";
import { renderWordDiff } from "./word_diff.js";

/** @typedef {import("../types.js").Conflict} Conflict */
/** @typedef {import("../types.js").Edit} Edit */

// Characters of what is the same that stand around a change.
const CONTEXT_CHARS = 160;

/**
 * Resolve to "theirs", an edit to make instead, or null: nothing is decided, and what was written
 * stays open.
 * @param {Conflict} conflict
 * @returns {Promise<"theirs" | Edit | null>}
 */
export function resolveConflict({ mine, theirs, again, words }) {
  if (mine === null) return resolvePlaceConflict(again);
  const field = createElement("textarea", { value: mine, rows: 6 });
  const buttons = createElement("div", { className: "buttons" });
  const dialog = openDialog(
    translate("conflict"),
    createElement("p", {}, translate(theirs === null ? "conflictGone" : "conflictWhy")),
    createElement(
      "div",
      { className: "two" },
      createElement("label", {}, translate("conflictMine"), field),
      theirs === null ? null : renderTheirs(theirs),
    ),
    theirs === null ? null : renderDifference(words),
    buttons,
  );
  dialog.box.classList.add("wide");
  if (again) {
    const keepMine = () => dialog.close({ ...again, text: field.value });
    buttons.append(
      createButton(translate("keepMine"), keepMine, "strong"),
      createButton(translate("keepTheirs"), () => dialog.close("theirs")),
    );
  } else {
    buttons.append(createButton(translate("close"), () => dialog.close("theirs"), "strong"));
  }
  field.focus();
  return dialog.settled;
}

/** @param {string} theirs */
function renderTheirs(theirs) {
  return createElement(
    "div",
    {},
    createElement("h3", {}, translate("conflictTheirs")),
    createElement("div", { className: "theirs", tabIndex: 0 }, theirs || translate("empty")),
  );
}

/** @param {import("../types.js").DiffRun[]} words */
function renderDifference(words) {
  return createElement(
    "div",
    { className: "words" },
    createElement("h3", {}, translate("conflictWords")),
    createElement("p", {}, ...renderWordDiff(words)),
  );
}

/**
 * @param {Edit | null} again
 * @returns {Promise<"theirs" | Edit | null>}
 */
function resolvePlaceConflict(again) {
  const buttons = createElement("div", { className: "buttons" });
  const dialog = openDialog(
    translate("conflict"),
    createElement("p", {}, translate("conflictMove")),
    buttons,
  );
  if (again) {
    buttons.append(createButton(translate("doAgain"), () => dialog.close(again), "strong"));
  }
  buttons.append(createButton(translate("leave"), () => dialog.close("theirs")));
  buttons.querySelector("button")?.focus();
  return dialog.settled;
}

/**
 * Ask whether an undo may take back what somebody else has changed since.
 * @param {Conflict} conflict
 * @returns {Promise<boolean>}
 */
export async function confirmForcedUndo({ words }) {
  const buttons = createElement("div", { className: "buttons" });
  const dialog = openDialog(
    translate("conflict"),
    createElement("p", {}, translate("undoConflict")),
    createElement(
      "div",
      { className: "words tall", tabIndex: 0 },
      createElement("p", {}, ...renderWordDiff(words, CONTEXT_CHARS)),
    ),
    buttons,
  );
  dialog.box.classList.add("wide");
  const leave = createButton(translate("leave"), () => dialog.close());
  buttons.append(
    createButton(translate("undoAnyway"), () => dialog.close("force"), "strong"),
    leave,
  );
  leave.focus();
  return (await dialog.settled) === "force";
}
