"""Personal messages, made and signed ahead of the connections.

claimed deliveries → draft (on the loop) → sign (threads) → prepared messages
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from newsletter.delivery.events import Events
from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.send_options import SendOptions
from newsletter.domain.delivery import Delivery
from newsletter.mail.compile import CompiledIssue, UnsignedMessage

#: Threads that sign, and how many messages each takes at a time.
SIGNING_THREADS, MESSAGES_PER_BLOCK = 2, 16


class MessageBuilder:
    """Makes the messages of one run, and tells `events` when there are more."""

    def __init__(
        self,
        compiled: CompiledIssue,
        options: SendOptions,
        *,
        clock: Callable[[], datetime],
        events: Events,
    ) -> None:
        self.prepared: deque[OutgoingMessage] = deque()
        #: Deliveries whose messages aren't ready yet.
        self.pending_count = 0
        self._compiled, self._options = compiled, options
        self._clock, self._events = clock, events
        self._draft_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(SIGNING_THREADS, "sign")

    def build(self, deliveries: Sequence[Delivery]) -> None:
        """Begin to make the messages of some deliveries."""
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
        """Take every message that is ready."""
        messages = list(self.prepared)
        self.prepared.clear()
        return messages

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
        self._events.on_messages_built()

    def _draft_message(self, delivery: Delivery, now: datetime) -> UnsignedMessage:
        """Return a message, without parts where the address or links can't be written."""
        try:
            return self._compiled.build_unsigned(self._options.personalise(delivery), now)
        except ValueError:
            return UnsignedMessage((), ())


def _sign_all(drafts: Sequence[UnsignedMessage]) -> list[Sequence[bytes]]:
    return [draft.sign() for draft in drafts]
