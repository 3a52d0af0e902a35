"""Letters, made ahead of the connections.

claimed deliveries → draft (on the loop) → sign (threads) → prepared letters
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from newsletter.delivery.route import Route
from newsletter.delivery.smtp import Letter
from newsletter.domain.delivery import Delivery
from newsletter.mail.compile import Compiled, Draft

#: Threads that sign, and how many messages each takes at a time.
SIGNERS, BLOCK = 2, 16


class Filler:
    """Makes the letters of one run.

    `stir` is called when there are some more, or when making them went wrong.
    """

    def __init__(
        self,
        compiled: Compiled,
        route: Route,
        *,
        clock: Callable[[], datetime],
        stir: Callable[[], None],
    ) -> None:
        self.prepared: deque[Letter] = deque()
        #: Deliveries whose letters aren't ready yet.
        self.under_way = 0
        self._compiled, self._route, self._clock, self._stir = compiled, route, clock, stir
        self._drafting = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(SIGNERS, "sign")

    def fill(self, claimed: Sequence[Delivery]) -> None:
        """Begin to make the letters of some deliveries."""
        self.under_way += len(claimed)
        for start in range(0, len(claimed), BLOCK):
            task = asyncio.create_task(self._fill(claimed[start : start + BLOCK]))
            self._tasks.add(task)
            task.add_done_callback(self._filled)

    def failures(self) -> list[BaseException]:
        """Return what went wrong: mistakes in the program."""
        return [
            error
            for task in self._tasks
            if task.done() and not task.cancelled() and (error := task.exception()) is not None
        ]

    def take_all(self) -> list[Letter]:
        """Take every letter that is ready."""
        letters = list(self.prepared)
        self.prepared.clear()
        return letters

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()

    async def _fill(self, block: Sequence[Delivery]) -> None:
        """Make the bytes of some messages, and sign them off the loop.

        One block at a time: between two of them the connections have their turn, or the server
        would wait. The thread does nothing but sign: each turn that it takes from the loop costs
        both of them.
        """
        async with self._drafting:
            now = self._clock()
            drafts = [self._draft(delivery, now) for delivery in block]
            await asyncio.sleep(0)
        if self._compiled.signed:
            signed = await asyncio.get_running_loop().run_in_executor(
                self._threads, _signed, drafts
            )
        else:
            signed = [draft.parts for draft in drafts]
        self.prepared.extend(
            Letter(one, self._route.return_path, parts)
            for one, parts in zip(block, signed, strict=True)
        )
        self.under_way -= len(block)

    def _filled(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)
        self._stir()

    def _draft(self, delivery: Delivery, now: datetime) -> Draft:
        """Return a message; one without parts for a reader whose address or links can't be written."""
        try:
            return self._compiled.draft(self._route.reader(delivery), now)
        except ValueError:
            return Draft((), ())


def _signed(drafts: Sequence[Draft]) -> list[Sequence[bytes]]:
    return [draft.signed() for draft in drafts]
