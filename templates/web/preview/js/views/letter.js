// Views that show the letter itself, in one or several frames that scroll together.

import { make, say } from "../dom.js";
import { Frame } from "../frame.js";

const DESKTOP = 680;
const PHONE = 375;

const FRAMES = {
  side: () => [
    { label: say("desktop"), width: DESKTOP },
    { label: say("phone"), width: PHONE, phone: true },
    { label: say("phoneDark"), width: PHONE, phone: true, scheme: "dark" },
  ],
  dark: () => [
    { label: say("desktopDark"), width: DESKTOP, scheme: "dark" },
    { label: say("phoneDark"), width: PHONE, phone: true, scheme: "dark" },
    { label: say("phoneInverted"), width: PHONE, phone: true, scheme: "inverted" },
  ],
  inverted: () => [
    { label: say("desktopInverted"), width: DESKTOP, scheme: "inverted" },
    { label: say("phoneInverted"), width: PHONE, phone: true, scheme: "inverted" },
  ],
  bare: () => [
    { label: say("desktopBare"), width: DESKTOP, pictures: "off" },
    { label: say("phoneBare"), width: PHONE, phone: true, pictures: "off" },
  ],
};

// Below this a letter can't be read: the row scrolls sideways instead.
const SMALLEST = 0.5;
const GAP = 20;
const EDGE = 14; // a phone's frame, both sides

export function letter(kind) {
  const frames = FRAMES[kind]().map((one) => new Frame(one));
  const row = make("div", { className: "row" }, ...frames.map((frame) => frame.element));
  const fit = new ResizeObserver(() => scale(row, frames));

  for (const frame of frames) {
    frame.onscroll = (leader) => {
      if (leader.pending) return;
      leader.pending = requestAnimationFrame(() => {
        leader.pending = 0;
        const place = leader.place();
        frames.forEach((other) => other !== leader && other.goTo(place));
      });
    };
  }
  return {
    element: row,
    opened: () => fit.observe(row.parentElement),
    closed: () => fit.disconnect(),
    async update({ issue, version }) {
      await Promise.all(frames.map((frame) => frame.show(issue, version)));
      scale(row, frames);
    },
    find: (words) => frames.map((frame) => frame.find(words)).some(Boolean),
    holds: (words) => frames[0].holds(words),
  };
}

function scale(row, frames) {
  if (!row.parentElement) return;
  const style = getComputedStyle(row);
  const room = row.parentElement.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const fixed = GAP * (frames.length - 1) + EDGE * frames.filter((frame) => frame.element.classList.contains("phone")).length;
  const needed = frames.reduce((sum, frame) => sum + frame.width, 0);
  const narrow = matchMedia("(max-width: 60em)").matches;
  const together = Math.min(1, Math.max(SMALLEST, (room - fixed) / needed));
  for (const frame of frames) {
    const factor = narrow ? Math.min(1, (room - EDGE) / frame.width) : together;
    frame.screen.style.setProperty("--width", frame.width);
    frame.screen.style.setProperty("--scale", factor);
  }
}
