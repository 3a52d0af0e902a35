// A teaser: its texts, where it stands, and how long it is.

import { make, say } from "../dom.js";
import { part } from "./part.js";
import { session } from "./session.js";
import { act } from "./writing.js";

export const keyOf = (teaser) => teaser.post || teaser.url || teaser.title;

export function teaser(one, { at, sections, move }) {
  const title = one.title || say("noTitle");
  const key = keyOf(one);
  const box = make(
    "li",
    { className: "teaser" },
    session.state.locked ? null : tools(at, sections, title, key, move),
    one.picture ? picture(one.picture, at) : null,
    make(
      "div",
      { className: "texts" },
      part("teaser-title", { text: one.title, at, level: 4 }),
      make("div", { className: "meta" }, part("teaser-date", { text: one.date || "", at }), part("teaser-url", { text: one.url || "", at })),
      part("summary", { text: one.summary, at }),
      length(one, at, title, key),
    ),
  );
  box.dataset.at = at;
  box.dataset.key = key;
  return box;
}

function tools(at, sections, title, key, move) {
  const last = sections[at[0]].teasers.length - 1;
  const tool = (name, label, sign, onclick, disabled = false) => {
    const button = make("button", { type: "button", className: "tool icon", ariaLabel: label, title: label, disabled, onclick }, make("span", { "aria-hidden": "true" }, sign));
    button.dataset.focus = `${name}:${key}`;
    return button;
  };
  return make(
    "div",
    { className: "acts" },
    make("span", { className: "grip", draggable: true, title: say("drag"), "aria-hidden": "true" }, "⠿"),
    tool("up", say("moveUp", { title }), "↑", () => move(at, -1), at[0] === 0 && at[1] === 0),
    tool("down", say("moveDown", { title }), "↓", () => move(at, 1), at[0] === sections.length - 1 && at[1] === last),
    sections.length > 1 ? elsewhere(at, sections, title, key) : null,
    tool("remove", say("remove", { title }), "✕", () => act({ kind: "remove", at })),
  );
}

function picture({ key, alt, decorative }, at) {
  const shown = make("img", { src: `picture/${key}`, alt: "", className: "thumb", draggable: false });
  shown.onerror = () => shown.classList.add("missing");
  return make("div", { className: "pictured" }, shown, part("alt", { text: alt || "", at, decorative }));
}

function elsewhere(at, sections, title, key) {
  const choose = make(
    "select",
    { className: "tool", ariaLabel: say("moveTo", { title }) },
    make("option", { value: "" }, say("moveToShort")),
    ...sections.map((section, number) => make("option", { value: number, disabled: number === at[0] }, section.title || say("sectionUntitled", { number: number + 1 }))),
  );
  choose.dataset.focus = `to:${key}`;
  choose.addEventListener("change", () => {
    const to = Number(choose.value);
    act({ kind: "move", at, to: [to, sections[to].teasers.length] });
  });
  return choose;
}

function length(one, at, title, key) {
  const change = (kind, count) => {
    const button = make("button", { type: "button", className: "quiet small", ariaLabel: say(`${kind}What`, { title, count }), onclick: () => act({ kind, at }) }, say(kind));
    if (count) button.append(make("span", { className: "soft" }, ` ${count}`));
    button.dataset.focus = `${kind}:${key}`;
    return button;
  };
  return make(
    "div",
    { className: "length" },
    make("span", { className: "why" }, `${say("words", { count: one.words })} · ${one.why}`),
    one.shorter && !session.state.locked ? change("shorter", one.shorter) : null,
    one.longer && !session.state.locked ? change("longer", one.longer) : null,
    one.ours && !session.state.locked ? change("ours") : null,
  );
}
