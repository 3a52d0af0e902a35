"""Who goes first where threads of one process share a processor and a database.

People who wait for a page, then the letters.

A send is never in a hurry, and a reader is; without this two hundred who leave at once wait twice
as long.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds that a patient piece of work waits at most: however many ask for pages, letters go on.
LONGEST = 0.15


class Turns:
    """How many are in a hurry just now, for those who aren't; `longest` is in seconds."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._changed = threading.Condition()
        #: How many there are.
        self.hurried = 0

    @contextmanager
    def hurry(self) -> Iterator[None]:
        """Go before those who are patient, for as long as this lasts."""
        with self._changed:
            self.hurried += 1
        try:
            yield
        finally:
            with self._changed:
                self.hurried -= 1
                if not self.hurried:
                    self._changed.notify_all()

    def let_pass(self) -> None:
        """Wait until nobody is in a hurry, or until that has lasted too long."""
        with self._changed:
            self._changed.wait_for(lambda: not self.hurried, self._longest)
