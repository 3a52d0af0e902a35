// The page: an issue, a view of it, the checks beside it, all shown again when a file changes.

import { listenForChanges } from "./change_events.js";
import { showChecks } from "./checks.js";
import { createElement, getById, translate } from "./dom.js";
import { isWriting, saveCurrent } from "./edit/part_editor.js";
import { loadState } from "./edit/session.js";
import { initToolbar, showSubscriber } from "./edit/toolbar.js";
import { createTabs } from "./tabs.js";
import { TurnCounter } from "./turn_counter.js";
import { getParameter, setParameter } from "./url_state.js";
import { createAccessibilityView } from "./views/accessibility.js";
import { createDifferenceView } from "./views/difference.js";
import { createEditView } from "./views/edit.js";
import { createHeadersView } from "./views/headers.js";
import { createLetterView } from "./views/letter.js";
import { renderNoIssues, renderProblem } from "./views/problem.js";
import { createSourceView } from "./views/source.js";

/** @typedef {import("./types.js").Preview} Preview */
/** @typedef {import("./types.js").View} View */

const canEdit = "canEdit" in document.body.dataset;
/** @type {Record<string, () => View>} */
const VIEWS = {
  edit: createEditView,
  side: () => createLetterView("side"),
  dark: () => createLetterView("dark"),
  inverted: () => createLetterView("inverted"),
  bare: () => createLetterView("bare"),
  text: () => createSourceView("text"),
  mjml: () => createSourceView("mjml"),
  html: () => createSourceView("html"),
  outline: createAccessibilityView,
  difference: createDifferenceView,
  headers: createHeadersView,
};

const stage = getById("stage");
const select = /** @type {HTMLSelectElement} */ (getById("issue"));
// How long a mistake in a file must stand before it is shown.
const HALF_SAVED_WAIT_MS = 250;
const turns = new TurnCounter();
/** @type {View} */
let view;
/** @type {Preview | import("./types.js").BrokenPreview | null} */
let preview = null;

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
async function fetchOrProblem(path) {
  const response = await fetch(path).catch(() => null);
  if (response && response.status >= 500) {
    return { problem: { message: translate("own"), line: null, lines: [] } };
  }
  return response?.ok ? response.json() : null;
}

/** @param {string} issue */
const buildQuery = (issue) => new URLSearchParams({ issue, reader: getParameter("reader") });

/** @param {number} milliseconds */
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// The issue that is shown is asked for at once, and stays the one that is shown: if its file goes,
// that is said, and when it comes back it is shown again.
async function refresh() {
  const isNewest = turns.begin();
  const wanted = getParameter("issue") || preview?.issue;
  const asking = wanted ? fetchOrProblem(`look?${buildQuery(wanted)}`) : null;
  if (wanted && canEdit) loadState(wanted);
  const listed = await fetchOrProblem("issues");
  // The preview has ended, or met an error: what is shown stays, and `change_events` says it.
  if (!listed) return;
  const names = Array.isArray(listed) ? listed : [];
  const issue = wanted || names[0];
  if (issue && !wanted && canEdit) loadState(issue);
  const answer = wanted
    ? await asking
    : issue && (await fetchOrProblem(`look?${buildQuery(issue)}`));
  const next = answer || (names.length ? describeGone(issue) : null);
  // An editor that saves in several steps leaves half a file, or none, for a moment: nobody needs
  // to see that.
  const wasGood = preview && !preview.problem && preview.issue === issue;
  if (wasGood && (!next || next.problem)) await sleep(HALF_SAVED_WAIT_MS);
  if (!isNewest()) return;
  showIssueNames(names, issue);
  preview = next;
  await renderView();
}

/** @param {string} issue */
function describeGone(issue) {
  return { issue, problem: { message: translate("gone", { issue }), line: null, lines: [] } };
}

/**
 * @param {string[]} names
 * @param {string | undefined} issue
 */
function showIssueNames(names, issue) {
  const shown = [...select.options].map((option) => option.value);
  if (String(shown) !== String(names)) {
    select.replaceChildren(...names.map((name) => createElement("option", { value: name }, name)));
  }
  select.value = issue ?? "";
  select.disabled = names.length === 0;
}

async function renderView() {
  if (!preview || preview.problem) return showProblem();
  if (view.element.parentElement !== stage) {
    stage.replaceChildren(view.element);
    view.onOpen();
  }
  stage.querySelector(":scope > .problem")?.remove();
  const rendered = preview;
  getById("subject").textContent = rendered.subject || translate("noSubject");
  if (canEdit) showSubscriber(rendered.reader);
  getById("subject").lang = rendered.letterLanguage;
  document.title = `${rendered.subject || rendered.issue} – newsletter`;
  getById("beside").hidden = false;
  await view.update(rendered);
  if (rendered !== preview) return;
  stage.dataset.version = String(rendered.version);
  showTimestamp(rendered);
  await showReport(rendered, view);
}

/**
 * Show what the checks say once they have been run; until then the words of before stand.
 * @param {Preview} rendered
 * @param {View} shown
 */
async function showReport(rendered, shown) {
  rendered.report ||= fetchOrProblem(`report?${buildQuery(rendered.issue)}`);
  const report = await rendered.report;
  if (rendered !== preview || shown !== view || !report) return;
  showChecks(report, view);
  view.onReport?.({ ...rendered, ...report });
  getById("beside").dataset.version = String(rendered.version);
}

function showProblem() {
  const words = preview?.problem ? renderProblem(preview.problem) : renderNoIssues();
  stage.querySelector(":scope > .problem")?.remove();
  // Whoever is writing goes on: the field stays, with the focus in it, and the problem is above.
  if (isWriting()) stage.prepend(words);
  else {
    view.onClose();
    stage.replaceChildren(words);
  }
  getById("subject").textContent = preview?.issue || "";
  stage.dataset.version = String(preview?.version ?? "");
  document.title = "newsletter";
  getById("beside").hidden = true;
  getById("status").textContent = "";
}

/** @param {Preview} rendered */
function showTimestamp({ milliseconds }) {
  const time = new Date().toLocaleTimeString(document.documentElement.lang);
  getById("status").replaceChildren(
    createElement("span", {}, translate("updated", { time })),
    createElement("span", { ariaHidden: "true" }, `, ${translate("drawn", { milliseconds })}`),
  );
}

/** @param {string} name */
function switchView(name) {
  view?.onClose();
  view = VIEWS[name]();
  setParameter("view", name);
  if (preview) renderView();
}

const tabList = /** @type {HTMLElement} */ (document.querySelector('[role="tablist"]'));
const openTab = createTabs(tabList, stage, switchView, saveCurrent);

// What is being written belongs to the issue that is left: it is saved there first.
select.addEventListener("change", async () => {
  const wanted = select.value;
  if (await saveCurrent()) setParameter("issue", wanted);
  else select.value = preview?.issue ?? "";
  refresh();
});

if (canEdit) initToolbar(refresh);
openTab(getParameter("view"));
listenForChanges(refresh);
