// How a section is drawn: as the theme does it, or as is chosen here.

import { make, say } from "../dom.js";
import { session } from "./session.js";
import { act } from "./writing.js";

export function layout(section, number) {
  const title = section.title || say("sectionUntitled", { number: number + 1 });
  const choose = make(
    "select",
    { className: "tool", ariaLabel: say("layoutOf", { title }) },
    ...["", ...session.state.layouts].map((name) => make("option", { value: name, selected: name === section.layout }, say(`layout-${name}`))),
  );
  choose.dataset.focus = `layout:${number}`;
  choose.addEventListener("change", async () => {
    const done = await act({ kind: "write", part: "layout", at: [number, 0], text: choose.value });
    if (!done) choose.value = section.layout;
  });
  return choose;
}
