"""Connections to the mail server, and messages over them.

aiosmtplib connects (TLS verified, STARTTLS never left out, AUTH never in clear, EHLO), then `wire`
takes over:

    MAIL RCPT DATA | message . MAIL RCPT DATA of the next | message . …    (PIPELINING, RFC 2920)
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

from newsletter.delivery.protocol import ConnectionLost, ReplyProtocol, TimeoutWatch, as_transport
from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import Phase, classify, classify_lost_connection, refuse_unwritable
from newsletter.domain.delivery import Delivery, Outcome, OutcomeKind
from newsletter.errors import ServerError
from newsletter.i18n import Phrase


class Security(StrEnum):
    """How a connection is made safe."""

    tls = "tls"
    starttls = "starttls"
    none = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTimeouts:
    """Seconds to wait for each kind of answer (RFC 5321, 4.5.3.2)."""

    connect: float = 60
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    quit: float = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRelay:
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
    timeouts: SmtpTimeouts = SmtpTimeouts()
    #: Instead of the system's certificates; for tests.
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
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
    def needs_smtputf8(self) -> bool:
        """Whether it needs SMTPUTF8."""
        return not self.delivery.email.isascii()


#: Takes what became of a letter.
OnResult = Callable[[OutgoingMessage, Outcome], None]
#: Gives the next letter if one is ready.
TakeNext = Callable[[], OutgoingMessage | None]


async def connect(
    relay: SmtpRelay, timeout_watch: TimeoutWatch, *, without_pipelining: bool = False
) -> "SmtpSession":
    """Open a connection that messages can go over.

    `in_step`: without PIPELINING, even where it is offered.

    Raises ServerError: `passing` is True where trying again later may help.
    """
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        username=relay.username,
        password=relay.password,
        use_tls=relay.security is Security.tls,
        start_tls=relay.security
        is Security.starttls,  # never None: that would sign in without encryption
        local_hostname=relay.local_hostname,
        timeout=relay.timeouts.connect,
        tls_context=relay.tls_context,
    )
    if relay.username and relay.security is Security.none:
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
        raise _as_server_error(relay, error) from error
    except asyncio.CancelledError:  # the send ends while a server lets us wait
        client.close()
        raise
    assert client.protocol is not None
    wire = ReplyProtocol(as_transport(client.protocol.transport))
    extensions = {
        name: value
        for name, value in client.esmtp_extensions.items()
        if not (without_pipelining and name == "pipelining")
    }
    return SmtpSession(wire, relay, extensions, timeout_watch)


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


class SmtpSession:
    """A connection with its rules: pipelined or in step, with SMTPUTF8 or without."""

    def __init__(
        self,
        protocol: ReplyProtocol,
        relay: SmtpRelay,
        extensions: dict[str, str],
        timeout_watch: TimeoutWatch,
    ) -> None:
        self.protocol = protocol
        self.supports_pipelining = "pipelining" in extensions
        self.supports_smtputf8 = "smtputf8" in extensions
        self.max_message_octets = _parse_size_limit(extensions.get("size", ""))
        self.messages_left = relay.messages_per_connection
        #: Whether a message was answered by a word that is about it, and what ended the connection,
        #: if a word did.
        self.has_answered = False
        self._final_reply: Reply | None = None
        self._pipelined_envelope_lost = False
        self._relay = relay
        self._timeouts = relay.timeouts
        self._timeout_watch = timeout_watch
        timeout_watch.watch(protocol)

    @property
    def is_usable(self) -> bool:
        """Whether another message can go over it."""
        return (
            self.messages_left > 0 and self.protocol.failure is None and self.protocol.is_in_sync()
        )

    @property
    def relay_error(self) -> ServerError | None:
        """What this connection says of its server.

        It ended before any message was answered, or swallowed what rode along.
        """
        if (
            self.protocol.failure is None
            or self.messages_left == self._relay.messages_per_connection
            or (self.has_answered and not self._pipelined_envelope_lost)
        ):
            return None
        where: dict[str, Any] = {
            "host": self._relay.host,
            "port": self._relay.port,
            "is_transient": True,
        }
        if word := self._final_reply:
            return ServerError(
                "{host}:{port} takes no mail from us ({code} {reply}).",
                code=word.code,
                reply=word.text,
                **where,
            )
        kind = Phrase("no answer in time") if self.protocol.timed_out else Phrase("it hung up")
        return ServerError(
            "{host}:{port} can't be reached ({kind}). Check smtp.host and smtp.port.",
            kind=kind,
            **where,
        )

    async def send(self, first: OutgoingMessage, take_next: TakeNext, on_result: OnResult) -> None:
        """Send a message, then those that are ready, until the connection is used up or lost.

        Every letter taken is reported on once. Raises nothing that a server can cause.
        """
        letter: OutgoingMessage | None = first
        ridden = False
        while letter is not None:
            letter, ridden = await self._send_one(letter, ridden, take_next, on_result)

    async def close(self) -> None:
        """Say goodbye, and don't wait for long."""
        self._timeout_watch.unwatch(self.protocol)
        with contextlib.suppress(ConnectionLost, TimeoutError):
            if self.protocol.failure is None and self.protocol.is_in_sync():
                self.protocol.write(b"QUIT\r\n")
                async with asyncio.timeout(self._timeouts.quit):
                    await self.protocol.read_replies(1, self._timeouts.quit)
        self.protocol.transport.abort()

    async def _send_one(
        self,
        message: OutgoingMessage,
        envelope_sent: bool,
        take_next: TakeNext,
        on_result: OnResult,
    ) -> tuple[OutgoingMessage | None, bool]:
        """Send one letter, whose envelope may have ridden along with the one before.

        Return the next, and whether it rides.
        """
        if refusal := self._why_not(message):
            on_result(message, refusal)
            return self._take_next(take_next), False
        self.messages_left -= 1
        try:
            outcome = await self._send_envelope(message, envelope_sent)
        except ConnectionLost as error:
            self._pipelined_envelope_lost = envelope_sent and self.protocol.timed_out
            on_result(message, self._classify_lost(error, after_dot=False))
            return None, False
        if outcome is not None:
            on_result(message, outcome)
            return (await self._reset(take_next)), False
        return await self._send_content(message, take_next, on_result)

    async def _send_envelope(self, message: OutgoingMessage, envelope_sent: bool) -> Outcome | None:
        """Get the server to wait for the content (None), or say why it doesn't."""
        times = self._timeouts
        if self.supports_pipelining:
            if not envelope_sent:
                self.protocol.write(_build_envelope_commands(message))
            mail, rcpt = await self.protocol.read_replies(2, times.command)
            (data,) = await self.protocol.read_replies(1, times.data)
            return await self._check_envelope_replies(mail, rcpt, data)
        for phase, command, patience in zip(
            Phase,
            _build_envelope_commands(message).splitlines(keepends=True),
            (times.command, times.command, times.data),
            strict=False,
        ):
            self.protocol.write(command)
            (reply,) = await self.protocol.read_replies(1, patience)
            if reply.code != 354 if phase is Phase.data else not reply.is_positive:
                return self._classify_reply(phase, reply)
        return None

    async def _check_envelope_replies(
        self, mail: Reply, rcpt: Reply, data: Reply
    ) -> Outcome | None:
        for phase, reply in ((Phase.mail, mail), (Phase.rcpt, rcpt)):
            if not reply.is_positive:
                if data.code == 354:
                    await self._abort_data(rcpt)
                return self._classify_reply(phase, reply)
        return None if data.code == 354 else self._classify_reply(Phase.data, data)

    async def _abort_data(self, rcpt: Reply) -> None:
        """End a transaction that waits for a content although a part of it was refused."""
        if rcpt.is_positive:  # an empty message would reach that reader
            self.protocol.fail("the server goes on after a refusal")
            return
        self.protocol.write(b".\r\n")  # RFC 2920, 3.1: it has no recipient, so it refuses that
        await self.protocol.read_replies(1, self._timeouts.dot)

    async def _send_content(
        self, message: OutgoingMessage, take_next: TakeNext, on_result: OnResult
    ) -> tuple[OutgoingMessage | None, bool]:
        """Send the content; the next envelope rides along where that is allowed."""
        if not self.protocol.is_in_sync():
            self.protocol.fail("the server says more than it was asked")
            on_result(message, self._classify_lost(self.protocol.failure, after_dot=False))
            return None, False
        following_letter = self._take_next(take_next) if self.supports_pipelining else None
        rides = following_letter is not None and self._why_not(following_letter) is None
        ending = b".\r\n" + (
            _build_envelope_commands(following_letter) if rides and following_letter else b""
        )
        try:
            self.protocol.write(*message.parts, ending)
            await self.protocol.drain(self._timeouts.block)
            (reply,) = await self.protocol.read_replies(1, self._timeouts.dot)
        except ConnectionLost as error:
            on_result(message, self._classify_lost(error, after_dot=True))
            if following_letter is not None:
                on_result(following_letter, classify_lost_connection(str(error), after_dot=False))
            return None, False
        on_result(message, self._classify_reply(Phase.dot, reply))
        if following_letter is not None:
            return following_letter, rides
        return (
            self._take_next(take_next) if self.protocol.is_in_sync() else None
        ), False  # a goodbye is there already

    async def _reset(self, take_next: TakeNext) -> OutgoingMessage | None:
        """Clear what is left of a refused transaction, and take the next letter."""
        if self.protocol.failure is not None:
            return None
        try:
            self.protocol.write(b"RSET\r\n")
            (reply,) = await self.protocol.read_replies(1, self._timeouts.command)
        except ConnectionLost:
            return None
        if not reply.is_positive:
            self.protocol.fail("the server doesn't start over")
        return self._take_next(take_next)

    def _classify_reply(self, phase: Phase, reply: Reply) -> Outcome:
        """Classify a reply; one that makes no sense here, any 421 or 4.5.3 ends the connection."""
        out_of_place = reply.code < 400 and not (phase is Phase.dot and reply.is_positive)
        if out_of_place:
            self.protocol.fail("the server's reply doesn't belong there")
            return classify_lost_connection(
                f"{reply.code} {reply.text}", after_dot=phase is Phase.dot
            )
        # 4.5.3, "too many recipients": we name one in each message, so it is what this connection
        # may send.
        if reply.code in (421, 503) or (reply.code > 400 and reply.status == "4.5.3"):
            self._final_reply = reply
            self.protocol.fail("the server ends the connection")
        else:
            self.has_answered = True
        return classify(phase, reply)

    def _classify_lost(self, error: ConnectionLost | None, *, after_dot: bool) -> Outcome:
        """Classify a lost connection, by the server's last words (an unsolicited 421, say)."""
        last = self.protocol.get_unsolicited_reply()
        if last is not None and last.code == 421 and not after_dot:
            self._final_reply = last
            return classify(Phase.mail, last)
        return classify_lost_connection(str(error), after_dot=after_dot)

    def _why_not(self, message: OutgoingMessage) -> Outcome | None:
        if message.needs_smtputf8 and not self.supports_smtputf8:
            return refuse_unwritable(
                "the mail server takes no addresses with letters beyond ASCII before the @"
                " (SMTPUTF8)",
                "5.6.7",
            )
        if self.max_message_octets and message.size > self.max_message_octets:
            text = f"{message.size} octets, and it takes {self.max_message_octets}"
            return Outcome(kind=OutcomeKind.our_fault, code=552, status="5.3.4", reply=text)
        return None

    def _take_next(self, take_next: TakeNext) -> OutgoingMessage | None:
        return take_next() if self.messages_left > 0 and self.protocol.failure is None else None


def _parse_size_limit(size_parameter: str) -> int:
    """Read what stands behind SIZE (RFC 1870, 4: up to 20 digits).

    0: there is no limit, or none that makes sense.
    """
    return (
        int(size_parameter)
        if size_parameter.isascii() and size_parameter.isdigit() and len(size_parameter) <= 20
        else 0
    )


def _build_envelope_commands(message: OutgoingMessage) -> bytes:
    extra = " SMTPUTF8" if message.needs_smtputf8 else ""
    commands = f"MAIL FROM:<{message.sender}>{extra}", f"RCPT TO:<{message.delivery.email}>", "DATA"
    return "".join(f"{command}\r\n" for command in commands).encode()


def _as_server_error(relay: SmtpRelay, error: Exception) -> ServerError:
    """Turn what aiosmtplib, the socket or TLS raised into a sentence.

    The password stands in none of them.
    """
    where: dict[str, Any] = {"host": relay.host, "port": relay.port}
    cause = (
        error.__cause__
        if isinstance(error, aiosmtplib.SMTPConnectError) and error.__cause__
        else error
    )
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ServerError(
            "{host} shows a certificate that can't be trusted ({reason}). Check smtp.host, or ask"
            " whoever runs the server.",
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
            is_transient=passing,
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
            is_transient=passing,
            **where,
        )
    return ServerError(
        "{host}:{port} can't be reached ({kind}). Check smtp.host and smtp.port.",
        kind=_describe_failure(cause),
        is_transient=True,
        **where,
    )


def _describe_failure(error: BaseException) -> str | Phrase:
    if isinstance(error, TimeoutError):
        return Phrase("no answer in time")
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return Phrase("it hung up")
    return error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
