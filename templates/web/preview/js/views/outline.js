// What a screen reader says of the letter, in reading order.

import { chosen } from "../address.js";
import { make, say } from "../dom.js";

export function outline() {
  const box = make("div", { className: "sheet padded heard" });
  let asked = 0;
  return {
    element: box,
    opened() {},
    closed() {},
    async update({ issue, version, letterLanguage }) {
      const turn = ++asked;
      const answer = await fetch(`outline?${new URLSearchParams({ issue, version, reader: chosen("reader") })}`).catch(() => null);
      const heard = answer?.ok ? await answer.json() : [];
      if (turn !== asked) return;
      box.replaceChildren(make("h2", {}, say("heard")), make("ol", {}, ...heard.map((one) => row(one, letterLanguage))));
    },
  };
}

function row({ kind, text, level, url, language }, spoken) {
  return make(
    "li",
    { className: `${kind}${level ? ` level-${level}` : ""}` },
    make("span", { className: "kind" }, say(kind, { level })),
    make("span", { className: "spoken", lang: kind === "landmark" ? "" : language || spoken }, text || "–"),
    url && kind === "heading" ? make("span", { className: "kind" }, say("link")) : null,
    kind === "unnamed" ? make("span", { className: "soft" }, say("unnamedWhy")) : null,
  );
}
