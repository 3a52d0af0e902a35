// Tabs as the ARIA practices describe them: one stop for the Tab key, arrows, Home and End inside.

import { findClosest } from "./dom.js";

/**
 * Return a function that opens the tab of a view.
 * @param {HTMLElement} list
 * @param {HTMLElement} panel
 * @param {(view: string) => void} onOpen
 * @param {() => Promise<boolean>} canLeave asked before another is opened; false keeps this one
 */
export function createTabs(list, panel, onOpen, canLeave = async () => true) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="tab"]')]);

  /**
   * @param {HTMLElement} tab
   * @param {{ focus?: boolean }} [options]
   */
  async function changeTab(tab, options) {
    if (await canLeave()) openTab(tab, options);
  }

  /**
   * @param {HTMLElement} tab
   * @param {{ focus?: boolean }} [options]
   */
  function openTab(tab, { focus = false } = {}) {
    for (const other of tabs) {
      const isOpen = other === tab;
      other.setAttribute("aria-selected", String(isOpen));
      other.tabIndex = isOpen ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", tab.id);
    if (focus) tab.focus();
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    onOpen(tab.dataset.view ?? "");
  }

  list.addEventListener("click", (event) => {
    const tab = findClosest(event, '[role="tab"]');
    if (tab) changeTab(tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const to = findTarget(event.key, at, tabs.length);
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    changeTab(tabs[(to + tabs.length) % tabs.length], { focus: true });
  });
  return (/** @type {string} */ view) =>
    openTab(tabs.find((tab) => tab.dataset.view === view) || tabs[0]);
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @returns {number | undefined}
 */
function findTarget(key, at, count) {
  const targets = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1 };
  return /** @type {Record<string, number>} */ (targets)[key];
}
