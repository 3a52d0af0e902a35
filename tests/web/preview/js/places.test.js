// Where a teaser goes by one step, and how gaps are counted.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adjustForRemoval,
  findNextPlace,
  parsePlace,
} from "../../../../templates/web/preview/js/edit/places.js";

/** @typedef {[number, number]} Place */

/** @param {...number} counts */
const sections = (...counts) => counts.map((count) => ({ teasers: Array(count).fill("teaser") }));

/** @type {[string, Place, number, number[], Place | null][]} */
const steps = [
  ["up within a section", [0, 2], -1, [3], [0, 1]],
  ["down within a section", [0, 0], 1, [3], [0, 1]],
  ["the first of all can't go up", [0, 0], -1, [3, 2], null],
  ["the last of all can't go down", [1, 1], 1, [3, 2], null],
  ["up over the edge: to the end of the section before", [1, 0], -1, [3, 2], [0, 3]],
  ["down over the edge: to the start of the next section", [0, 2], 1, [3, 2], [1, 0]],
  ["up into an empty section", [1, 0], -1, [0, 2], [0, 0]],
  ["down into an empty section", [0, 0], 1, [1, 0], [1, 0]],
];
for (const [name, at, by, counts, expected] of steps) {
  test(name, () => assert.deepEqual(findNextPlace(at, by, sections(...counts)), expected));
}

/** @type {[string, Place, Place, Place][]} */
const gaps = [
  ["a gap before the teaser stays", [0, 2], [0, 1], [0, 1]],
  ["the gap right before it is its own place", [0, 2], [0, 2], [0, 2]],
  ["the gap right after it is its own place, too", [0, 2], [0, 3], [0, 2]],
  ["a gap after it is one less without it", [0, 0], [0, 3], [0, 2]],
  ["another section isn't counted anew", [0, 0], [1, 3], [1, 3]],
];
for (const [name, at, gap, expected] of gaps) {
  test(name, () => assert.deepEqual(adjustForRemoval(at, gap), expected));
}

test("a place is read as it is written on the sheet", () => {
  assert.deepEqual(parsePlace(String([1, 12])), [1, 12]);
});
