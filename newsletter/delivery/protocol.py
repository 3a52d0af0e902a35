"""The protocol: commands are written to a server, and whole replies read (RFC 5321, 4.2).

Takes a connection over from aiosmtplib once that has done TLS, EHLO and AUTH. aiosmtplib pays a
future, a lock and a timeout for each command, and waits for each reply; here commands are written
ahead and one future waits for whole replies.
"""

import asyncio
import re
from collections import deque
from functools import lru_cache
from typing import cast

from newsletter.delivery.reply import Reply

#: Octets of one line and of one reply: endless ones end the connection.
MAX_LINE_OCTETS = 8192
MAX_REPLY_OCTETS = 32768
#: Replies that nobody has asked for, or not yet.
MAX_PENDING_REPLIES = 64
_REPLY_LINE = re.compile(rb"([2-5][0-5][0-9])(?:([ -])([^\r\n]*))?\r?\n")


@lru_cache(maxsize=16)
def _parse_one_line_reply(line: bytes) -> Reply | None:
    """Return the reply that a single line is; None: it is a part of one, or none.

    Servers say few different things.
    """
    found = _REPLY_LINE.fullmatch(line) if len(line) <= MAX_LINE_OCTETS else None
    return (
        Reply(int(found[1]), (found[3] or b"").decode("utf-8", "replace"))
        if found and found[2] != b"-"
        else None
    )


class ConnectionLost(Exception):
    """The connection is gone or can't be trusted any more.

    Closed, silent for too long, or talking nonsense.
    """


class ReplyProtocol(asyncio.BufferedProtocol):
    """One connection. `deadline` is watched by `TimeoutWatch`, one for all of them."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        #: When to give up waiting, by the loop's clock; None: nothing is waited for.
        self.deadline: float | None = None
        self.failure: ConnectionLost | None = None
        #: Whether it was given up because no answer came.
        self.timed_out = False
        self._loop = asyncio.get_running_loop()
        # asyncio's own protocol asks for 256 KiB at each reply; it must be a memoryview, or TLS
        # corrupts it.
        self._incoming = memoryview(bytearray(4096))
        self._pending = b""
        self._lines: list[tuple[bytes, bytes]] = []
        self._reply_octets = 0
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False
        transport.set_protocol(self)

    # What we do

    def write(self, *parts: bytes) -> None:
        """Send bytes, later if the server is slow. Raises ConnectionLost."""
        if self.failure:
            raise self.failure
        self.transport.write(b"".join(parts))

    async def read_replies(self, count: int, timeout_seconds: float) -> list[Reply]:
        """Wait for this many whole replies, at most `timeout_seconds` for each of them.

        Raises ConnectionLost.
        """
        while len(self._replies) < count:
            if self.failure:
                raise self.failure
            await self._wait(timeout_seconds)
        return [self._replies.popleft() for _ in range(count)]

    async def drain(self, timeout_seconds: float) -> None:
        """Wait until the server has taken most of what was written. Raises ConnectionLost."""
        while self._paused:
            if self.failure:
                raise self.failure
            await self._wait(timeout_seconds)

    def is_in_sync(self) -> bool:
        """Return True if nothing has come that wasn't asked for."""
        return not self._replies and not self._pending and not self._lines

    def get_unsolicited_reply(self) -> Reply | None:
        """Return what the server said last without being asked: why it hung up, say."""
        return self._replies[-1] if self._replies else None

    def fail(self, reason: str) -> None:
        """End the connection at once."""
        self.failure = self.failure or ConnectionLost(reason)
        self.transport.abort()
        self._wake()

    # What the loop calls

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  # the base names it
        """Lend the buffer."""
        return self._incoming

    def buffer_updated(self, nbytes: int) -> None:
        """Read the lines that have come."""
        known = len(self._replies)
        data = self._pending + bytes(self._incoming[:nbytes])
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            if not self._parse_line(data[start : end + 1]):
                self.fail("the server's reply can't be understood")
                return
            start = end + 1
        self._pending = data[start:]
        if len(self._pending) > MAX_LINE_OCTETS or self._reply_octets > MAX_REPLY_OCTETS:
            self.fail("the server's reply has no end")
        elif len(self._replies) > MAX_PENDING_REPLIES:
            self.fail("the server says more than it was asked")
        elif len(self._replies) > known:  # a part of one is no reason to wait longer
            self._wake()

    def _parse_line(self, line: bytes) -> bool:
        if not self._lines and (reply := _parse_one_line_reply(line)):
            self._replies.append(reply)
            return True
        found = _REPLY_LINE.fullmatch(line)
        if (
            not found
            or (self._lines and self._lines[0][0] != found[1])
            or len(line) > MAX_LINE_OCTETS
        ):
            return False
        self._lines.append((found[1], found[3] or b""))
        self._reply_octets += len(line)
        if found[2] != b"-":
            text = "\n".join(part.decode("utf-8", "replace") for _, part in self._lines)
            self._replies.append(Reply(int(found[1]), text))
            self._lines, self._reply_octets = [], 0
        return True

    def pause_writing(self) -> None:
        """Note that the server is slower than we are."""
        self._paused = True

    def resume_writing(self) -> None:
        """Go on."""
        self._paused = False
        self._wake()

    def eof_received(self) -> bool:
        """Note that the server says no more."""
        self.failure = self.failure or ConnectionLost("the server closed the connection")
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the connection is gone."""
        self.failure = self.failure or ConnectionLost(
            f"the connection was lost ({type(exc).__name__})"
            if exc
            else "the connection was closed"
        )
        self._wake()

    async def _wait(self, timeout_seconds: float) -> None:
        self.deadline = self._loop.time() + timeout_seconds
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
            self.deadline = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class TimeoutWatch:
    """Ends connections that wait for too long.

    One timer for all of them, because one a command costs more than the command.
    """

    #: Seconds between two looks.
    CHECK_INTERVAL_SECONDS = 0.5

    def __init__(self) -> None:
        self._protocols: set[ReplyProtocol] = set()
        self._task: asyncio.Task[None] | None = None

    def watch(self, protocol: ReplyProtocol) -> None:
        """Take a connection in."""
        self._protocols.add(protocol)
        if self._task is None:
            self._task = asyncio.create_task(self._check_deadlines())

    def unwatch(self, protocol: ReplyProtocol) -> None:
        """Let a connection go."""
        self._protocols.discard(protocol)

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _check_deadlines(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while True:
            before = now
            await asyncio.sleep(self.CHECK_INTERVAL_SECONDS)
            now = loop.time()
            if now - before > 3 * self.CHECK_INTERVAL_SECONDS:
                # the process was frozen (Ctrl-Z): answers that have come meanwhile are read first
                continue
            for protocol in [
                one for one in self._protocols if one.deadline is not None and one.deadline < now
            ]:
                protocol.timed_out = True
                protocol.fail("the server didn't answer in time")


def as_transport(value: object) -> asyncio.Transport:
    """Return what aiosmtplib holds as the transport that it is."""
    return cast(asyncio.Transport, value)
