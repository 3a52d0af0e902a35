// The view where the issue is changed: its parts as a sheet, the letter beside it.

import { make, say } from "../dom.js";
import { add } from "../edit/adding.js";
import { dragging, step } from "../edit/order.js";
import { layout } from "../edit/layout.js";
import { part } from "../edit/part.js";
import { session, whenChanged } from "../edit/session.js";
import { target } from "../edit/target.js";
import { keyOf, teaser } from "../edit/teaser.js";
import { act, focusOn, isWriting, openPart } from "../edit/writing.js";
import { Frame } from "../frame.js";

const WIDTH = 640;
const POINT = "h1,h2,h3,h4,p,li,img{cursor:text}h1:hover,h2:hover,h3:hover,p:hover,img:hover{outline:2px dashed #d97706;outline-offset:3px}";
let current = null;
whenChanged(() => current?.());
document.addEventListener("sheet:stale", () => current?.());

export function edit() {
  const sheet = make("section", { className: "editor", ariaLabel: say("sheet") });
  const frame = new Frame({ label: say("letterLive"), width: WIDTH });
  const row = make("div", { className: "editing" }, sheet, frame.element);
  const fit = new ResizeObserver(() => frame.screen.style.setProperty("--scale", Math.min(1, frame.element.clientWidth / WIDTH)));
  frame.screen.style.setProperty("--width", WIDTH);
  frame.onready = ({ document: letter }) => {
    letter.head?.append(make("style", {}, POINT));
    letter.addEventListener("click", (event) => point(event));
  };

  function point(event) {
    const found = session.state && !session.state.locked && event.target.closest && target(event.target, session.state);
    if (event.target.closest?.("a") || found) event.preventDefault();
    if (!found) return;
    const place = sheet.querySelector(`[data-part="${CSS.escape(`${found.name}:${found.at || ""}`)}"]`);
    place?.scrollIntoView({ block: "center" });
    place?.querySelector("button.words")?.click();
  }

  function draw() {
    const state = session.latest;
    if (!state || isWriting() || sheet.dataset.dragging) return;
    session.state = state;
    frame.name(say(state.locked ? "desktop" : "letterLive"));
    const drawn = JSON.stringify([session.issue, state]);
    if (drawn === sheet.drawn && !sheet.querySelector("textarea")) return;
    sheet.drawn = drawn;
    const focused = document.activeElement?.dataset?.focus;
    const inside = sheet.contains(document.activeElement);
    const top = sheet.scrollTop;
    sheet.replaceChildren(
      make("h2", { className: "hidden" }, say("sheet")),
      ...(state.locked ? [make("p", { className: "locked", role: "note" }, state.locked)] : []),
      make(
        "div",
        { className: "card top" },
        ...["subject", "preheader", "title", "intro"].map((name) => part(name, { text: state.parts[name] })),
        make("div", { className: "meta three" }, ...["number", "date", "language"].map((name) => part(name, { text: state.parts[name] }))),
      ),
      ...state.sections.map((one, number) => section(one, number, state)),
      state.locked ? "" : make("button", { type: "button", className: "quiet", onclick: () => addSection(state.sections.length) }, `+ ${say("newSection")}`),
    );
    sheet.scrollTop = top;
    if (inside && focused && document.activeElement?.dataset?.focus !== focused) refocus(focused);
  }

  // What had the focus may be switched off now (the first can't go up), or be gone.
  function refocus(key) {
    const found = sheet.querySelector(`[data-focus="${CSS.escape(key)}"]`);
    if (found && !found.disabled) return found.focus();
    const [name, ...rest] = key.split(":");
    const other = { up: "down", down: "up", shorter: "longer", longer: "shorter", ours: "shorter" }[name];
    if (other && focusOn(`${other}:${rest.join(":")}`)) return;
    (found?.closest(".teaser") || sheet).querySelector("button:not(:disabled)")?.focus();
  }

  async function addSection(to) {
    if (await act({ kind: "add-section", to, title: say("sectionNew") })) openPart("section-title", [to, 0]);
  }

  function move(at, by) {
    const to = step(at, by, session.state.sections);
    if (to) act({ kind: "move", at, to });
  }

  function section(one, number, state) {
    const title = one.title || say("sectionUntitled", { number: number + 1 });
    const list = make("ol", { className: "teasers" }, ...one.teasers.map((each, t) => teaser(each, { at: [number, t], sections: state.sections, move })));
    list.dataset.section = number;
    const tool = (name, label, sign, onclick, disabled = false) => {
      const button = make("button", { type: "button", className: "tool icon", ariaLabel: label, title: label, disabled, onclick }, make("span", { "aria-hidden": "true" }, sign));
      button.dataset.focus = `section-${name}:${one.title}`;
      return button;
    };
    const more = make("button", { type: "button", className: "quiet", ariaLabel: say("addPostTo", { title }), onclick: () => add(number, one) }, `+ ${say("addPost")}`);
    more.dataset.focus = `add:${number}`;
    const alone = state.sections.length === 1;
    return make(
      "div",
      { className: "card section", role: "group", ariaLabel: title },
      make(
        "div",
        { className: "section-head" },
        part("section-title", { text: one.title, at: [number, 0], level: 3 }),
        ...(state.locked ? [] : [layout(one, number)]),
        ...(alone || state.locked
          ? []
          : [
              tool("up", say("moveUp", { title }), "↑", () => act({ kind: "move-section", at: number, to: number - 1 }), number === 0),
              tool("down", say("moveDown", { title }), "↓", () => act({ kind: "move-section", at: number, to: number + 1 }), number === state.sections.length - 1),
              tool("remove", say("remove", { title }), "✕", () => act({ kind: "remove-section", at: number })),
            ]),
      ),
      part("section-text", { text: one.text, at: [number, 0], className: one.text ? "" : "optional" }),
      one.teasers.length ? null : make("p", { className: "soft" }, say("sectionEmpty")),
      list,
      state.locked ? null : more,
    );
  }

  sheet.addEventListener("keydown", (event) => {
    const box = event.target.closest?.(".teaser");
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !box || !by || isWriting() || session.state.locked) return;
    event.preventDefault();
    move(box.dataset.at.split(",").map(Number), by);
  });
  sheet.addEventListener("focusin", (event) => {
    const box = event.target.closest(".teaser, .section");
    const [s, t] = (box?.dataset.at || box?.querySelector(".teasers")?.dataset.section || "").split(",");
    const section = session.state?.sections[s];
    const one = t === undefined ? section : section?.teasers[t];
    if (one) frame.follow(one.title);
  });
  dragging(sheet);

  return {
    element: row,
    opened() {
      current = draw;
      fit.observe(frame.element);
      draw();
    },
    closed() {
      fit.disconnect();
      if (current === draw) current = null;
    },
    update({ issue, version }) {
      current = draw;
      draw();
      return frame.element.checkVisibility() ? frame.show(issue, version) : null;
    },
    find(words) {
      const found = session.state && [...session.state.sections.flatMap(({ teasers }) => teasers)].find(({ title }) => title === words);
      const box = found && sheet.querySelector(`[data-key="${CSS.escape(keyOf(found))}"]`);
      const place = box || sheet.querySelector(`[data-part="${CSS.escape(`${words}:`)}"]`);
      place?.scrollIntoView({ block: "center" });
      place?.querySelector(".words")?.focus();
      return Boolean(place);
    },
    holds(words) {
      const state = session.state;
      return Boolean(state) && (words in state.parts || state.sections.some(({ teasers }) => teasers.some(({ title }) => title === words)));
    },
  };
}
