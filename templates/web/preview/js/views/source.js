// Views that show a source with line numbers: the text part as it is, MJML and HTML with a little colour.

import { make, say } from "../dom.js";

const MARKUP = /(<!--[\s\S]*?-->)|(<\/?)([a-zA-Z][\w:.-]*)((?:[^>"']|"[^"]*"|'[^']*')*)(>)/g;
const ATTRIBUTE = /([^\s=]+)(=)("[^"]*"|'[^']*')/g;

export function source(kind) {
  const code = make("code");
  const copy = make("button", { type: "button", className: "quiet" }, say("copy"));
  const box = make("div", { className: "sheet" }, make("div", { className: "sheet-head" }, copy), make("pre", { className: `source ${kind}` }, code));
  let current = null;

  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(current);
    copy.textContent = say("copied");
    setTimeout(() => (copy.textContent = say("copy")), 1500);
  });
  return {
    element: box,
    opened() {},
    closed() {},
    update(look) {
      if (look[kind] === current) return;
      current = look[kind];
      const lines = kind === "text" ? current.split("\n").map((line) => [line]) : coloured(current);
      code.replaceChildren(...lines.map((parts) => make("span", { className: "line" }, ...parts, "\n")));
    },
  };
}

// Lines of text and spans; a tag that goes over several lines is coloured on each.
function coloured(text) {
  const lines = [[]];
  const put = (part, className) => {
    part.split("\n").forEach((line, at) => {
      if (at) lines.push([]);
      if (line) lines.at(-1).push(className ? make("span", { className }, line) : line);
    });
  };
  let end = 0;
  for (const found of text.matchAll(MARKUP)) {
    put(text.slice(end, found.index));
    end = found.index + found[0].length;
    if (found[1]) put(found[1], "note");
    else {
      put(found[2] + found[3], "tag");
      attributes(found[4], put);
      put(found[5], "tag");
    }
  }
  put(text.slice(end));
  return lines;
}

function attributes(text, put) {
  let end = 0;
  for (const found of text.matchAll(ATTRIBUTE)) {
    put(text.slice(end, found.index));
    end = found.index + found[0].length;
    put(found[1], "attribute");
    put(found[2]);
    put(found[3], "string");
  }
  put(text.slice(end));
}
