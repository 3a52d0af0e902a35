// Two have changed the same place: show both, and let the person choose.

import { make, say } from "../dom.js";
import { button, dialog } from "./dialog.js";
import { marked } from "./marks.js";

// "theirs", an edit to make instead, or null: nothing is decided, and what was written stays open.
export function conflict({ mine, theirs, again, words }) {
  if (mine === null) return misplaced(again);
  const label = make("label", {}, say("conflictMine"));
  const writing = make("textarea", { value: mine, rows: 6 });
  label.append(writing);
  const buttons = make("div", { className: "buttons" });
  const shown = dialog(
    say("conflict"),
    make("p", {}, say(theirs === null ? "conflictGone" : "conflictWhy")),
    make(
      "div",
      { className: "two" },
      label,
      theirs === null ? null : make("div", {}, make("h3", {}, say("conflictTheirs")), make("div", { className: "theirs", tabIndex: 0 }, theirs || say("empty"))),
    ),
    theirs === null ? null : make("div", { className: "words" }, make("h3", {}, say("conflictWords")), make("p", {}, ...marked(words))),
    buttons,
  );
  shown.box.classList.add("wide");
  if (again) {
    buttons.append(button(say("keepMine"), () => shown.close({ ...again, text: writing.value }), "strong"));
    buttons.append(button(say("keepTheirs"), () => shown.close("theirs")));
  } else buttons.append(button(say("close"), () => shown.close("theirs"), "strong"));
  writing.focus();
  return shown.settled;
}

function misplaced(again) {
  const buttons = make("div", { className: "buttons" });
  const shown = dialog(say("conflict"), make("p", {}, say("conflictMove")), buttons);
  if (again) buttons.append(button(say("doAgain"), () => shown.close(again), "strong"));
  buttons.append(button(say("leave"), () => shown.close("theirs")));
  buttons.firstElementChild.focus();
  return shown.settled;
}

export async function undoConflict({ words }) {
  const buttons = make("div", { className: "buttons" });
  const shown = dialog(
    say("conflict"),
    make("p", {}, say("undoConflict")),
    make("div", { className: "words tall", tabIndex: 0 }, make("p", {}, ...marked(words, 160))),
    buttons,
  );
  shown.box.classList.add("wide");
  buttons.append(
    button(say("undoAnyway"), () => shown.close("force"), "strong"),
    button(say("leave"), () => shown.close()),
  );
  buttons.lastElementChild.focus();
  return (await shown.settled) === "force";
}
