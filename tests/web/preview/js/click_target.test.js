// A click in the letter opens the part whose words are clicked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findClickedPart } from "../../../../templates/web/preview/js/edit/click_target.js";

/** @param {Partial<import("../../../../templates/web/preview/js/types.js").Teaser>} more */
const makeTeaser = (more) => ({
  title: "",
  url: null,
  date: null,
  summary: "",
  words: 0,
  picture: null,
  post: null,
  why: "",
  shorter: null,
  longer: null,
  ours: false,
  ...more,
});

const state = {
  version: "v1",
  locked: null,
  undo: null,
  redo: null,
  language: "sv",
  layouts: [],
  parts: { title: "Nytt i regionen", intro: "Hej! Det här är *månadens* nyheter." },
  sections: [
    {
      title: "Kultur",
      text: "Allt om [bibliotek](https://example.org/) och museer.",
      layout: "",
      teasers: [
        makeTeaser({
          title: "Söndags\u00adöppet",
          summary: "Fyra **bibliotek** håller öppet alla dagar i veckan från januari.",
          picture: { key: "k1", alt: "", decorative: true },
        }),
        makeTeaser({ title: "Nattbuss", summary: "Linje 42 går på natten." }),
      ],
    },
  ],
};

/**
 * An element of the letter: only `closest` is asked of it.
 * @param {string} tag
 * @param {object} properties
 */
const makeElement = (tag, properties) => ({
  closest: (/** @type {string} */ selector) =>
    selector.split(", ").includes(tag) ? properties : null,
});

/** @type {[string, string, object, object | null][]} */
const cases = [
  [
    "a picture by its key",
    "img",
    { src: "http://127.0.0.1/t/picture/k1" },
    { name: "alt", at: [0, 0] },
  ],
  ["a picture of nobody's", "img", { src: "http://127.0.0.1/t/picture/logo" }, null],
  [
    "a teaser's heading, soft hyphens aside",
    "h3",
    { textContent: " Söndagsöppet " },
    { name: "teaser-title", at: [0, 0] },
  ],
  ["a section's heading", "h2", { textContent: "Kultur" }, { name: "section-title", at: [0, 0] }],
  ["the issue's heading", "h1", { textContent: "Nytt i regionen" }, { name: "title", at: null }],
  ["a heading that nobody wrote", "h2", { textContent: "Okänd" }, null],
  [
    "a summary, its Markdown aside",
    "p",
    { textContent: "Fyra bibliotek håller öppet alla dagar i veckan från januari." },
    { name: "summary", at: [0, 0] },
  ],
  ["the second summary", "td", { textContent: "Linje 42 går" }, { name: "summary", at: [0, 1] }],
  [
    "a section's words, the address of a link aside",
    "p",
    { textContent: "Allt om bibliotek och museer." },
    { name: "section-text", at: [0, 0] },
  ],
  [
    "the introduction",
    "p",
    { textContent: "Det här är månadens nyheter." },
    { name: "intro", at: null },
  ],
  [
    "a title that no heading holds",
    "td",
    { textContent: "Nattbuss" },
    { name: "teaser-title", at: [0, 1] },
  ],
  ["too few words to tell", "p", { textContent: "om" }, null],
  ["nothing that holds words", "hr", {}, null],
];
for (const [name, tag, properties, expected] of cases) {
  test(name, () => {
    const element = /** @type {any} */ (makeElement(tag, properties));
    assert.deepEqual(findClickedPart(element, state), expected);
  });
}
