// The tools above the letter: undo, redo, the reader it is shown to, a test.

import { choose, chosen } from "../address.js";
import { byId, make, say } from "../dom.js";
import { button, dialog } from "./dialog.js";
import { isWriting } from "./writing.js";
import { search } from "./search.js";
import { post, redo, undo, whenChanged } from "./session.js";

let address = "";

export function tools(refresh) {
  const back = byId("undo");
  const again = byId("redo");
  back.onclick = () => undo();
  again.onclick = () => redo();
  name(back, "undo", null);
  name(again, "redo", null);
  whenChanged((state) => {
    name(back, "undo", state?.undo);
    name(again, "redo", state?.redo);
    byId("test").disabled = !state;
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isWriting() || event.target.closest?.("input, textarea, dialog")) return;
    const key = event.key.toLowerCase();
    const way = key === "z" ? (event.shiftKey ? again : back) : key === "y" ? again : null;
    if (!way) return;
    event.preventDefault();
    if (way.ariaDisabled !== "true") way.click();
  });
  byId("reader").onclick = () => reader(refresh);
  byId("test").onclick = test;
}

// A button that is switched off keeps the focus: it is only told so.
function name(button_, key, what) {
  const text = what ? say(`${key}What`, { what }) : say(key);
  button_.disabled = false;
  button_.ariaLabel = text;
  button_.title = text;
  button_.ariaDisabled = String(!what);
}

export function showReader(email) {
  byId("reader").textContent = chosen("reader") ? say("readerNow", { email }) : say("readerMadeUp");
}

async function reader(refresh) {
  const found = await search({
    title: say("chooseReader"),
    label: say("searchReaders"),
    found: "readersFound",
    none: "noReaders",
    before: [
      () => make("p", { className: "soft" }, say("readerNote")),
      (close) => make("div", { className: "buttons" }, button(say("readerMadeUp"), () => close({ id: "" }))),
    ],
    find: async (q) => {
      const answer = await fetch(`readers?${new URLSearchParams({ q })}`).catch(() => null);
      return answer?.ok ? answer.json() : [];
    },
    row: ({ email, name: called }) => [make("strong", {}, email), make("span", { className: "soft" }, called)],
  });
  if (!found) return;
  choose("reader", found.id);
  refresh();
}

function test() {
  const field = make("input", { type: "email", value: address, autocomplete: "email", required: true });
  const told = make("p", { role: "status", className: "told" });
  const go = button(say("testSend"), send, "strong");
  const shown = dialog(
    say("test"),
    make("p", { className: "soft" }, say("testNote")),
    make("label", {}, say("testTo"), field),
    told,
    make("div", { className: "buttons" }, go, button(say("close"), () => shown.close())),
  );
  field.addEventListener("keydown", (event) => event.key === "Enter" && send());
  field.focus();

  async function send() {
    if (go.ariaDisabled === "true") return;
    address = field.value;
    go.ariaDisabled = "true";
    told.className = "told";
    told.textContent = say("testSending");
    const answer = await post("test", { address });
    told.textContent = answer.said || answer.problem || say("failed");
    told.className = `told ${answer.ok ? "good" : "bad"}`;
    go.ariaDisabled = "false";
  }
}
