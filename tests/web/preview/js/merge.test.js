// An edit by a button is made on the version whose places the person has seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chooseVersion,
  getTeaserKey,
  serializeOrder,
} from "../../../../templates/web/preview/js/edit/merge.js";

/** @param {string} title */
const own = (title) => ({ post: null, url: null, title });

/** @param {string} post */
const posted = (post) => ({ post, url: `https://blogg.example.org/${post}/`, title: post });

/**
 * @param {string} version
 * @param {...ReturnType<typeof own | typeof posted>[]} sections
 */
const makeState = (version, ...sections) => ({
  version,
  sections: sections.map((teasers) => ({ teasers })),
});

test("a teaser's key is its post, else its address, else its title", () => {
  assert.equal(getTeaserKey({ post: "p1", url: "https://example.org/", title: "T" }), "p1");
  assert.equal(
    getTeaserKey({ post: null, url: "https://example.org/", title: "T" }),
    "https://example.org/",
  );
  assert.equal(getTeaserKey({ post: null, url: null, title: "T" }), "T");
});

const seen = makeState("v1", [posted("a"), posted("b")], [own("c")]);
const cases = [
  { name: "nothing changed", current: makeState("v1", [posted("a"), posted("b")], [own("c")]) },
  { name: "a text changed", current: makeState("v2", [posted("a"), posted("b")], [own("c")]) },
];
for (const { name, current } of cases) {
  test(`${name}: the newest version is edited`, () => {
    assert.equal(chooseVersion(seen, current), current.version);
  });
}

const moved = {
  "two teasers changed places": makeState("v2", [posted("b"), posted("a")], [own("c")]),
  "a teaser went": makeState("v2", [posted("a")], [own("c")]),
  "a teaser came": makeState("v2", [own("x"), posted("a"), posted("b")], [own("c")]),
  "a teaser went into another section": makeState("v2", [posted("a")], [posted("b"), own("c")]),
  "an empty section came": makeState("v2", [], [posted("a"), posted("b")], [own("c")]),
  "a teaser without a post got another title": makeState(
    "v2",
    [posted("a"), posted("b")],
    [own("d")],
  ),
};
for (const [name, current] of Object.entries(moved)) {
  test(`${name}: the version that was seen is edited, and the server merges`, () => {
    assert.equal(chooseVersion(seen, current), "v1");
  });
}

test("a post that got another title is the same teaser", () => {
  const renamed = { ...posted("a"), title: "Another", url: null };
  assert.equal(chooseVersion(seen, makeState("v2", [renamed, posted("b")], [own("c")])), "v2");
});

test("where sections end is part of the order", () => {
  const one = makeState("v1", [own("a"), own("b")]);
  const two = makeState("v1", [own("a")], [own("b")]);
  assert.notEqual(serializeOrder(one), serializeOrder(two));
});
