// Hear of changes on disk (server-sent events). The browser reconnects by itself.

import { getById, translate } from "./dom.js";

const LOST_AFTER_MS = 1500;

/** @param {(version: number) => void} onChange */
export function listenForChanges(onChange) {
  const events = new EventSource("changes");
  const lost = getById("lost");
  let timer = 0;
  events.onmessage = (event) => {
    clearTimeout(timer);
    timer = 0;
    lost.hidden = true;
    onChange(Number(event.data));
  };
  events.onerror = () => {
    timer ||= setTimeout(() => {
      lost.textContent = translate("lost");
      lost.hidden = false;
    }, LOST_AFTER_MS);
  };
}
