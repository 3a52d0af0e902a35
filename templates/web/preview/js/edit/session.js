// An issue as it can be changed, and the way to change it: every edit names the version of the file
// that it was made on (optimistic concurrency).

import { translate } from "../dom.js";
import { TurnCounter } from "../turn_counter.js";
import { announce } from "./announce.js";
import { confirmForcedUndo, resolveConflict } from "./conflict.js";

/** @typedef {import("../types.js").EditState} EditState */
/** @typedef {import("../types.js").EditAnswer} EditAnswer */
/** @typedef {import("../types.js").Edit} Edit */

/** @type {((state: EditState | null) => void)[]} */
const listeners = [];

/**
 * `latest` is the file as we last heard of it, `state` what the sheet shows: places on the sheet are
 * places in that one. While somebody writes or drags, the sheet stays as it is, and an edit is made
 * on what they see.
 * @type {{ issue: string | null, state: EditState | null, latest: EditState | null }}
 */
export const session = { issue: null, state: null, latest: null };

/** @param {(state: EditState | null) => void} listener */
export const onStateChange = (listener) => listeners.push(listener);

const turns = new TurnCounter();
let editCount = 0;

/**
 * Show what an edit has made of the file.
 * @param {EditState} state
 */
function applyEditedState(state) {
  editCount += 1;
  setState(state);
}

/** @param {EditState | null} state */
function setState(state) {
  session.latest = state;
  for (const listener of listeners) listener(state);
}

/**
 * @param {string} issue
 * @returns {Promise<void>}
 */
export async function loadState(issue) {
  const isNewest = turns.begin();
  const before = editCount;
  const query = new URLSearchParams({ issue });
  const response = await fetch(`editing?${query}`).catch(() => null);
  const state = response?.ok ? await response.json().catch(() => null) : null;
  if (!isNewest()) return;
  // Whether this or the edit that came meanwhile is newer can't be known: ask again.
  if (before !== editCount) return loadState(issue);
  session.issue = issue;
  setState(state);
}

/**
 * @param {string} path
 * @param {object} value
 * @returns {Promise<EditAnswer>}
 */
export async function postJson(path, value) {
  const body = JSON.stringify({ issue: session.issue, ...value });
  const headers = { "content-type": "application/json" };
  const response = await fetch(path, { method: "POST", headers, body }).catch(() => null);
  const answer = response ? await response.json().catch(() => ({})) : {};
  return { ok: Boolean(response?.ok), status: response?.status || 0, ...answer };
}

/**
 * Make an edit; true: it is in the file, or the person has settled what is to stand there.
 *
 * `onSettled` is called then, before the answer is drawn; until then what is being written stays as
 * it is, whatever comes from elsewhere.
 * @param {Edit} edit
 * @param {{ version?: string, onSettled?: () => void }} options
 * @returns {Promise<boolean>}
 */
export async function sendEdit(edit, { version, onSettled = () => {} } = {}) {
  const answer = await postJson("edit", { version: version ?? session.state?.version, edit });
  if (answer.ok) {
    onSettled();
    applyEditedState(answer.state);
    announce(answer.said);
    return true;
  }
  if (answer.status !== 409) {
    announce(answer.problem || translate("failed"), { bad: true });
    return false;
  }
  const chosen = await resolveConflict(answer.conflict);
  if (chosen === "theirs") {
    onSettled();
    applyEditedState(answer.state);
    return true;
  }
  return chosen ? sendEdit(chosen, { version: answer.state.version, onSettled }) : false;
}

/**
 * @param {"undo" | "redo"} path
 * @param {string} doneMessage
 * @param {{ force?: boolean }} options
 */
async function sendUndoOrRedo(path, doneMessage, { force = false } = {}) {
  const answer = await postJson(path, { force });
  if (answer.ok) {
    applyEditedState(answer.state);
    announce(translate(doneMessage, { what: answer.said }));
  } else if (answer.status === 409) {
    if (await confirmForcedUndo(answer.conflict)) {
      await sendUndoOrRedo(path, doneMessage, { force: true });
    }
  } else announce(answer.problem || translate("failed"), { bad: true });
}

export const undo = () => sendUndoOrRedo("undo", "undone");
export const redo = () => sendUndoOrRedo("redo", "redone");
