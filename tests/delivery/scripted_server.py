"""A mail server that does what a test says: any reply at any command, hang-ups, silence, nonsense.

It keeps a log of what it accepted, written before it answers: that is what the journal is compared
with.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from tests.waiting import HANG_SECONDS


class Action:
    """What a script may answer besides a reply."""

    #: Hang up properly, hang up hard, say nothing for ever; cut the line once some of the message
    #: has come.
    CLOSE, RESET, SILENCE, CUT = object(), object(), object(), object()
    #: An octet of a reply now and then; replies without end.
    DRIP, FLOOD = object(), object()
    #: Throw away what has come already.
    FORGET = object()


@dataclass
class AcceptedMessage:
    """A message that the server took."""

    sender: str
    recipient: str
    content: bytes


@dataclass
class SeenTraffic:
    """How often what happened, over all connections."""

    connections: int = 0
    commands: list[str] = field(default_factory=list)
    #: Whole lines that came without encryption.
    clear_lines: list[str] = field(default_factory=list)
    #: How often it has talked without end, and nobody hung up.
    unstopped_replies: int = 0


#: What `_answer` returns for Do.CUT; nothing is sent.
CUT_MARK = b"cut"
#: (phase, argument, how many messages this connection has taken) → a reply, bytes as they are,
#: something of Do, or None: as usual.
Script = Callable[[str, str, int], object]

USUAL_REPLIES = {
    "connect": "220 scripted ESMTP",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go on",
    "dot": "250 2.0.0 taken",
    "rset": "250 ok",
    "noop": "250 ok",
    "quit": "221 bye",
    "auth": "235 2.7.0 ok",
    "starttls": "220 2.0.0 go on",
}


class ScriptedServer:
    """The server, in a thread: `with Scripted(script) as server:`.

    Phases: connect ehlo starttls auth mail rcpt data body dot after rset quit.

    `tls` is what it shows of itself, at once or (`starttls`) when it is asked. `ahead` is what it
    does when commands come before the answer to the one before: Do.RESET, or Do.FORGET them.
    """

    def __init__(
        self,
        script: Script = lambda *_: None,
        *,
        extensions: tuple[str, ...] = ("PIPELINING", "SIZE 10000000", "8BITMIME"),
        tls: ssl.SSLContext | None = None,
        starttls: bool = False,
        on_early_commands: object = None,
    ) -> None:
        self.script = script
        self.on_early_commands = on_early_commands
        self.extensions = extensions
        self.tls, self.starttls = tls, starttls
        self.accepted: list[AcceptedMessage] = []
        self.seen = SeenTraffic()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        assert self._ready.wait(HANG_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(HANG_SECONDS)

    @property
    def recipients(self) -> list[str]:
        """Who got something, in order, as often as they got it."""
        return [one.recipient for one in self.accepted]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(
            self._handle_client,
            "127.0.0.1",
            0,
            limit=2**22,
            backlog=500,
            ssl=None if self.starttls else self.tls,
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _handle_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.seen.connections += 1
        try:
            with contextlib.suppress(
                ConnectionError, asyncio.IncompleteReadError, _HungUpError, asyncio.CancelledError
            ):
                await self._run_session(reader, writer)
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _run_session(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        taken = 0
        sender, recipient = "", ""
        await self._reply_to_phase(writer, "connect", "", taken)
        while line := await reader.readline():
            verb, _, argument = line.decode("utf-8", "replace").strip().partition(" ")
            phase = verb.lower()
            self.seen.commands.append(phase)
            # what has come already
            if self.on_early_commands is Action.RESET and phase != "data" and reader._buffer:  # type: ignore[attr-defined]
                await self._send_reply(writer, Action.RESET)
            secret = writer.get_extra_info("ssl_object") is not None
            if not secret:
                self.seen.clear_lines.append(line.decode("utf-8", "replace"))
            if phase in ("ehlo", "helo"):
                names = [
                    "scripted",
                    *self.extensions,
                    *(["STARTTLS"] if self.starttls and not secret else []),
                ]
                usual = "".join(
                    f"250{'-' if at + 1 < len(names) else ' '}{name}\r\n"
                    for at, name in enumerate(names)
                ).encode()
                await self._reply_to_phase(writer, "ehlo", argument, taken, usual)
            elif phase == "starttls" and self.tls is not None:
                if (await self._reply_to_phase(writer, phase, argument, taken)).startswith(b"220"):
                    await writer.start_tls(self.tls)
            elif phase == "mail":
                said = await self._reply_to_phase(writer, phase, argument, taken)
                sender, recipient = argument if said.startswith(b"2") else "", ""
            elif phase == "rcpt":
                said = await self._reply_to_phase(
                    writer, phase, argument, taken, None if sender else b"503 5.5.1 no sender\r\n"
                )
                if said.startswith(b"2"):
                    recipient = argument.partition("<")[2].partition(">")[0]
            elif phase == "data":
                said = await self._reply_to_phase(
                    writer,
                    phase,
                    recipient,
                    taken,
                    None if recipient else b"503 5.5.1 no recipients\r\n",
                )
                if said.startswith(b"354"):
                    taken += await self._receive_content(reader, writer, (sender, recipient), taken)
                    recipient = ""
            else:
                await self._reply_to_phase(
                    writer,
                    phase,
                    argument,
                    taken,
                    b"500 5.5.1 what?\r\n" if phase not in USUAL_REPLIES else None,
                )
                if phase == "quit":
                    return

    async def _receive_content(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        envelope: tuple[str, str],
        taken: int,
    ) -> int:
        sender, recipient = envelope
        cut = await self._reply_to_phase(writer, "body", recipient, taken, b"") == CUT_MARK
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if cut and len(lines) > 20:
                writer.transport.abort()  # no close_notify
            if not line:
                raise _HungUpError
            lines.append(line)
        if self.on_early_commands is Action.FORGET:
            reader._buffer.clear()  # type: ignore[attr-defined]  # what has come already
        answer = (
            self.script("dot", recipient, taken) if recipient else "554 5.5.1 no valid recipients"
        )
        if answer is None or (isinstance(answer, str | bytes) and answer[:1] in ("2", b"2")):
            self.accepted.append(AcceptedMessage(sender, recipient, b"".join(lines)))
            await self._reply_to_phase(writer, "after", recipient, taken, b"")
        await self._send_reply(writer, answer if answer is not None else USUAL_REPLIES["dot"])
        return 1

    async def _reply_to_phase(
        self,
        writer: asyncio.StreamWriter,
        phase: str,
        argument: str,
        taken: int,
        usual: bytes | None = None,
    ) -> bytes:
        answer = self.script(phase, argument, taken)
        if answer is None:
            answer = usual if usual is not None else USUAL_REPLIES[phase]
        return await self._send_reply(writer, answer)

    async def _send_reply(self, writer: asyncio.StreamWriter, answer: object) -> bytes:
        if answer is Action.SILENCE:
            await asyncio.sleep(3600)
        if answer is Action.DRIP or answer is Action.FLOOD:
            await self._reply_endlessly(writer, answer is Action.FLOOD)
        if answer is Action.RESET:
            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        if answer is Action.CLOSE or answer is Action.RESET:
            raise _HungUpError
        if answer is Action.CUT:
            return CUT_MARK
        data = answer if isinstance(answer, bytes) else f"{answer}\r\n".encode()
        if data:
            writer.write(data)
            await writer.drain()
            if data.startswith(b"421"):
                raise _HungUpError
        return data

    async def _reply_endlessly(self, writer: asyncio.StreamWriter, flood: bool) -> None:
        """Talk until the other side has had enough, or for some seconds."""
        for _ in range(50):
            writer.write(b"250 ok\r\n" * 2000 if flood else b"2")
            await writer.drain()
            await asyncio.sleep(0.1)
        self.seen.unstopped_replies += 1
        raise _HungUpError


class _HungUpError(Exception):
    """The script wants the connection closed."""
