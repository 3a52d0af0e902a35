// Views that show the letter itself, in one or several frames that scroll together.

import { createElement, translate } from "../dom.js";
import { LetterFrame } from "../letter_frame.js";

const DESKTOP_WIDTH_PX = 680;
const PHONE_WIDTH_PX = 375;

const DESKTOP = { width: DESKTOP_WIDTH_PX };
const PHONE = { width: PHONE_WIDTH_PX, phone: true };
const FRAMES = {
  side: () => [
    { ...DESKTOP, label: translate("desktop") },
    { ...PHONE, label: translate("phone") },
    { ...PHONE, label: translate("phoneDark"), scheme: "dark" },
  ],
  dark: () => [
    { ...DESKTOP, label: translate("desktopDark"), scheme: "dark" },
    { ...PHONE, label: translate("phoneDark"), scheme: "dark" },
    { ...PHONE, label: translate("phoneInverted"), scheme: "inverted" },
  ],
  inverted: () => [
    { ...DESKTOP, label: translate("desktopInverted"), scheme: "inverted" },
    { ...PHONE, label: translate("phoneInverted"), scheme: "inverted" },
  ],
  bare: () => [
    { ...DESKTOP, label: translate("desktopBare"), pictures: "off" },
    { ...PHONE, label: translate("phoneBare"), pictures: "off" },
  ],
};

// Below this a letter can't be read: the row scrolls sideways instead.
const MIN_SCALE = 0.5;
const FRAME_GAP_PX = 20;
const PHONE_EDGE_PX = 14; // a phone's frame, both sides

/**
 * @param {keyof typeof FRAMES} kind
 * @returns {import("../types.js").View}
 */
export function createLetterView(kind) {
  const frames = FRAMES[kind]().map((options) => new LetterFrame(options));
  const row = createElement("div", { className: "row" }, ...frames.map(({ element }) => element));
  const fit = new ResizeObserver(() => scaleFrames(row, frames));

  for (const frame of frames) frame.onscroll = (leader) => followLeader(leader, frames);
  return {
    element: row,
    onOpen: () => row.parentElement && fit.observe(row.parentElement),
    onClose: () => fit.disconnect(),
    async update({ issue, version }) {
      await Promise.all(frames.map((frame) => frame.show(issue, version)));
      scaleFrames(row, frames);
    },
    reveal: (words) => frames.map((frame) => frame.reveal(words)).some(Boolean),
    hasText: (words) => frames[0].hasText(words),
  };
}

/**
 * @param {LetterFrame} leader
 * @param {LetterFrame[]} frames
 */
function followLeader(leader, frames) {
  if (leader.pending) return;
  leader.pending = requestAnimationFrame(() => {
    leader.pending = 0;
    const position = leader.getScrollPosition();
    for (const other of frames) if (other !== leader) other.scrollToPosition(position);
  });
}

/**
 * @param {HTMLElement} row
 * @param {LetterFrame[]} frames
 */
function scaleFrames(row, frames) {
  if (!row.parentElement) return;
  const style = getComputedStyle(row);
  const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  const room = row.parentElement.clientWidth - padding;
  const phones = frames.filter((frame) => frame.element.classList.contains("phone")).length;
  const fixed = FRAME_GAP_PX * (frames.length - 1) + PHONE_EDGE_PX * phones;
  const needed = frames.reduce((sum, frame) => sum + frame.width, 0);
  const isNarrow = matchMedia("(max-width: 60em)").matches;
  const together = Math.min(1, Math.max(MIN_SCALE, (room - fixed) / needed));
  for (const frame of frames) {
    const scale = isNarrow ? Math.min(1, (room - PHONE_EDGE_PX) / frame.width) : together;
    frame.screen.style.setProperty("--width", String(frame.width));
    frame.screen.style.setProperty("--scale", String(scale));
  }
}
