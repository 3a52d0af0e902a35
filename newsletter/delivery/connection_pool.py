"""The connection pool of one run: each connection goes to the relay that has room for it.

a message is ready → connect → send, one after the other → used up, idle or lost → connect
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import timedelta

from newsletter.delivery.events import Events
from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.protocol import TimeoutWatch
from newsletter.delivery.relays import RelaySelector
from newsletter.delivery.smtp import SmtpSession
from newsletter.delivery.smtp_connect import connect
from newsletter.delivery.smtp_relay import SmtpRelay
from newsletter.domain.delivery import Outcome
from newsletter.errors import ServerError

#: Seconds between two looks where nothing else happens.
POLL_SECONDS = 0.25
#: Seconds that a connection stays open with nothing to do.
IDLE_TIMEOUT_SECONDS = 5.0
#: A relay that closes the connection and wants nothing now (RFC 5321, 3.8).
SERVICE_NOT_AVAILABLE = 421


class ConnectionPool:
    """Sends what is put into `ready`, over at most as many connections as there are messages.

    Where no relay can be reached for `outage_timeout`, or ever, it says so and gives up.
    """

    def __init__(self, relays: RelaySelector, events: Events, outage_timeout: timedelta) -> None:
        self.ready: asyncio.Queue[OutgoingMessage] = asyncio.Queue()
        #: Nothing more is to be sent.
        self.stopping = asyncio.Event()
        #: How many connections are open.
        self.open_count = 0
        self._relays, self._events = relays, events
        self._outage_timeout = outage_timeout.total_seconds()
        self._work_available = asyncio.Event()
        self._timeout_watch = TimeoutWatch()

    def start(self) -> list["asyncio.Task[None]"]:
        """Begin; return a task for each connection."""
        return [
            asyncio.create_task(self._run_connection(number))
            for number in range(self._relays.max_connections)
        ]

    def notify(self) -> None:
        """Wake the connections that have nothing to do: there are more messages."""
        self._work_available.set()

    def stop(self) -> None:
        """Take no more messages."""
        self.stopping.set()
        self._work_available.set()

    async def close(self) -> None:
        """Stop watching; the tasks are the caller's."""
        await self._timeout_watch.close()

    async def _run_connection(self, index: int) -> None:
        """Keep one connection open while there is something to send, and send it."""
        now = asyncio.get_running_loop().time
        while not self.stopping.is_set():
            if self._events.count_unsent() <= index:
                await self._wait_for_work()
            elif (relay := self._relays.acquire(now())) is None:
                if not self.open_count and (
                    error := self._relays.get_outage_error(now(), self._outage_timeout)
                ):
                    await self._events.on_outage(error)
                    return
                await self._sleep_unless_stopped(
                    min(self._relays.get_retry_delay(now()) or POLL_SECONDS, POLL_SECONDS)
                )
            else:
                try:
                    await self._connect_and_send(relay)
                except ServerError as error:
                    self._relays.record_failure(relay, error, now())
                finally:
                    self._relays.release(relay)

    async def _connect_and_send(self, relay: SmtpRelay) -> None:
        """Connect to a relay and send over that connection until it ends. Raises ServerError."""
        session = await connect(
            relay,
            self._timeout_watch,
            without_pipelining=self._relays.should_skip_pipelining(relay),
        )
        self.open_count += 1
        self._events.on_connection_opened()
        try:
            await self._send_over(relay, session)
        finally:
            self.open_count -= 1
            await session.close()
        if trouble := session.relay_error:
            self._relays.record_empty_session(relay, asyncio.get_running_loop().time())
            raise trouble

    async def _send_over(self, relay: SmtpRelay, session: SmtpSession) -> None:
        """Send over one connection until it is used up, idle, or lost."""
        events = _RelayEvents(self, relay)
        while session.is_usable:
            try:
                async with asyncio.timeout(IDLE_TIMEOUT_SECONDS):
                    message = await self.ready.get()
            except TimeoutError:
                return
            if not session.is_usable:  # it went away while there was nothing to do
                self.ready.put_nowait(message)
                return
            await session.send(message, events)
            if session.has_answered and not session.relay_error:
                self._relays.record_success(relay)

    def take_next(self) -> OutgoingMessage | None:
        """Return the next message if one is ready."""
        return None if self.stopping.is_set() or self.ready.empty() else self.ready.get_nowait()

    def report_result(self, relay: SmtpRelay, message: OutgoingMessage, outcome: Outcome) -> None:
        """Pass on what became of a message.

        Of several relays, one that sends us away (421) is left alone, and another one is asked.
        """
        if outcome.code == SERVICE_NOT_AVAILABLE and self._relays.has_several:
            error = ServerError(
                "{host}:{port} takes no mail from us ({code} {reply}).",
                is_transient=True,
                host=relay.host,
                port=relay.port,
                code=outcome.code,
                reply=outcome.reply,
            )
            self._relays.record_failure(relay, error, asyncio.get_running_loop().time())
        self._events.on_result(message, outcome)

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


@dataclass(frozen=True, slots=True)
class _RelayEvents:
    """The events of one connection: results are noted with the relay that they came from."""

    pool: ConnectionPool
    relay: SmtpRelay

    def take_next(self) -> OutgoingMessage | None:
        return self.pool.take_next()

    def on_result(self, message: OutgoingMessage, outcome: Outcome) -> None:
        self.pool.report_result(self.relay, message, outcome)
