// The mail's headers, and how it looks in a list of mails before it is opened.

import { make, say } from "../dom.js";
import { problem } from "./problem.js";

export function headers() {
  const box = make("div", { className: "sheet padded" });
  return {
    element: box,
    opened() {},
    closed() {},
    update() {},
    examined(look) {
      if (look.problem) return box.replaceChildren(problem(look.problem));
      box.replaceChildren(
        make("h2", {}, say("inbox")),
        inbox(look),
        make("h2", {}, say("headersDecoded")),
        table(look.headers),
        make("h2", {}, say("headersRaw")),
        make("pre", { className: "raw", tabIndex: 0 }, look.rawHeaders),
      );
    },
  };
}

function inbox({ from, subject, preheader, letterLanguage }) {
  const name = from.replace(/\s*<[^>]*>\s*$/, "").replace(/^"|"$/g, "") || from;
  const phrase = { lang: letterLanguage };
  return make(
    "div",
    { className: "inbox" },
    make("span", { className: "initial", "aria-hidden": "true" }, ([...name][0] || "?").toUpperCase()),
    make("p", { className: "sender", ...phrase }, name),
    make("p", { className: "when" }, say("now")),
    make("p", { className: "subject", ...phrase }, subject || say("noSubject")),
    make("p", { className: "preheader", ...phrase }, preheader),
  );
}

function table(rows) {
  return make(
    "table",
    { className: "headers" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("name")), make("th", { scope: "col" }, say("value")))),
    make("tbody", {}, ...rows.map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value)))),
  );
}
