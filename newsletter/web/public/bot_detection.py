"""Tell link scanners from people: programs that open every link and press every button of a letter.

Each page holds a honeypot, a link that no person sees. Who follows it is a program; what it presses
within the next minutes is challenged: a page asks once more, by a button that the program hasn't
got. One-click POSTs of mail providers (RFC 8058) say so in their body, never come from a page, and
are never challenged. Nothing of this is written to disk but what staff are told.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

#: How long whoever followed the link is taken for a program.
CHALLENGE_WINDOW = timedelta(minutes=10)
#: Clients that are remembered, and presses of one after which staff are told again.
MAX_CLIENTS, PRESSES_PER_ALERT = 10_000, 10
#: What the buttons of our own pages send, and one-click POSTs don't.
BUTTON_FIELD, BUTTON_VALUE = "by", "page"


class ScannerDetector:
    """Clients that followed the honeypot link, and how many of their presses were challenged."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def mark(self, client: str, now: datetime) -> None:
        """Remember that a client followed the honeypot link."""
        count = self._clients.pop(client, (now, 0))[1]
        self._clients[client] = (now + CHALLENGE_WINDOW, count)
        while len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)

    def record_press(self, client: str, pressed_by: str, now: datetime) -> int:
        """Return 0 where a press counts, else which challenged press of this client it is."""
        until, count = self._clients.get(client, (now, 0))
        if pressed_by != BUTTON_VALUE or until <= now:
            return 0
        self._clients[client] = (until, count + 1)
        return count + 1
