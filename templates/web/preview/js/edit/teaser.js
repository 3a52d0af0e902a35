// A teaser: its texts, where it stands, and how long it is.

import { createElement, translate } from "../dom.js";
import { getTeaserKey } from "./merge.js";
import { createPart } from "./part.js";
import { saveThenEdit } from "./part_editor.js";
import { session } from "./session.js";
import { createToolButton } from "./tool_button.js";

/** @typedef {import("../types.js").Place} Place */
/** @typedef {import("../types.js").Section} Section */
/** @typedef {import("../types.js").Teaser} Teaser */

/**
 * What the tools of a teaser need.
 * @typedef {object} TeaserPlace
 * @property {Place} at
 * @property {Section[]} sections
 * @property {(at: Place, by: number) => void} move
 */

/**
 * @param {Teaser} teaser
 * @param {TeaserPlace} place
 */
export function createTeaser(teaser, place) {
  const { at } = place;
  const { title, date, url, summary, picture } = teaser;
  const box = createElement(
    "li",
    { className: "teaser" },
    session.state?.locked ? null : createTeaserTools(teaser, place),
    picture ? createPicture(picture, at) : null,
    createElement(
      "div",
      { className: "texts" },
      createPart("teaser-title", { text: title, at, level: 4 }),
      createElement(
        "div",
        { className: "meta" },
        createPart("teaser-date", { text: date || "", at }),
        createPart("teaser-url", { text: url || "", at }),
      ),
      createPart("summary", { text: summary, at }),
      createLengthButtons(teaser, at),
    ),
  );
  box.dataset.at = String(at);
  box.dataset.key = getTeaserKey(teaser);
  return box;
}

/** @param {Teaser} teaser */
const getShownTitle = (teaser) => teaser.title || translate("noTitle");

/**
 * @param {Teaser} teaser
 * @param {TeaserPlace} place
 */
function createTeaserTools(teaser, { at, sections, move }) {
  const title = getShownTitle(teaser);
  const key = getTeaserKey(teaser);
  const last = sections[at[0]].teasers.length - 1;
  const isFirst = at[0] === 0 && at[1] === 0;
  const isLast = at[0] === sections.length - 1 && at[1] === last;
  return createElement(
    "div",
    { className: "acts" },
    createElement(
      "span",
      { className: "grip", draggable: true, title: translate("drag"), "aria-hidden": "true" },
      "⠿",
    ),
    createToolButton({
      focusKey: `up:${key}`,
      label: translate("moveUp", { title }),
      sign: "↑",
      onclick: () => move(at, -1),
      disabled: isFirst,
    }),
    createToolButton({
      focusKey: `down:${key}`,
      label: translate("moveDown", { title }),
      sign: "↓",
      onclick: () => move(at, 1),
      disabled: isLast,
    }),
    sections.length > 1 ? createSectionSelect(teaser, at, sections) : null,
    createToolButton({
      focusKey: `remove:${key}`,
      label: translate("remove", { title }),
      sign: "✕",
      onclick: () => saveThenEdit({ kind: "remove", at }),
    }),
  );
}

/**
 * @param {import("../types.js").Picture} picture
 * @param {Place} at
 */
function createPicture({ key, alt, decorative }, at) {
  const image = createElement("img", {
    src: `picture/${key}`,
    alt: "",
    className: "thumb",
    draggable: false,
  });
  image.onerror = () => image.classList.add("missing");
  const part = createPart("alt", { text: alt || "", at, decorative });
  return createElement("div", { className: "pictured" }, image, part);
}

/**
 * @param {Teaser} teaser
 * @param {Place} at
 * @param {Section[]} sections
 */
function createSectionSelect(teaser, at, sections) {
  const options = sections.map((section, number) =>
    createElement(
      "option",
      { value: number, disabled: number === at[0] },
      section.title || translate("sectionUntitled", { number: number + 1 }),
    ),
  );
  const select = createElement(
    "select",
    { className: "tool", ariaLabel: translate("moveTo", { title: getShownTitle(teaser) }) },
    createElement("option", { value: "" }, translate("moveToShort")),
    ...options,
  );
  select.dataset.focus = `to:${getTeaserKey(teaser)}`;
  select.addEventListener("change", () => {
    const to = Number(select.value);
    saveThenEdit({ kind: "move", at, to: [to, sections[to].teasers.length] });
  });
  return select;
}

/**
 * @param {Teaser} teaser
 * @param {Place} at
 */
function createLengthButtons(teaser, at) {
  const { words, why, shorter, longer, ours } = teaser;
  const isLocked = Boolean(session.state?.locked);
  return createElement(
    "div",
    { className: "length" },
    createElement("span", { className: "why" }, `${translate("words", { count: words })} · ${why}`),
    shorter && !isLocked ? createChangeButton("shorter", teaser, at, shorter) : null,
    longer && !isLocked ? createChangeButton("longer", teaser, at, longer) : null,
    ours && !isLocked ? createChangeButton("ours", teaser, at) : null,
  );
}

/**
 * @param {"shorter" | "longer" | "ours"} kind
 * @param {Teaser} teaser
 * @param {Place} at
 * @param {number} [count]
 */
function createChangeButton(kind, teaser, at, count) {
  const ariaLabel = translate(`${kind}What`, { title: getShownTitle(teaser), count });
  const onclick = () => saveThenEdit({ kind, at });
  const button = createElement(
    "button",
    { type: "button", className: "quiet small", ariaLabel, onclick },
    translate(kind),
  );
  if (count) button.append(createElement("span", { className: "soft" }, ` ${count}`));
  button.dataset.focus = `${kind}:${getTeaserKey(teaser)}`;
  return button;
}
