// A letter in a frame. It runs no scripts (sandbox, and the server's own policy); the page may only
// look into it and scroll it.

import { createElement, translate } from "./dom.js";
import { getParameter } from "./url_state.js";

const SANDBOX_TOKENS = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
// What stands in every scheme and width in the same order.
const LANDMARK_SELECTOR = "h1, h2, h3, img, p, td > a";
const HEADING_SELECTOR = "h1, h2, h3, h4";
const NAMED_SELECTOR = "h1, h2, h3, a";
// How long a letter whose words are there waits for its pictures; how long any letter is waited for.
const PICTURE_WAIT_MS = 200;
const LETTER_WAIT_MS = 10000;
const POLL_MS = 15;

/** @typedef {{ index: number, share: number }} ScrollPosition */

/**
 * Wait until a letter is read and its pictures are there, all but the slow ones.
 * @param {HTMLIFrameElement} frame
 * @returns {Promise<void>}
 */
function waitUntilShown(frame) {
  return new Promise((resolve) => {
    const began = Date.now();
    let readAt = 0;
    const poll = setInterval(() => {
      const letter = frame.contentDocument;
      const state = letter?.URL === "about:blank" ? "loading" : letter?.readyState;
      if (state && state !== "loading" && !readAt) readAt = Date.now();
      const isShown = readAt && (state === "complete" || Date.now() - readAt > PICTURE_WAIT_MS);
      if (isShown || Date.now() - began > LETTER_WAIT_MS || !frame.isConnected) {
        clearInterval(poll);
        resolve();
      }
    }, POLL_MS);
  });
}

export class LetterFrame {
  /** @param {{ label: string, width: number, scheme?: string, pictures?: string, phone?: boolean }} options */
  constructor({ label, width, scheme = "light", pictures = "on", phone = false }) {
    this.width = width;
    this.query = { scheme, pictures };
    this.label = label;
    this.screen = createElement("div", { className: "screen" });
    this.caption = createElement(
      "figcaption",
      {},
      label,
      createElement("span", {}, translate("pixels", { width })),
    );
    const className = `pane${phone ? " phone" : ""}${scheme === "light" ? "" : " dark"}`;
    this.element = createElement("figure", { className }, this.caption, this.screen);
    this.onscroll = (/** @type {LetterFrame} */ _frame) => {};
    this.onready = (/** @type {LetterFrame} */ _frame) => {};
    /** @type {number | null} */
    this.expected = null;
    /** The animation frame in which others will follow; 0: none. */
    this.pending = 0;
    this.issue = "";
    /** @type {HTMLIFrameElement | null} */
    this.coming = null;
    /** @type {HTMLIFrameElement | null} */
    this.frame = null;
  }

  /** @param {string} label */
  setLabel(label) {
    this.label = label;
    if (this.caption.firstChild) this.caption.firstChild.textContent = label;
  }

  /**
   * Load the next version out of sight, scroll it to where we are, then swap: nothing flickers.
   * @param {string} issue
   * @param {number} version
   */
  async show(issue, version) {
    const next = createElement("iframe", {
      title: translate("letter", { place: this.label }),
      sandbox: SANDBOX_TOKENS,
      className: "coming",
    });
    const isSameIssue = this.issue === issue;
    this.issue = issue;
    this.coming = next;
    const query = {
      issue,
      version: String(version),
      reader: getParameter("reader"),
      ...this.query,
    };
    next.src = `mail?${new URLSearchParams(query)}`;
    this.screen.append(next);
    await waitUntilShown(next);
    if (this.coming !== next || !next.isConnected) return next.remove();
    this.swap(next, isSameIssue);
  }

  /**
   * @param {HTMLIFrameElement} next
   * @param {boolean} isSameIssue
   */
  swap(next, isSameIssue) {
    const old = this.frame;
    if (isSameIssue && old) next.contentWindow?.scrollTo(0, old.contentWindow?.scrollY ?? 0);
    this.frame = next;
    next.classList.remove("coming");
    next.contentWindow?.addEventListener("scroll", () => this.handleScroll(), { passive: true });
    this.onready(this);
    const hasFocus = old && document.activeElement === old;
    old?.remove();
    if (hasFocus) next.focus();
  }

  handleScroll() {
    const at = this.frame?.contentWindow?.scrollY ?? 0;
    const isOurs = this.expected !== null && Math.abs(at - this.expected) < 2;
    this.expected = null;
    if (!isOurs) this.onscroll(this);
  }

  get document() {
    return this.frame?.contentDocument;
  }

  /** @param {string} selector */
  list(selector) {
    return [...(this.document?.querySelectorAll(selector) || [])];
  }

  /**
   * Return which landmark is at the top, and how much of it has gone by.
   * @returns {ScrollPosition}
   */
  getScrollPosition() {
    const boxes = this.list(LANDMARK_SELECTOR).map((one) => one.getBoundingClientRect());
    const above = boxes.map(({ height, top }) => height > 0 && top <= 0);
    const index = Math.max(0, above.lastIndexOf(true));
    const box = boxes[index];
    if (!box || box.top > 0) return { index: -1, share: 0 };
    const span = measureSpan(boxes, index);
    return { index, share: span > 0 ? Math.min(1, -box.top / span) : 0 };
  }

  /** @param {ScrollPosition} position */
  scrollToPosition({ index, share }) {
    const view = this.frame?.contentWindow;
    if (!view || !this.document) return;
    let to = 0;
    if (index >= 0) {
      const boxes = this.list(LANDMARK_SELECTOR).map((one) => one.getBoundingClientRect());
      if (!boxes[index]) return;
      to = view.scrollY + boxes[index].top + measureSpan(boxes, index) * share;
    }
    const bottom = this.document.documentElement.scrollHeight - view.innerHeight;
    to = Math.max(0, Math.min(Math.round(to), bottom));
    if (Math.abs(to - view.scrollY) < 1) return;
    this.expected = to;
    view.scrollTo(0, to);
  }

  /**
   * Bring a heading into sight, if it isn't: what is worked on is seen in the letter, too.
   * @param {string} words
   */
  revealHeading(words) {
    const found = findByWords(this.list(HEADING_SELECTOR), words);
    if (!found) return;
    const { top, bottom } = found.getBoundingClientRect();
    const height = this.frame?.contentWindow?.innerHeight ?? 0;
    if (top >= 0 && bottom <= height * 0.7) return;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    found.scrollIntoView({ block: "center", behavior: isStill ? "instant" : "smooth" });
  }

  /**
   * Scroll to what a finding speaks of, by its words, and mark it for a moment.
   * @param {string} words
   */
  reveal(words) {
    const found = findByWords(this.list(NAMED_SELECTOR), words);
    if (!found) return false;
    found.scrollIntoView({ block: "center" });
    found.animate?.(
      [
        { outline: "3px solid #d97706", outlineOffset: "4px" },
        { outline: "3px solid transparent", outlineOffset: "4px" },
      ],
      2000,
    );
    return true;
  }

  /** @param {string} words */
  hasText(words) {
    return Boolean(findByWords(this.list(NAMED_SELECTOR), words));
  }
}

/**
 * @param {Element[]} elements
 * @param {string} words
 */
function findByWords(elements, words) {
  return elements.find((element) => element.textContent?.trim() === words.trim());
}

/**
 * Return how far it is from a landmark to the next one below it.
 * @param {DOMRect[]} boxes
 * @param {number} index
 */
function measureSpan(boxes, index) {
  const box = boxes[index];
  const next = boxes.slice(index + 1).find(({ top }) => top > box.top);
  return next ? next.top - box.top : box.height;
}
