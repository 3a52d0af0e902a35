"""Letters, made ahead of the connections.

claimed deliveries → draft (on the loop) → sign (threads) → prepared letters
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from newsletter.delivery.send_options import SendOptions
from newsletter.delivery.smtp import OutgoingMessage
from newsletter.domain.delivery import Delivery
from newsletter.mail.compile import CompiledIssue, UnsignedMessage

#: Threads that sign, and how many messages each takes at a time.
SIGNING_THREADS, MESSAGES_PER_BLOCK = 2, 16


class MessageBuilder:
    """Makes the letters of one run.

    `stir` is called when there are some more, or when making them went wrong.
    """

    def __init__(
        self,
        compiled: CompiledIssue,
        options: SendOptions,
        *,
        clock: Callable[[], datetime],
        on_change: Callable[[], None],
    ) -> None:
        self.prepared: deque[OutgoingMessage] = deque()
        #: Deliveries whose letters aren't ready yet.
        self.pending_count = 0
        self._compiled, self._options, self._clock, self._on_change = (
            compiled,
            options,
            clock,
            on_change,
        )
        self._draft_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(SIGNING_THREADS, "sign")

    def build(self, deliveries: Sequence[Delivery]) -> None:
        """Begin to make the letters of some deliveries."""
        self.pending_count += len(deliveries)
        for start in range(0, len(deliveries), MESSAGES_PER_BLOCK):
            task = asyncio.create_task(
                self._build_block(deliveries[start : start + MESSAGES_PER_BLOCK])
            )
            self._tasks.add(task)
            task.add_done_callback(self._on_block_done)

    def collect_failures(self) -> list[BaseException]:
        """Return what went wrong: mistakes in the program."""
        return [
            error
            for task in self._tasks
            if task.done() and not task.cancelled() and (error := task.exception()) is not None
        ]

    def take_all(self) -> list[OutgoingMessage]:
        """Take every letter that is ready."""
        letters = list(self.prepared)
        self.prepared.clear()
        return letters

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()

    async def _build_block(self, deliveries: Sequence[Delivery]) -> None:
        """Make the bytes of some messages, and sign them off the loop.

        One block at a time: between two of them the connections have their turn, or the server
        would wait. The thread does nothing but sign: each turn that it takes from the loop costs
        both of them.
        """
        async with self._draft_lock:
            now = self._clock()
            drafts = [self._draft_message(delivery, now) for delivery in deliveries]
            await asyncio.sleep(0)
        if self._compiled.is_signed:
            signed = await asyncio.get_running_loop().run_in_executor(
                self._threads, _sign_all, drafts
            )
        else:
            signed = [draft.parts for draft in drafts]
        self.prepared.extend(
            OutgoingMessage(one, self._options.return_path, parts)
            for one, parts in zip(deliveries, signed, strict=True)
        )
        self.pending_count -= len(deliveries)

    def _on_block_done(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)
        self._on_change()

    def _draft_message(self, delivery: Delivery, now: datetime) -> UnsignedMessage:
        """Return a message, without parts where the address or links can't be written."""
        try:
            return self._compiled.build_unsigned(self._options.personalise(delivery), now)
        except ValueError:
            return UnsignedMessage((), ())


def _sign_all(drafts: Sequence[UnsignedMessage]) -> list[Sequence[bytes]]:
    return [draft.sign() for draft in drafts]
