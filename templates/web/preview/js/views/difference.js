// What is different from the issue before: words that came and went, teasers that are new or gone.

import { make, say } from "../dom.js";
import { marked } from "../edit/marks.js";

export function difference() {
  const box = make("div", { className: "sheet padded difference" });
  let asked = 0;
  return {
    element: box,
    opened() {},
    closed() {},
    async update({ issue, letterLanguage }) {
      const turn = ++asked;
      const answer = await fetch(`difference?${new URLSearchParams({ issue })}`).catch(() => null);
      const found = answer ? await answer.json().catch(() => null) : null;
      if (turn !== asked) return;
      if (!answer?.ok || !found) return box.replaceChildren(make("h2", {}, found?.problem || say("noBefore")));
      box.replaceChildren(
        make("h2", {}, say("differs", { before: found.before })),
        make("dl", { lang: letterLanguage }, ...Object.entries(found.parts).filter(([, words]) => words.length).flatMap(entry)),
        make("ol", { className: "teasers" }, ...found.teasers.map((one) => teaser(one, letterLanguage))),
      );
    },
  };
}

function entry([name, words]) {
  return [make("dt", { lang: document.documentElement.lang }, say(name)), make("dd", {}, ...marked(words))];
}

// All of a new teaser is new: its words needn't be marked one by one.
function teaser({ change, title, summary }, lang) {
  const words = (found) => (change === "changed" ? marked(found) : found.map(([, text]) => text));
  return make(
    "li",
    { className: change },
    make("span", { className: `badge ${change}` }, say(change)),
    make("h3", { lang }, ...words(title)),
    change === "same" ? null : make("p", { lang }, ...words(summary)),
  );
}
