// Create elements without ever writing HTML: whatever a post says stays text.

/** @typedef {Node | string | null | undefined} Child */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [properties] properties of the element, or attributes
 * @param {...Child} children null and undefined are left out
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function createElement(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "list") Object.assign(element, { [name]: value });
    else element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Return an element of the page, which the template has for certain.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function getById(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element;
}

/**
 * Return the nearest ancestor of an event's target, which may stand in a frame's document.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function findClosest(event, selector) {
  const target = /** @type {Element | null} */ (event.target);
  return /** @type {HTMLElement | null} */ (target?.closest?.(selector) ?? null);
}

/** Return the key of what has the focus, which it keeps when it is drawn again. */
export function getFocusedKey() {
  return /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.focus;
}

/**
 * formatDay("2026-12-01") → "1 december 2026"; the page's English is British.
 * @param {string} iso
 */
export function formatDay(iso) {
  const lang = document.documentElement.lang;
  return new Date(`${iso}T12:00`).toLocaleDateString(lang === "en" ? "en-GB" : lang, {
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** @type {Record<string, string>} */
const messages = JSON.parse(getById("words").textContent || "{}");

/**
 * translate("updated", {time}) → "Uppdaterad 14.32.05"
 * @param {string} key
 * @param {Record<string, unknown>} values
 */
export function translate(key, values = {}) {
  return messages[key].replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole,
  );
}
