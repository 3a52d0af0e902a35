// The page: an issue, a view of it, the checks beside it, all drawn again when something changes on disk.

import { choose, chosen } from "./address.js";
import { showChecks } from "./checks.js";
import { byId, make, say } from "./dom.js";
import { load } from "./edit/session.js";
import { showReader, tools } from "./edit/tools.js";
import { finish, isWriting } from "./edit/writing.js";
import { live } from "./live.js";
import { tabs } from "./tabs.js";
import { difference } from "./views/difference.js";
import { edit } from "./views/edit.js";
import { headers } from "./views/headers.js";
import { letter } from "./views/letter.js";
import { outline } from "./views/outline.js";
import { nothing, problem } from "./views/problem.js";
import { source } from "./views/source.js";

const canEdit = "canEdit" in document.body.dataset;
const VIEWS = {
  edit,
  side: () => letter("side"),
  dark: () => letter("dark"),
  inverted: () => letter("inverted"),
  bare: () => letter("bare"),
  text: () => source("text"),
  mjml: () => source("mjml"),
  html: () => source("html"),
  outline,
  difference,
  headers,
};

const stage = byId("stage");
const select = byId("issue");
// How long a mistake in a file must stand before it is told, in milliseconds.
const HALF_SAVED = 250;
let view = null;
let look = null;
let asked = 0;

async function get(path) {
  const answer = await fetch(path).catch(() => null);
  if (answer?.status >= 500) return { problem: { message: say("own"), line: null, lines: [] } };
  return answer?.ok ? answer.json() : null;
}

const query = (issue) => new URLSearchParams({ issue, reader: chosen("reader") });
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// The issue that is shown is asked for at once, and stays the one that is shown: if its file goes, that is told, and when it
// comes back it is shown again.
async function refresh() {
  const turn = ++asked;
  const wanted = chosen("issue") || look?.issue;
  const asking = wanted ? get(`look?${query(wanted)}`) : null;
  if (wanted && canEdit) load(wanted);
  const listed = await get("issues");
  // The preview has ended, or met an error: what is shown stays, and it is told elsewhere.
  if (!listed) return;
  const names = Array.isArray(listed) ? listed : [];
  const issue = wanted || names[0];
  if (issue && !wanted && canEdit) load(issue);
  const answer = wanted ? await asking : issue && (await get(`look?${query(issue)}`));
  const next = answer || (names.length ? { issue, problem: { message: say("gone", { issue }), line: null, lines: [] } } : null);
  // An editor that saves in several steps leaves half a file, or none, for a moment: nobody needs to see that.
  const wasGood = look && !look.problem && look.issue === issue;
  if (wasGood && (!next || next.problem)) await pause(HALF_SAVED);
  if (turn !== asked) return;
  offer(names, issue);
  look = next;
  await draw();
}

function offer(names, issue) {
  const shown = [...select.options].map((option) => option.value);
  if (String(shown) !== String(names)) select.replaceChildren(...names.map((name) => make("option", { value: name }, name)));
  select.value = issue ?? "";
  select.disabled = names.length === 0;
}

async function draw() {
  if (!look || look.problem) return tell();
  if (view.element.parentElement !== stage) {
    stage.replaceChildren(view.element);
    view.opened();
  }
  stage.querySelector(":scope > .problem")?.remove();
  const drawn = look;
  byId("subject").textContent = drawn.subject || say("noSubject");
  if (canEdit) showReader(drawn.reader);
  byId("subject").lang = drawn.letterLanguage;
  document.title = `${drawn.subject || drawn.issue} – newsletter`;
  byId("beside").hidden = false;
  await view.update(drawn);
  if (drawn !== look) return;
  stage.dataset.version = drawn.version;
  stamp(drawn);
  await examine(drawn, view);
}

// What the checks say comes when the letter can be seen; until then the words of before stand.
async function examine(drawn, shown) {
  drawn.report ||= get(`report?${query(drawn.issue)}`);
  const report = await drawn.report;
  if (drawn !== look || shown !== view || !report) return;
  showChecks(report, view);
  view.examined?.({ ...drawn, ...report });
  byId("beside").dataset.version = drawn.version;
}

function tell() {
  const told = look ? problem(look.problem) : nothing();
  stage.querySelector(":scope > .problem")?.remove();
  // Who is writing goes on: the field stays where it is, with the focus in it, and what is wrong is told above.
  if (isWriting()) stage.prepend(told);
  else {
    view.closed();
    stage.replaceChildren(told);
  }
  byId("subject").textContent = look?.issue || "";
  stage.dataset.version = look?.version ?? "";
  document.title = "newsletter";
  byId("beside").hidden = true;
  byId("status").textContent = "";
}

function stamp({ milliseconds }) {
  const time = new Date().toLocaleTimeString(document.documentElement.lang);
  byId("status").replaceChildren(
    make("span", {}, say("updated", { time })),
    make("span", { ariaHidden: "true" }, `, ${say("drawn", { milliseconds })}`),
  );
}

function opened(name) {
  view?.closed();
  view = VIEWS[name]();
  choose("view", name);
  if (look) draw();
}

const open = tabs(document.querySelector('[role="tablist"]'), stage, opened, finish);

// What is being written belongs to the issue that is left: it is saved there first.
select.addEventListener("change", async () => {
  const wanted = select.value;
  if (await finish()) choose("issue", wanted);
  else select.value = look.issue;
  refresh();
});

if (canEdit) tools(refresh);
open(chosen("view"));
live(refresh);
