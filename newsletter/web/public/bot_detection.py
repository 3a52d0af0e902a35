"""Programs that open every link and press every button of a letter, to see whether it is good.

Each page holds a link that no person sees. Who follows it is a program; what it presses within the
next minutes is held: a page asks once more, by a button that the program hasn't got. One-click
POSTs of mail providers (RFC 8058) say so in their body, never come from a page, and are never held.
Nothing of this is written to disk but what staff are told.
"""

import logging
from collections import OrderedDict
from datetime import datetime, timedelta

#: How long who has followed the link is taken for a program.
CHALLENGE_WINDOW = timedelta(minutes=10)
#: Clients that are remembered, and presses of one after which staff are told again.
MAX_CLIENTS, PRESSES_PER_ALERT = 10_000, 10
#: What the buttons of our own pages send, and one-click POSTs don't.
BUTTON_FIELD, BUTTON_VALUE = "by", "page"

log = logging.getLogger(__name__)


class ScannerDetector:
    """Who was seen following the hidden link, and how many of its presses were held."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def mark(self, client: str, now: datetime) -> None:
        """Note that a client has followed the hidden link."""
        held = self._clients.pop(client, (now, 0))[1]
        self._clients[client] = (now + CHALLENGE_WINDOW, held)
        while len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)

    def record_press(self, client: str, pressed_by: str, now: datetime) -> int:
        """Return 0 where a press counts, else how many of this client's presses have been held so far."""
        until, held = self._clients.get(client, (now, 0))
        if pressed_by != BUTTON_VALUE or until <= now:
            return 0
        self._clients[client] = (until, held + 1)
        return held + 1
