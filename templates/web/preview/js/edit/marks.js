// Words that came and went, for eyes and ears.

import { make, say } from "../dom.js";

const unseen = (key) => make("span", { className: "hidden" }, ` ${say(key)} `);

export function marked(words) {
  return words.map(([change, text]) => {
    if (change === "same") return text;
    const added = change === "added";
    return make(added ? "ins" : "del", {}, unseen(added ? "wordsAdded" : "wordsRemoved"), text, unseen("wordsEnd"));
  });
}
