// Tabs as the ARIA practices describe them: one stop for the Tab key, arrows, Home and End inside.

// `left` is asked before another is opened: false keeps this one.
export function tabs(list, panel, opened, left = async () => true) {
  const all = [...list.querySelectorAll('[role="tab"]')];

  async function change(tab, options) {
    if (await left()) open(tab, options);
  }

  function open(tab, { focus = false } = {}) {
    for (const other of all) {
      const isOpen = other === tab;
      other.setAttribute("aria-selected", String(isOpen));
      other.tabIndex = isOpen ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", tab.id);
    if (focus) tab.focus();
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    opened(tab.dataset.view);
  }

  list.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (tab) change(tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    change(all[(to + all.length) % all.length], { focus: true });
  });
  return (view) => open(all.find((tab) => tab.dataset.view === view) || all[0]);
}
