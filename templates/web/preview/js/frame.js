// A letter in a frame. The frame runs no scripts (sandbox, and the server's own policy); the page may only look into it and scroll it.

import { chosen } from "./address.js";
import { make, say } from "./dom.js";

const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
// What stands in every light and width in the same order.
const LANDMARKS = "h1, h2, h3, img, p, td > a";
// How long a letter whose words are there waits for its pictures, in milliseconds.
const PICTURES = 200;

// A picture from elsewhere may take long: the letter is shown when it is read, and all but the slow pictures are there.
function drawn(frame) {
  return new Promise((done) => {
    const began = Date.now();
    let read = 0;
    const look = setInterval(() => {
      const state = frame.contentDocument?.URL === "about:blank" ? "loading" : frame.contentDocument?.readyState;
      if (state && state !== "loading" && !read) read = Date.now();
      if ((read && (state === "complete" || Date.now() - read > PICTURES)) || Date.now() - began > 10000 || !frame.isConnected) {
        clearInterval(look);
        done();
      }
    }, 15);
  });
}

export class Frame {
  constructor({ label, width, scheme = "light", pictures = "on", phone = false }) {
    this.width = width;
    this.query = { scheme, pictures };
    this.label = label;
    this.screen = make("div", { className: "screen" });
    this.element = make(
      "figure",
      { className: `pane${phone ? " phone" : ""}${scheme === "light" ? "" : " dark"}` },
      make("figcaption", {}, label, make("span", {}, say("pixels", { width }))),
      this.screen,
    );
    this.onscroll = () => {};
    this.onready = () => {};
    this.expected = null;
  }

  name(label) {
    this.label = label;
    this.element.querySelector("figcaption").firstChild.textContent = label;
  }

  // Draw the next version out of sight, scroll it to where we are, then swap: nothing flickers, nothing jumps.
  async show(issue, version) {
    const next = make("iframe", { title: say("letter", { place: this.label }), sandbox: SANDBOX, className: "coming" });
    const same = this.issue === issue;
    this.issue = issue;
    this.coming = next;
    next.src = `mail?${new URLSearchParams({ issue, version, reader: chosen("reader"), ...this.query })}`;
    this.screen.append(next);
    await drawn(next);
    if (this.coming !== next || !next.isConnected) return next.remove();
    const old = this.frame;
    if (same && old) next.contentWindow.scrollTo(0, old.contentWindow.scrollY);
    this.frame = next;
    next.classList.remove("coming");
    next.contentWindow.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.onready(this);
    const focused = old && document.activeElement === old;
    old?.remove();
    if (focused) next.focus();
  }

  scrolled() {
    const at = this.frame.contentWindow.scrollY;
    const ours = this.expected !== null && Math.abs(at - this.expected) < 2;
    this.expected = null;
    if (!ours) this.onscroll(this);
  }

  get document() {
    return this.frame?.contentDocument;
  }

  // Where the reader is: which landmark is at the top, and how much of it has gone by.
  place() {
    const all = [...this.document.querySelectorAll(LANDMARKS)];
    let index = 0;
    for (let at = 0; at < all.length; at += 1) {
      const box = all[at].getBoundingClientRect();
      if (box.height > 0 && box.top <= 0) index = at;
    }
    const box = all[index]?.getBoundingClientRect();
    if (!box || box.top > 0) return { index: -1, share: 0 };
    const next = all.slice(index + 1).find((one) => one.getBoundingClientRect().top > box.top);
    const span = next ? next.getBoundingClientRect().top - box.top : box.height;
    return { index, share: span > 0 ? Math.min(1, -box.top / span) : 0 };
  }

  goTo({ index, share }) {
    const view = this.frame?.contentWindow;
    if (!view) return;
    let to = 0;
    if (index >= 0) {
      const all = [...this.document.querySelectorAll(LANDMARKS)];
      const box = all[index]?.getBoundingClientRect();
      if (!box) return;
      const next = all.slice(index + 1).find((one) => one.getBoundingClientRect().top > box.top);
      const span = next ? next.getBoundingClientRect().top - box.top : box.height;
      to = view.scrollY + box.top + span * share;
    }
    to = Math.max(0, Math.min(Math.round(to), this.document.documentElement.scrollHeight - view.innerHeight));
    if (Math.abs(to - view.scrollY) < 1) return;
    this.expected = to;
    view.scrollTo(0, to);
  }

  // Bring a heading into sight, if it isn't: what is worked on is seen in the letter, too.
  follow(words) {
    const found = [...(this.document?.querySelectorAll("h1, h2, h3, h4") || [])].find((one) => one.textContent.trim() === words.trim());
    const { top, bottom } = found?.getBoundingClientRect() || {};
    if (!found || (top >= 0 && bottom <= this.frame.contentWindow.innerHeight * 0.7)) return;
    found.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  }

  // Find what a check speaks of by its words; scroll to it.
  find(words) {
    const wanted = words.trim();
    const found = [...(this.document?.querySelectorAll("h1, h2, h3, a") || [])].find((one) => one.textContent.trim() === wanted);
    if (!found) return false;
    found.scrollIntoView({ block: "center" });
    found.animate?.([{ outline: "3px solid #d97706", outlineOffset: "4px" }, { outline: "3px solid transparent", outlineOffset: "4px" }], 2000);
    return true;
  }

  holds(words) {
    return [...(this.document?.querySelectorAll("h1, h2, h3, a") || [])].some((one) => one.textContent.trim() === words.trim());
  }
}
