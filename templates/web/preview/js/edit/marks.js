// Words that came and went, for eyes and ears.

import { make, say } from "../dom.js";

const unseen = (key) => make("span", { className: "hidden" }, ` ${say(key)} `);

// `around`: so many characters of what is the same stand before and after a change; all of it, if left out.
export function marked(words, around = Infinity) {
  return words.map(([change, text], number) => {
    if (change === "same") return around === Infinity ? text : shortened(text, number > 0 ? around : 0, number < words.length - 1 ? around : 0);
    const added = change === "added";
    return make(added ? "ins" : "del", {}, unseen(added ? "wordsAdded" : "wordsRemoved"), text, unseen("wordsEnd"));
  });
}

function shortened(text, before, after) {
  if (text.length <= before + after + 40) return text;
  return `${text.slice(0, before)} … ${after ? text.slice(-after) : ""}`;
}
