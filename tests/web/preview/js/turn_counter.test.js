// Answers come in another order than they were asked for: only the newest one's counts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TurnCounter } from "../../../../templates/web/preview/js/turn_counter.js";

test("the first turn is the newest while it is alone", () => {
  const isNewest = new TurnCounter().begin();
  assert.equal(isNewest(), true);
  assert.equal(isNewest(), true);
});

test("a turn that begins later makes an older one's answer worthless", () => {
  const turns = new TurnCounter();
  const isFirstNewest = turns.begin();
  const isSecondNewest = turns.begin();
  assert.equal(isFirstNewest(), false);
  assert.equal(isSecondNewest(), true);
});

test("an old turn stays old, whatever is asked of the others", () => {
  const turns = new TurnCounter();
  const all = [turns.begin(), turns.begin(), turns.begin()];
  assert.deepEqual(
    all.map((isNewest) => isNewest()),
    [false, false, true],
  );
  assert.equal(all[0](), false);
});

test("two counters know nothing of each other", () => {
  const isNewest = new TurnCounter().begin();
  new TurnCounter().begin();
  assert.equal(isNewest(), true);
});

test("the slower answer of an older request is dropped", async () => {
  const turns = new TurnCounter();
  /** @type {string[]} */
  const shown = [];
  /** @type {(() => void)[]} */
  const answers = [];
  const ask = async (/** @type {string} */ words) => {
    const isNewest = turns.begin();
    await new Promise((resolve) => answers.push(() => resolve(undefined)));
    if (isNewest()) shown.push(words);
  };
  const both = [ask("old"), ask("new")];
  answers[1]();
  answers[0]();
  await Promise.all(both);
  assert.deepEqual(shown, ["new"]);
});
