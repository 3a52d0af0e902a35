// Put a post into the issue that compose left out, or words of one's own.

import { day, make, say } from "../dom.js";
import { button } from "./dialog.js";
import { search } from "./search.js";
import { session } from "./session.js";
import { act, openPart } from "./writing.js";

export async function add(number, section) {
  const chosen = await search({
    title: section.title ? say("addPostTo", { title: section.title }) : say("addPost"),
    label: say("searchPosts"),
    found: "postsFound",
    none: "noPosts",
    find: async (q) => {
      const answer = await fetch(`leftout?${new URLSearchParams({ issue: session.issue, q })}`).catch(() => null);
      return answer?.ok ? answer.json() : [];
    },
    before: [(close) => make("div", { className: "buttons" }, button(say("addOwn"), () => close({ own: true })), make("span", { className: "soft" }, say("addOwnNote")))],
    row: (post) => [
      make("strong", { lang: session.state.language }, post.title),
      make("span", { className: "soft" }, day(post.date), post.state === "new" ? "" : make("span", { className: `badge ${post.state}` }, post.said)),
      make("span", { className: "glimpse", lang: session.state.language }, post.glimpse),
    ],
  });
  if (!chosen) return false;
  const to = [number, section.teasers.length];
  if (!chosen.own) return act({ kind: "add", post: chosen.id, to });
  const done = await act({ kind: "add-own", title: say("sectionNew"), to });
  if (done) openPart("teaser-title", to);
  return done;
}
