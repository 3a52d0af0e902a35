// Make elements without ever writing HTML: whatever a post says stays text.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

// day("2026-12-01") → "1 december 2026"; the page's English is British.
export function day(iso) {
  const lang = document.documentElement.lang;
  return new Date(`${iso}T12:00`).toLocaleDateString(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "long", year: "numeric" });
}

const words = JSON.parse(byId("words").textContent);

// say("updated", {time}) → "Uppdaterad 14.32.05"
export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
