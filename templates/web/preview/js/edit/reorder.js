// Drag teasers to another place.

import { createElement, findClosest } from "../dom.js";
import { saveThenEdit } from "./part_editor.js";
import { adjustForRemoval, parsePlace } from "./places.js";

/** @param {HTMLElement} sheet */
export function enableDragging(sheet) {
  const line = createElement("li", { className: "gap", "aria-hidden": "true" });
  /** @type {HTMLElement | null} */
  let dragged = null;
  /** @type {import("../types.js").Place | null} */
  let gap = null;

  sheet.addEventListener("dragstart", (event) => {
    const box = /** @type {HTMLElement | null | undefined} */ (
      findClosest(event, ".grip")?.closest(".teaser")
    );
    if (!box) return event.preventDefault();
    dragged = box;
    // What changes meanwhile is drawn when the teaser has been let go.
    sheet.dataset.dragging = "yes";
    if (event.dataTransfer) startTransfer(event.dataTransfer, box);
    requestAnimationFrame(() => dragged?.classList.add("dragged"));
  });
  sheet.addEventListener("dragover", (event) => {
    const list = findClosest(event, ".teasers");
    if (!dragged || !list) return;
    event.preventDefault();
    const boxes = [...list.querySelectorAll(".teaser")];
    const number = findGap(boxes, event.clientY);
    gap = [Number(list.dataset.section), number];
    if (boxes[number]) boxes[number].before(line);
    else list.append(line);
  });
  sheet.addEventListener("drop", (event) => {
    if (!dragged || !gap) return;
    event.preventDefault();
    const at = parsePlace(dragged.dataset.at ?? "");
    const to = adjustForRemoval(at, gap);
    delete sheet.dataset.dragging;
    if (String(to) !== String(at)) saveThenEdit({ kind: "move", at, to });
  });
  sheet.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    line.remove();
    dragged = gap = null;
    delete sheet.dataset.dragging;
    document.dispatchEvent(new Event("sheet:stale"));
  });
}

/**
 * @param {DataTransfer} transfer
 * @param {HTMLElement} box
 */
function startTransfer(transfer, box) {
  transfer.effectAllowed = "move";
  transfer.setData("text/plain", box.querySelector(".is-teaser-title")?.textContent || "");
  transfer.setDragImage(box, 20, 20);
}

/**
 * Return the number of the gap that a pointer at this height is nearest to.
 * @param {Element[]} boxes
 * @param {number} y
 */
function findGap(boxes, y) {
  const after = boxes.findIndex((box) => {
    const { top, height } = box.getBoundingClientRect();
    return y < top + height / 2;
  });
  return after < 0 ? boxes.length : after;
}
