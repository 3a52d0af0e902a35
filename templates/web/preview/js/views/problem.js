// Instead of a view: why the issue can't be drawn, where, and that it heals by itself.

import { make, say } from "../dom.js";

export function problem({ message, line, lines }) {
  const place = lines.length
    ? make(
        "ol",
        { className: "excerpt", tabIndex: 0, start: lines[0].number },
        ...lines.map((one) => make("li", { className: one.marked ? "marked" : "", value: one.number }, make("code", {}, one.text || " "))),
      )
    : null;
  return make(
    "section",
    { className: "problem", role: "alert" },
    make("p", { className: "sign", "aria-hidden": "true" }, "!"),
    make("h2", {}, say("cantDraw")),
    ...message.split("\n").map((sentence) => make("p", { className: "message" }, sentence)),
    line ? make("p", { className: "place" }, say("line", { line })) : null,
    place,
    make("p", { className: "heals" }, say("heals")),
  );
}

export function nothing() {
  return make(
    "section",
    { className: "problem calm" },
    make("h2", {}, say("noIssues")),
    make("p", { className: "message" }, say("composeFirst")),
  );
}
