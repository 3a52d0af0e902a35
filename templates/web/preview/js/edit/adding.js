// Put a post into the issue that compose left out.

import { make, say } from "../dom.js";
import { search } from "./search.js";
import { send, session } from "./session.js";

const date = (iso) => new Date(`${iso}T12:00`).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric" });

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
    row: (post) => [
      make("strong", { lang: session.state.language }, post.title),
      make("span", { className: "soft" }, date(post.date), post.state === "new" ? "" : make("span", { className: `badge ${post.state}` }, post.said)),
      make("span", { className: "glimpse", lang: session.state.language }, post.glimpse),
    ],
  });
  if (chosen) return send({ kind: "add", post: chosen.id, to: [number, section.teasers.length] });
  return false;
}
