"""The connections of one run, each to the server that has room for it.

a letter is ready → connect → send, one after the other → used up, idle or lost → connect
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from newsletter.delivery.protocol import TimeoutWatch
from newsletter.delivery.relays import RelaySelector
from newsletter.delivery.smtp import OnResult, OutgoingMessage, SmtpRelay, SmtpSession, connect
from newsletter.domain.delivery import Outcome
from newsletter.errors import ServerError

#: Seconds between two looks where nothing else happens.
POLL_SECONDS = 0.25
#: Seconds that a connection stays open with nothing to do.
IDLE_TIMEOUT_SECONDS = 5.0


class ConnectionPool:
    """Sends what is put into `ready`, and tells what became of each letter.

    `waiting` says how many letters there are to send, so that no more connections are opened than
    that. `given_up` is awaited where no server can be reached for `patience`, or ever.
    """

    def __init__(
        self,
        relays: RelaySelector,
        *,
        count_waiting: Callable[[], int],
        on_open: Callable[[], None],
        on_result: OnResult,
        on_give_up: Callable[[ServerError], Awaitable[None]],
        outage_timeout: timedelta,
    ) -> None:
        self.ready: asyncio.Queue[OutgoingMessage] = asyncio.Queue()
        #: Nothing more is to be sent.
        self.stopping = asyncio.Event()
        self._work_available = asyncio.Event()
        #: How many are open.
        self.open_count = 0
        self._relays, self._outage_timeout = relays, outage_timeout.total_seconds()
        self._count_waiting, self._on_open, self._on_result, self._on_give_up = (
            count_waiting,
            on_open,
            on_result,
            on_give_up,
        )
        self._timeout_watch = TimeoutWatch()

    def start(self) -> list["asyncio.Task[None]"]:
        """Begin; return a task for each connection."""
        return [
            asyncio.create_task(self._run_connection(number))
            for number in range(self._relays.max_connections)
        ]

    def notify(self) -> None:
        """Tell those that have nothing to do that there are more letters."""
        self._work_available.set()

    def stop(self) -> None:
        """Take no more letters."""
        self.stopping.set()
        self._work_available.set()

    async def close(self) -> None:
        """Stop watching; the tasks are the caller's."""
        await self._timeout_watch.close()

    async def _run_connection(self, index: int) -> None:
        """Keep one connection open while there is something to send, and send it."""
        now = asyncio.get_running_loop().time
        while not self.stopping.is_set():
            if self._count_waiting() <= index:
                await self._wait_for_work()
            elif (server := self._relays.acquire(now())) is None:
                if not self.open_count and (
                    error := self._relays.get_outage_error(now(), self._outage_timeout)
                ):
                    await self._on_give_up(error)
                    return
                await self._sleep_unless_stopped(
                    min(self._relays.get_retry_delay(now()) or POLL_SECONDS, POLL_SECONDS)
                )
            else:
                try:
                    await self._connect_and_send(server)
                except ServerError as error:
                    self._relays.record_failure(server, error, now())
                finally:
                    self._relays.release(server)

    async def _connect_and_send(self, relay: SmtpRelay) -> None:
        """Connect to a server and send over that connection until it ends. Raises ServerError."""
        session = await connect(
            relay,
            self._timeout_watch,
            without_pipelining=self._relays.should_skip_pipelining(relay),
        )
        self.open_count += 1
        self._on_open()
        try:
            await self._send_over(
                relay,
                session,
                partial(self._on_relay_result, relay)
                if self._relays.has_several
                else self._on_result,
            )
        finally:
            self.open_count -= 1
            await session.close()
        if trouble := session.relay_error:
            self._relays.record_empty_session(relay, asyncio.get_running_loop().time())
            raise trouble

    async def _send_over(self, relay: SmtpRelay, session: SmtpSession, on_result: OnResult) -> None:
        """Send over one connection until it is used up, idle, or lost."""
        while session.is_usable:
            try:
                async with asyncio.timeout(IDLE_TIMEOUT_SECONDS):
                    letter = await self.ready.get()
            except TimeoutError:
                return
            if not session.is_usable:  # it went away while there was nothing to do
                self.ready.put_nowait(letter)
                return
            await session.send(letter, self._take_next, on_result)
            if session.has_answered and not session.relay_error:
                self._relays.record_success(relay)

    def _take_next(self) -> OutgoingMessage | None:
        """Return the next letter if one is ready."""
        return None if self.stopping.is_set() or self.ready.empty() else self.ready.get_nowait()

    def _on_relay_result(
        self, relay: SmtpRelay, message: OutgoingMessage, outcome: Outcome
    ) -> None:
        """Take what became of a letter.

        A server that sends us away is left alone, and another one is asked.
        """
        if outcome.code == 421:
            words = "{host}:{port} takes no mail from us ({code} {reply})."
            error = ServerError(
                words,
                is_transient=True,
                host=relay.host,
                port=relay.port,
                code=outcome.code,
                reply=outcome.reply,
            )
            self._relays.record_failure(relay, error, asyncio.get_running_loop().time())
        self._on_result(message, outcome)

    async def _wait_for_work(self) -> None:
        """Wait until there may be something to send."""
        self._work_available.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._work_available.wait()

    async def _sleep_unless_stopped(self, seconds: float) -> None:
        """Wait, but not past the end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
