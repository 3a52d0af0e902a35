// A long text that is the same is shown by its ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { shorten } from "../../../../templates/web/preview/js/edit/shorten.js";

const LONG = `${"a".repeat(100)}${"z".repeat(100)}`;

/** @type {[string, string, number, number, string][]} */
const cases = [
  ["a short text is whole", "words", 2, 2, "words"],
  ["40 characters more than is kept are kept, too", "x".repeat(60), 10, 10, "x".repeat(60)],
  ["one more is cut", "x".repeat(61), 10, 10, `${"x".repeat(10)} … ${"x".repeat(10)}`],
  ["both ends are kept", LONG, 3, 2, "aaa … zz"],
  ["only the beginning", LONG, 3, 0, "aaa … "],
  ["only the end", LONG, 0, 2, " … zz"],
  ["nothing is cut where all may stay", LONG, Infinity, 0, LONG],
];
for (const [name, text, before, after, expected] of cases) {
  test(name, () => assert.equal(shorten(text, before, after), expected));
}
