// An issue as it can be changed, and the way to change it: every change names the version of the file that it was made on.

import { say } from "../dom.js";
import { announce } from "./announce.js";
import { conflict, undoConflict } from "./conflict.js";

const listeners = [];
// `latest` is the file as we last heard of it, `state` what the sheet shows: places on the sheet are places in that one. While
// somebody writes or drags, the sheet stays as it is, and an edit is made on what she sees.
export const session = { issue: null, state: null, latest: null };

export const whenChanged = (listener) => listeners.push(listener);

let asked = 0;
let changed = 0;

// What an edit has made of the file.
function made(state) {
  changed += 1;
  show(state);
}

function show(state) {
  session.latest = state;
  for (const listener of listeners) listener(state);
}

export async function load(issue) {
  const turn = ++asked;
  const before = changed;
  const answer = issue ? await fetch(`editing?${new URLSearchParams({ issue })}`).catch(() => null) : null;
  const state = answer?.ok ? await answer.json().catch(() => null) : null;
  if (turn !== asked) return;
  // Whether this or the edit that came meanwhile is newer can't be told: ask again.
  if (before !== changed) return load(issue);
  session.issue = issue;
  show(state);
}

export async function post(path, value) {
  const body = JSON.stringify({ issue: session.issue, ...value });
  const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body }).catch(() => null);
  const told = answer ? await answer.json().catch(() => ({})) : {};
  return { ok: Boolean(answer?.ok), status: answer?.status || 0, ...told };
}

// Make an edit; true: it is in the file, or the person has settled what is to stand there. `settled` is called then, before
// the answer is drawn; until then what is being written stays as it is, whatever comes from elsewhere.
export async function send(edit, { version = session.state?.version, said, settled = () => {} } = {}) {
  const told = await post("edit", { version, edit });
  if (told.ok) {
    settled();
    made(told.state);
    announce(said || told.said);
    return true;
  }
  if (told.status !== 409) {
    announce(told.problem || say("failed"), { bad: true });
    return false;
  }
  const chosen = await conflict(told.conflict);
  if (chosen === "theirs") {
    settled();
    made(told.state);
    return true;
  }
  return chosen ? send(chosen, { version: told.state.version, settled }) : false;
}

async function step(path, done, { force = false } = {}) {
  const told = await post(path, { force });
  if (told.ok) {
    made(told.state);
    announce(say(done, { what: told.said }));
  } else if (told.status === 409) {
    if (await undoConflict(told.conflict)) await step(path, done, { force: true });
  } else announce(told.problem || say("failed"), { bad: true });
}

export const undo = () => step("undo", "undone");
export const redo = () => step("redo", "redone");
