// How a section is laid out: as the theme does it, or as is chosen here.

import { createElement, translate } from "../dom.js";
import { saveThenEdit } from "./part_editor.js";

/**
 * @param {import("../types.js").Section} section
 * @param {number} number
 * @param {string[]} layouts
 */
export function createLayoutSelect(section, number, layouts) {
  const title = section.title || translate("sectionUntitled", { number: number + 1 });
  const options = ["", ...layouts].map((name) =>
    createElement(
      "option",
      { value: name, selected: name === section.layout },
      translate(`layout-${name}`),
    ),
  );
  const ariaLabel = translate("layoutOf", { title });
  const select = createElement("select", { className: "tool", ariaLabel }, ...options);
  select.dataset.focus = `layout:${number}`;
  select.addEventListener("change", async () => {
    const edit = { kind: "write", part: "layout", at: [number, 0], text: select.value };
    if (!(await saveThenEdit(edit))) select.value = section.layout;
  });
  return select;
}
