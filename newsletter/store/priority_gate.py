"""Who goes first where threads of one process share a processor and a database.

People who wait for a page go first, then the messages of a send.

A send is never in a hurry, and a reader is; without this two hundred who leave at once wait twice
as long.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds that work without priority waits at most: however many ask for pages, messages go on.
MAX_YIELD_SECONDS = 0.15


class PriorityGate:
    """How many are in a hurry just now, for those who aren't; `longest` is in seconds."""

    def __init__(self, max_yield: float = MAX_YIELD_SECONDS) -> None:
        self._max_yield = max_yield
        self._condition = threading.Condition()
        #: How many there are.
        self.priority_count = 0

    @contextmanager
    def prioritise(self) -> Iterator[None]:
        """Go before those who are patient, for as long as this lasts."""
        with self._condition:
            self.priority_count += 1
        try:
            yield
        finally:
            with self._condition:
                self.priority_count -= 1
                if not self.priority_count:
                    self._condition.notify_all()

    def yield_to_priority(self) -> None:
        """Wait until nobody is in a hurry, or until that has lasted too long."""
        with self._condition:
            self._condition.wait_for(lambda: not self.priority_count, self._max_yield)
