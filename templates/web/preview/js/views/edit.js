// The view where the issue is changed: its parts as a sheet, the letter beside it.

import { createElement, findClosest, translate } from "../dom.js";
import { findClickedPart } from "../edit/click_target.js";
import { isWriting } from "../edit/part_editor.js";
import { buildFocusKey } from "../edit/part.js";
import { enableDragging } from "../edit/reorder.js";
import { onStateChange, session } from "../edit/session.js";
import { Sheet, moveTeaser } from "../edit/sheet.js";
import { parsePlace } from "../edit/places.js";
import { LetterFrame } from "../letter_frame.js";

const FRAME_WIDTH_PX = 640;
const CLICKABLE_CSS =
  "h1,h2,h3,h4,p,li,img{cursor:text}" +
  "h1:hover,h2:hover,h3:hover,p:hover,img:hover{outline:2px dashed #d97706;outline-offset:3px}";

/** @type {(() => void) | null} */
let renderCurrent = null;
onStateChange(() => renderCurrent?.());
document.addEventListener("sheet:stale", () => renderCurrent?.());

/** @returns {import("../types.js").View} */
export function createEditView() {
  const sheet = new Sheet();
  const frame = createClickableFrame(sheet);
  const row = createElement("div", { className: "editing" }, sheet.element, frame.element);
  const fit = new ResizeObserver(() => {
    const scale = Math.min(1, frame.element.clientWidth / FRAME_WIDTH_PX);
    frame.screen.style.setProperty("--scale", String(scale));
  });
  enableSheetEvents(sheet.element, frame);

  function render() {
    if (sheet.render()) frame.setLabel(translate(session.state?.locked ? "desktop" : "letterLive"));
  }

  return {
    element: row,
    onOpen() {
      renderCurrent = render;
      fit.observe(frame.element);
      render();
    },
    onClose() {
      fit.disconnect();
      if (renderCurrent === render) renderCurrent = null;
    },
    update({ issue, version }) {
      renderCurrent = render;
      render();
      return frame.element.checkVisibility() ? frame.show(issue, version) : null;
    },
    reveal: (words) => sheet.reveal(words),
    hasText: (words) => sheet.hasText(words),
  };
}

/**
 * Return the letter beside the sheet: a click on it opens the part that is clicked.
 * @param {Sheet} sheet
 */
function createClickableFrame(sheet) {
  const frame = new LetterFrame({ label: translate("letterLive"), width: FRAME_WIDTH_PX });
  frame.screen.style.setProperty("--width", String(FRAME_WIDTH_PX));
  frame.onready = ({ document: letter }) => {
    letter?.head?.append(createElement("style", {}, CLICKABLE_CSS));
    letter?.addEventListener("click", (event) => handleLetterClick(event, sheet));
  };
  return frame;
}

/**
 * @param {MouseEvent} event
 * @param {Sheet} sheet
 */
function handleLetterClick(event, sheet) {
  const state = session.state;
  const element = findClosest(event, "*");
  const found = state && !state.locked && element ? findClickedPart(element, state) : null;
  if (findClosest(event, "a") || found) event.preventDefault();
  if (found) sheet.openPart(buildFocusKey(found.name, found.at));
}

/**
 * Let teasers move by Alt + arrows and by dragging, and the letter follow what has the focus.
 * @param {HTMLElement} sheet
 * @param {LetterFrame} frame
 */
function enableSheetEvents(sheet, frame) {
  sheet.addEventListener("keydown", (event) => {
    const box = findClosest(event, ".teaser");
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || !box?.dataset.at || !by || isWriting() || session.state?.locked) return;
    event.preventDefault();
    moveTeaser(parsePlace(box.dataset.at), by);
  });
  sheet.addEventListener("focusin", (event) => {
    const title = findFocusedTitle(findClosest(event, ".teaser, .section"));
    if (title !== undefined) frame.revealHeading(title);
  });
  enableDragging(sheet);
}

/**
 * Return the title of the teaser or section that a box on the sheet shows.
 * @param {HTMLElement | null} box
 */
function findFocusedTitle(box) {
  const list = /** @type {HTMLElement | null | undefined} */ (box?.querySelector(".teasers"));
  const place = box?.dataset.at || list?.dataset.section;
  if (!place) return undefined;
  const [s, t] = place.split(",").map(Number);
  const section = session.state?.sections[s];
  return t === undefined ? section?.title : section?.teasers[t]?.title;
}
