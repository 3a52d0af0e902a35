// Which part of the issue somebody clicks in the letter: found by its words, because the letter knows nothing of the parts.

const plain = (text) => text.replace(/[\u00ad\u200b\u034f]/g, "").replace(/\s+/g, " ").trim();
const bare = (markdown) => plain(markdown.replace(/\]\([^)]*\)/g, "").replace(/[*_`[\]\\#>]/g, ""));

// → { name, at } or null
export function target(element, state) {
  const picture = element.closest("img");
  if (picture) {
    const found = every(state).find(({ one }) => one.picture && picture.src.endsWith(`/${one.picture.key}`));
    return found ? { name: "alt", at: found.at } : null;
  }
  const heading = element.closest("h1, h2, h3, h4");
  if (heading) return headed(plain(heading.textContent), state);
  const block = element.closest("p, li, blockquote, td, div");
  const words = block ? plain(block.textContent).slice(0, 40) : "";
  if (words.length < 3) return null;
  const said = every(state).find(({ one }) => bare(one.summary).includes(words));
  if (said) return { name: "summary", at: said.at };
  const section = state.sections.findIndex(({ text }) => bare(text).includes(words));
  if (section >= 0) return { name: "section-text", at: [section, 0] };
  if (bare(state.parts.intro).includes(words)) return { name: "intro", at: null };
  return headed(words, state);
}

function headed(words, state) {
  const teaser = every(state).find(({ one }) => plain(one.title) === words);
  if (teaser) return { name: "teaser-title", at: teaser.at };
  const section = state.sections.findIndex(({ title }) => plain(title) === words);
  if (section >= 0) return { name: "section-title", at: [section, 0] };
  return plain(state.parts.title) === words ? { name: "title", at: null } : null;
}

const every = (state) => state.sections.flatMap((section, s) => section.teasers.map((one, t) => ({ one, at: [s, t] })));
