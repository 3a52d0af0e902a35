// The order of teasers: by buttons, by Alt + arrows, by dragging.

import { make } from "../dom.js";
import { act } from "./writing.js";

// One step up or down; over a section's edge it goes into the next section.
export function step(at, by, sections) {
  const [s, t] = at;
  if (by < 0) {
    if (t > 0) return [s, t - 1];
    return s > 0 ? [s - 1, sections[s - 1].teasers.length] : null;
  }
  if (t < sections[s].teasers.length - 1) return [s, t + 1];
  return s < sections.length - 1 ? [s + 1, 0] : null;
}

const pair = (text) => text.split(",").map(Number);

// Places are counted without the teaser that is moved.
export function gapWithout(at, gap) {
  const [s, t] = gap;
  return s === at[0] && t > at[1] ? [s, t - 1] : gap;
}

export function dragging(sheet) {
  const line = make("li", { className: "gap", "aria-hidden": "true" });
  let dragged = null;
  let gap = null;

  sheet.addEventListener("dragstart", (event) => {
    const box = event.target.closest?.(".grip")?.closest(".teaser");
    if (!box) return event.preventDefault();
    dragged = box;
    // What changes meanwhile is drawn when the teaser has been let go.
    sheet.dataset.dragging = "yes";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", box.querySelector(".is-teaser-title")?.textContent || "");
    event.dataTransfer.setDragImage(box, 20, 20);
    requestAnimationFrame(() => dragged?.classList.add("dragged"));
  });
  sheet.addEventListener("dragover", (event) => {
    const list = event.target.closest?.(".teasers");
    if (!dragged || !list) return;
    event.preventDefault();
    const boxes = [...list.querySelectorAll(".teaser")];
    const after = boxes.findIndex((box) => {
      const { top, height } = box.getBoundingClientRect();
      return event.clientY < top + height / 2;
    });
    const number = after < 0 ? boxes.length : after;
    gap = [Number(list.dataset.section), number];
    if (boxes[number]) boxes[number].before(line);
    else list.append(line);
  });
  sheet.addEventListener("drop", (event) => {
    if (!dragged || !gap) return;
    event.preventDefault();
    const at = pair(dragged.dataset.at);
    const to = gapWithout(at, gap);
    delete sheet.dataset.dragging;
    if (String(to) !== String(at)) act({ kind: "move", at, to });
  });
  sheet.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    line.remove();
    dragged = gap = null;
    delete sheet.dataset.dragging;
    document.dispatchEvent(new Event("sheet:stale"));
  });
}
