// Hear of changes on disk. The browser itself asks again when the line breaks.

import { byId, say } from "./dom.js";

export function live(changed) {
  const events = new EventSource("changes");
  const lost = byId("lost");
  let timer = 0;
  events.onmessage = (event) => {
    clearTimeout(timer);
    timer = 0;
    lost.hidden = true;
    changed(Number(event.data));
  };
  events.onerror = () => {
    timer ||= setTimeout(() => {
      lost.textContent = say("lost");
      lost.hidden = false;
    }, 1500);
  };
}
