// The tools above the letter: undo, redo, the subscriber it is shown to, a test.

import { createElement, findClosest, getById, translate } from "../dom.js";
import { fetchJson } from "../requests.js";
import { getParameter, setParameter } from "../url_state.js";
import { createButton, openDialog } from "./dialog.js";
import { isWriting } from "./part_editor.js";
import { openSearchDialog } from "./search_dialog.js";
import { onStateChange, postJson, redo, undo } from "./session.js";

let address = "";

/** @param {() => void} refresh */
export function initToolbar(refresh) {
  const undoButton = /** @type {HTMLButtonElement} */ (getById("undo"));
  const redoButton = /** @type {HTMLButtonElement} */ (getById("redo"));
  const testButton = /** @type {HTMLButtonElement} */ (getById("test"));
  undoButton.onclick = () => undo();
  redoButton.onclick = () => redo();
  labelButton(undoButton, "undo", null);
  labelButton(redoButton, "redo", null);
  onStateChange((state) => {
    labelButton(undoButton, "undo", state?.undo);
    labelButton(redoButton, "redo", state?.redo);
    testButton.disabled = !state;
  });
  document.addEventListener("keydown", (event) => {
    const button = findShortcut(event, undoButton, redoButton);
    if (!button) return;
    event.preventDefault();
    if (button.ariaDisabled !== "true") button.click();
  });
  getById("reader").onclick = () => chooseSubscriber(refresh);
  testButton.onclick = openTestDialog;
}

/**
 * Return the button that Ctrl + Z, Ctrl + Shift + Z or Ctrl + Y stands for.
 * @param {KeyboardEvent} event
 * @param {HTMLButtonElement} undoButton
 * @param {HTMLButtonElement} redoButton
 */
function findShortcut(event, undoButton, redoButton) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isWriting()) return null;
  if (findClosest(event, "input, textarea, dialog")) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? redoButton : undoButton;
  return key === "y" ? redoButton : null;
}

/**
 * A button that is switched off keeps the focus: it is only said to be (aria-disabled).
 * @param {HTMLButtonElement} button
 * @param {"undo" | "redo"} key
 * @param {string | null | undefined} what
 */
function labelButton(button, key, what) {
  const text = what ? translate(`${key}What`, { what }) : translate(key);
  button.disabled = false;
  button.ariaLabel = text;
  button.title = text;
  button.ariaDisabled = String(!what);
}

/** @param {string} email */
export function showSubscriber(email) {
  getById("reader").textContent = getParameter("reader")
    ? translate("readerNow", { email })
    : translate("readerMadeUp");
}

/** @param {() => void} refresh */
async function chooseSubscriber(refresh) {
  const found = await openSearchDialog({
    title: translate("chooseReader"),
    label: translate("searchReaders"),
    found: "readersFound",
    none: "noReaders",
    before: [
      () => createElement("p", { className: "soft" }, translate("readerNote")),
      (close) =>
        createElement(
          "div",
          { className: "buttons" },
          createButton(translate("readerMadeUp"), () => close({ id: "" })),
        ),
    ],
    find: (q) => fetchJson("readers", { q }, []),
    row: ({ email, name }) => [
      createElement("strong", {}, email),
      createElement("span", { className: "soft" }, name),
    ],
  });
  if (!found) return;
  setParameter("reader", found.id);
  refresh();
}

function openTestDialog() {
  const field = createElement("input", {
    type: "email",
    value: address,
    autocomplete: "email",
    required: true,
  });
  const status = createElement("p", { role: "status", className: "told" });
  const sendButton = createButton(translate("testSend"), sendTest, "strong");
  const closeButton = createButton(translate("close"), () => dialog.close());
  const dialog = openDialog(
    translate("test"),
    createElement("p", { className: "soft" }, translate("testNote")),
    createElement("label", {}, translate("testTo"), field),
    status,
    createElement("div", { className: "buttons" }, sendButton, closeButton),
  );
  field.addEventListener("keydown", (event) => event.key === "Enter" && sendTest());
  field.focus();

  async function sendTest() {
    if (sendButton.ariaDisabled === "true") return;
    address = field.value;
    sendButton.ariaDisabled = "true";
    status.className = "told";
    status.textContent = translate("testSending");
    const answer = await postJson("test", { address });
    status.textContent = answer.said || answer.problem || translate("failed");
    status.className = `told ${answer.ok ? "good" : "bad"}`;
    sendButton.ariaDisabled = "false";
  }
}
