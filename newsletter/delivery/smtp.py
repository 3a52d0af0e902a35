"""Connections to the mail server, and messages over them.

aiosmtplib connects (TLS verified, STARTTLS never left out, AUTH never in clear, EHLO), then `wire`
takes over:

    MAIL RCPT DATA | message . MAIL RCPT DATA of the next | message . …      (RFC 2920, where PIPELINING is offered)
    MAIL | RCPT | DATA | message . | MAIL | …                                 (where it isn't)

The reply to a dot belongs to the message before. Nothing is decided here but which phase a reply
answers.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import aiosmtplib

from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import Phase, cannot_write, classify, lost
from newsletter.delivery.wire import Lost, Watchdog, Wire, transport_of
from newsletter.domain.delivery import Delivery, Outcome, OutcomeKind
from newsletter.errors import ServerError
from newsletter.i18n import Phrase


class Security(StrEnum):
    """How a connection is made safe."""

    tls = "tls"
    starttls = "starttls"
    none = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to wait for each kind of answer (RFC 5321, 4.5.3.2)."""

    connect: float = 60
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    quit: float = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server that takes our mail."""

    host: str
    port: int = 465
    security: Security = Security.tls
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    connections: int = 4
    messages_per_connection: int = 500
    #: Of several servers, those with the lowest number are used, each by its weight; the others
    #: stand in.
    priority: int = 0
    weight: int = 1
    #: What we call ourselves in EHLO: a name in the DNS.
    local_hostname: str = "localhost"
    timeouts: Timeouts = Timeouts()
    #: Instead of the system's certificates; for tests.
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, ready to go."""

    delivery: Delivery
    sender: str
    #: The message in wire form, without the final dot; what all messages have in common is the same
    #: object in all of them.
    parts: Sequence[bytes]

    @property
    def size(self) -> int:
        """Octets of the message."""
        return sum(map(len, self.parts))

    @property
    def utf8(self) -> bool:
        """Whether it needs SMTPUTF8."""
        return not self.delivery.email.isascii()


#: Takes what became of a letter.
Report = Callable[[Letter, Outcome], None]
#: Gives the next letter if one is ready.
Next = Callable[[], Letter | None]


async def connect(server: Server, watchdog: Watchdog, *, in_step: bool = False) -> "Session":
    """Open a connection that messages can go over.

    `in_step`: without PIPELINING, even where it is offered.

    Raises ServerError: `passing` is True where trying again later may help.
    """
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.security is Security.tls,
        start_tls=server.security
        is Security.starttls,  # never None: that would sign in without encryption
        local_hostname=server.local_hostname,
        timeout=server.timeouts.connect,
        tls_context=server.tls_context,
    )
    if server.username and server.security is Security.none:
        raise ServerError(
            "smtp.username would go over the network unencrypted. Set smtp.security to tls or"
            " starttls."
        )
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await _greet(client)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        client.close()
        raise _told(server, error) from error
    except asyncio.CancelledError:  # the send ends while a server lets us wait
        client.close()
        raise
    assert client.protocol is not None
    wire = Wire(transport_of(client.protocol.transport))
    extensions = {
        name: value
        for name, value in client.esmtp_extensions.items()
        if not (in_step and name == "pipelining")
    }
    return Session(wire, server, extensions, watchdog)


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


class Session:
    """A connection with its rules: pipelined or in step, with SMTPUTF8 or without."""

    def __init__(
        self, wire: Wire, server: Server, extensions: dict[str, str], watchdog: Watchdog
    ) -> None:
        self.wire = wire
        self.pipelining = "pipelining" in extensions
        self.utf8 = "smtputf8" in extensions
        self.size = _octets(extensions.get("size", ""))
        self.left = server.messages_per_connection
        #: Whether a message was answered by a word that is about it, and what ended the connection,
        #: if a word did.
        self.answered = False
        self._last_word: Reply | None = None
        self._swallowed = False
        self._server = server
        self._times = server.timeouts
        self._watchdog = watchdog
        watchdog.watch(wire)

    @property
    def usable(self) -> bool:
        """Whether another message can go over it."""
        return self.left > 0 and self.wire.failure is None and self.wire.in_step()

    @property
    def trouble(self) -> ServerError | None:
        """What this connection says of its server.

        It ended before any message was answered, or swallowed what rode along.
        """
        if (
            self.wire.failure is None
            or self.left == self._server.messages_per_connection
            or (self.answered and not self._swallowed)
        ):
            return None
        where: dict[str, Any] = {
            "host": self._server.host,
            "port": self._server.port,
            "passing": True,
        }
        if word := self._last_word:
            return ServerError(
                "{host}:{port} takes no mail from us ({code} {reply}).",
                code=word.code,
                reply=word.text,
                **where,
            )
        kind = Phrase("no answer in time") if self.wire.silent else Phrase("it hung up")
        return ServerError(
            "{host}:{port} can't be reached ({kind}). Check smtp.host and smtp.port.",
            kind=kind,
            **where,
        )

    async def send(self, first: Letter, following: Next, report: Report) -> None:
        """Send a letter, then those that are ready, until none is, or the connection is used up or lost.

        Every letter taken is reported on once. Raises nothing that a server can cause.
        """
        letter: Letter | None = first
        ridden = False
        while letter is not None:
            letter, ridden = await self._one(letter, ridden, following, report)

    async def close(self) -> None:
        """Say goodbye, and don't wait for long."""
        self._watchdog.forget(self.wire)
        with contextlib.suppress(Lost, TimeoutError):
            if self.wire.failure is None and self.wire.in_step():
                self.wire.write(b"QUIT\r\n")
                async with asyncio.timeout(self._times.quit):
                    await self.wire.replies(1, self._times.quit)
        self.wire.transport.abort()

    async def _one(
        self, letter: Letter, ridden: bool, following: Next, report: Report
    ) -> tuple[Letter | None, bool]:
        """Send one letter, whose envelope may have ridden along with the one before.

        Return the next, and whether it rides.
        """
        if refusal := self._cannot_take(letter):
            report(letter, refusal)
            return self._next(following), False
        self.left -= 1
        try:
            outcome = await self._envelope(letter, ridden)
        except Lost as error:
            self._swallowed = ridden and self.wire.silent
            report(letter, self._ended(error, after_dot=False))
            return None, False
        if outcome is not None:
            report(letter, outcome)
            return (await self._start_over(following)), False
        return await self._content(letter, following, report)

    async def _envelope(self, letter: Letter, ridden: bool) -> Outcome | None:
        """Get the server to wait for the content (None), or say why it doesn't."""
        times = self._times
        if self.pipelining:
            if not ridden:
                self.wire.write(_commands(letter))
            mail, rcpt = await self.wire.replies(2, times.command)
            (data,) = await self.wire.replies(1, times.data)
            return await self._judged(mail, rcpt, data)
        for phase, command, patience in zip(
            Phase,
            _commands(letter).splitlines(keepends=True),
            (times.command, times.command, times.data),
            strict=False,
        ):
            self.wire.write(command)
            (reply,) = await self.wire.replies(1, patience)
            if reply.code != 354 if phase is Phase.data else not reply.positive:
                return self._judgement(phase, reply)
        return None

    async def _judged(self, mail: Reply, rcpt: Reply, data: Reply) -> Outcome | None:
        for phase, reply in ((Phase.mail, mail), (Phase.rcpt, rcpt)):
            if not reply.positive:
                if data.code == 354:
                    await self._give_nothing(rcpt)
                return self._judgement(phase, reply)
        return None if data.code == 354 else self._judgement(Phase.data, data)

    async def _give_nothing(self, rcpt: Reply) -> None:
        """End a transaction that waits for a content although a part of it was refused."""
        if rcpt.positive:  # an empty message would reach that reader
            self.wire.fail("the server goes on after a refusal")
            return
        self.wire.write(b".\r\n")  # RFC 2920, 3.1: it has no recipient, so it refuses that
        await self.wire.replies(1, self._times.dot)

    async def _content(
        self, letter: Letter, following: Next, report: Report
    ) -> tuple[Letter | None, bool]:
        """Send the content; the next envelope rides along where that is allowed."""
        if not self.wire.in_step():
            self.wire.fail("the server says more than it was asked")
            report(letter, self._ended(self.wire.failure, after_dot=False))
            return None, False
        following_letter = self._next(following) if self.pipelining else None
        rides = following_letter is not None and self._cannot_take(following_letter) is None
        ending = b".\r\n" + (_commands(following_letter) if rides and following_letter else b"")
        try:
            self.wire.write(*letter.parts, ending)
            await self.wire.drained(self._times.block)
            (reply,) = await self.wire.replies(1, self._times.dot)
        except Lost as error:
            report(letter, self._ended(error, after_dot=True))
            if following_letter is not None:
                report(following_letter, lost(str(error), after_dot=False))
            return None, False
        report(letter, self._judgement(Phase.dot, reply))
        if following_letter is not None:
            return following_letter, rides
        return (
            self._next(following) if self.wire.in_step() else None
        ), False  # a goodbye is there already

    async def _start_over(self, following: Next) -> Letter | None:
        """Clear what is left of a refused transaction, and take the next letter."""
        if self.wire.failure is not None:
            return None
        try:
            self.wire.write(b"RSET\r\n")
            (reply,) = await self.wire.replies(1, self._times.command)
        except Lost:
            return None
        if not reply.positive:
            self.wire.fail("the server doesn't start over")
        return self._next(following)

    def _judgement(self, phase: Phase, reply: Reply) -> Outcome:
        """Say what a reply means; one that makes no sense here, and any 421 or 4.5.3, ends the connection."""
        out_of_place = reply.code < 400 and not (phase is Phase.dot and reply.positive)
        if out_of_place:
            self.wire.fail("the server's reply doesn't belong there")
            return lost(f"{reply.code} {reply.text}", after_dot=phase is Phase.dot)
        # 4.5.3, "too many recipients": we name one in each message, so it is what this connection
        # may send.
        if reply.code in (421, 503) or (reply.code > 400 and reply.status == "4.5.3"):
            self._last_word = reply
            self.wire.fail("the server ends the connection")
        else:
            self.answered = True
        return classify(phase, reply)

    def _ended(self, error: Lost | None, *, after_dot: bool) -> Outcome:
        """Say what a lost connection means, with the server's last words (a 421 while nothing was asked, say)."""
        last = self.wire.farewell()
        if last is not None and last.code == 421 and not after_dot:
            self._last_word = last
            return classify(Phase.mail, last)
        return lost(str(error), after_dot=after_dot)

    def _cannot_take(self, letter: Letter) -> Outcome | None:
        if letter.utf8 and not self.utf8:
            return cannot_write(
                "the mail server takes no addresses with letters beyond ASCII before the @"
                " (SMTPUTF8)",
                "5.6.7",
            )
        if self.size and letter.size > self.size:
            text = f"{letter.size} octets, and it takes {self.size}"
            return Outcome(kind=OutcomeKind.ours, code=552, status="5.3.4", reply=text)
        return None

    def _next(self, following: Next) -> Letter | None:
        return following() if self.left > 0 and self.wire.failure is None else None


def _octets(said: str) -> int:
    """Read what stands behind SIZE (RFC 1870, 4: up to 20 digits).

    0: there is no limit, or none that makes sense.
    """
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 20 else 0


def _commands(letter: Letter) -> bytes:
    extra = " SMTPUTF8" if letter.utf8 else ""
    return f"MAIL FROM:<{letter.sender}>{extra}\r\nRCPT TO:<{letter.delivery.email}>\r\nDATA\r\n".encode()


def _told(server: Server, error: Exception) -> ServerError:
    """Turn what aiosmtplib, the socket or TLS raised into a sentence.

    The password stands in none of them.
    """
    where: dict[str, Any] = {"host": server.host, "port": server.port}
    cause = (
        error.__cause__
        if isinstance(error, aiosmtplib.SMTPConnectError) and error.__cause__
        else error
    )
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ServerError(
            "{host} shows a certificate that can't be trusted ({reason}). Check smtp.host, or ask whoever runs the server.",
            reason=cause.verify_message, **where,
        )  # fmt: skip
    if isinstance(cause, ssl.SSLError):
        return ServerError(
            "{host}:{port} doesn't speak TLS as expected. Check smtp.port and smtp.security (465:"
            " tls, 587: starttls).",
            **where,
        )
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        passing = 400 <= error.code < 500
        return ServerError(
            "{host} refuses the sign-in ({code}). Check smtp.username and the password.",
            code=error.code,
            passing=passing,
            **where,
        )
    # A bare SMTPException: STARTTLS was asked for and isn't offered. Somebody on the way may have
    # taken it out.
    if isinstance(error, aiosmtplib.SMTPNotSupported) or type(error) is aiosmtplib.SMTPException:
        return ServerError(
            "{host}:{port} offers no encryption or no sign-in that we know. Check smtp.port and"
            " smtp.security.",
            **where,
        )
    if isinstance(error, aiosmtplib.SMTPResponseException):
        passing = error.code < 500
        return ServerError(
            "{host}:{port} takes no mail from us ({code} {reply}).",
            code=error.code,
            reply=error.message,
            passing=passing,
            **where,
        )
    return ServerError(
        "{host}:{port} can't be reached ({kind}). Check smtp.host and smtp.port.",
        kind=_kind(cause),
        passing=True,
        **where,
    )


def _kind(error: BaseException) -> str | Phrase:
    if isinstance(error, TimeoutError):
        return Phrase("no answer in time")
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return Phrase("it hung up")
    return error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
