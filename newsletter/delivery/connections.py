"""The connections of one run, each to the server that has room for it.

a letter is ready → connect → send, one after the other → used up, idle or lost → connect
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from newsletter.delivery.servers import Servers
from newsletter.delivery.smtp import Letter, Report, Server, Session, connect
from newsletter.delivery.wire import Watchdog
from newsletter.domain.delivery import Outcome
from newsletter.errors import ServerError

#: Seconds between two looks where nothing else happens.
LOOK = 0.25
#: Seconds that a connection stays open with nothing to do.
IDLE = 5.0


class Connections:
    """Sends what is put into `ready`, and tells what became of each letter.

    `waiting` says how many letters there are to send, so that no more connections are opened than
    that. `given_up` is awaited where no server can be reached for `patience`, or ever.
    """

    def __init__(
        self,
        servers: Servers,
        *,
        waiting: Callable[[], int],
        opened: Callable[[], None],
        told: Report,
        given_up: Callable[[ServerError], Awaitable[None]],
        patience: timedelta,
    ) -> None:
        self.ready: asyncio.Queue[Letter] = asyncio.Queue()
        #: Nothing more is to be sent.
        self.over = asyncio.Event()
        self._more = asyncio.Event()
        #: How many are open.
        self.open = 0
        self._servers, self._patience = servers, patience.total_seconds()
        self._waiting, self._opened, self._told, self._given_up = waiting, opened, told, given_up
        self._watchdog = Watchdog()

    def run(self) -> list["asyncio.Task[None]"]:
        """Begin; return a task for each connection."""
        return [
            asyncio.create_task(self._connection(number))
            for number in range(self._servers.connections)
        ]

    def stir(self) -> None:
        """Tell those that have nothing to do that there are more letters."""
        self._more.set()

    def end(self) -> None:
        """Take no more letters."""
        self.over.set()
        self._more.set()

    async def close(self) -> None:
        """Stop watching; the tasks are the caller's."""
        await self._watchdog.close()

    async def _connection(self, number: int) -> None:
        """Keep one connection open while there is something to send, and send it."""
        now = asyncio.get_running_loop().time
        while not self.over.is_set():
            if self._waiting() <= number:
                await self._idle()
            elif (server := self._servers.take(now())) is None:
                if not self.open and (error := self._servers.given_up(now(), self._patience)):
                    await self._given_up(error)
                    return
                await self._nap(min(self._servers.wait(now()) or LOOK, LOOK))
            else:
                try:
                    await self._with(server)
                except ServerError as error:
                    self._servers.failed(server, error, now())
                finally:
                    self._servers.close(server)

    async def _with(self, server: Server) -> None:
        """Connect to a server and send over that connection until it ends. Raises ServerError."""
        session = await connect(server, self._watchdog, in_step=self._servers.in_step(server))
        self.open += 1
        self._opened()
        try:
            await self._use(
                server,
                session,
                partial(self._told_by, server) if self._servers.several else self._told,
            )
        finally:
            self.open -= 1
            await session.close()
        if trouble := session.trouble:
            self._servers.stumbled(server, asyncio.get_running_loop().time())
            raise trouble

    async def _use(self, server: Server, session: Session, report: Report) -> None:
        """Send over one connection until it is used up, idle, or lost."""
        while session.usable:
            try:
                async with asyncio.timeout(IDLE):
                    letter = await self.ready.get()
            except TimeoutError:
                return
            if not session.usable:  # it went away while there was nothing to do
                self.ready.put_nowait(letter)
                return
            await session.send(letter, self._following, report)
            if session.answered and not session.trouble:
                self._servers.reached(server)

    def _following(self) -> Letter | None:
        """Return the next letter if one is ready."""
        return None if self.over.is_set() or self.ready.empty() else self.ready.get_nowait()

    def _told_by(self, server: Server, letter: Letter, outcome: Outcome) -> None:
        """Take what became of a letter.

        A server that sends us away is left alone, and another one is asked.
        """
        if outcome.code == 421:
            words = "{host}:{port} takes no mail from us ({code} {reply})."
            error = ServerError(
                words,
                passing=True,
                host=server.host,
                port=server.port,
                code=outcome.code,
                reply=outcome.reply,
            )
            self._servers.failed(server, error, asyncio.get_running_loop().time())
        self._told(letter, outcome)

    async def _idle(self) -> None:
        """Wait until there may be something to send."""
        self._more.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await self._more.wait()

    async def _nap(self, seconds: float) -> None:
        """Wait, but not past the end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.over.wait()
