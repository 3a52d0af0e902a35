"""A session with the mail server: messages over an open connection (RFC 5321, RFC 2920).

    MAIL RCPT DATA | message . MAIL RCPT DATA of the next | message . …   (PIPELINING is offered)
    MAIL | RCPT | DATA | message . | MAIL | …                             (where it isn't)

The reply to a dot belongs to the message before. Nothing is decided here but which phase a reply
answers.
"""

import asyncio
import contextlib
from typing import Any

from newsletter.delivery.events import SessionEvents
from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.protocol import ConnectionLost, ReplyProtocol, TimeoutWatch
from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import Phase, classify, classify_lost_connection, refuse_unwritable
from newsletter.delivery.smtp_relay import SmtpRelay
from newsletter.domain.delivery import Outcome, OutcomeKind
from newsletter.errors import ServerError
from newsletter.i18n import Phrase


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

        It ended before any message was answered, or lost an envelope that was sent ahead.
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

    async def send(self, first: OutgoingMessage, events: SessionEvents) -> None:
        """Send a message, then those that are ready, until the connection is used up or lost.

        Every message taken is reported once. Raises nothing that a server can cause.
        """
        message: OutgoingMessage | None = first
        envelope_sent = False
        while message is not None:
            message, envelope_sent = await self._send_one(message, envelope_sent, events)

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
        events: SessionEvents,
    ) -> tuple[OutgoingMessage | None, bool]:
        """Send one message, whose envelope may have gone with the content before it.

        Return the next message, and whether its envelope has been sent.
        """
        if refusal := self._why_not(message):
            events.on_result(message, refusal)
            return self._take_next(events), False
        self.messages_left -= 1
        try:
            outcome = await self._send_envelope(message, envelope_sent)
        except ConnectionLost as error:
            self._pipelined_envelope_lost = envelope_sent and self.protocol.timed_out
            events.on_result(message, self._classify_lost(error, after_dot=False))
            return None, False
        if outcome is not None:
            events.on_result(message, outcome)
            return (await self._reset(events)), False
        return await self._send_content(message, events)

    async def _send_envelope(self, message: OutgoingMessage, envelope_sent: bool) -> Outcome | None:
        """Get the server to wait for the content (None), or say why it doesn't."""
        times = self._timeouts
        if self.supports_pipelining:
            if not envelope_sent:
                self.protocol.write(_build_envelope_commands(message))
            mail, rcpt = await self.protocol.read_replies(2, times.command)
            (data,) = await self.protocol.read_replies(1, times.data)
            return await self._check_envelope_replies(mail, rcpt, data)
        for phase, command, timeout in zip(
            Phase,
            _build_envelope_commands(message).splitlines(keepends=True),
            (times.command, times.command, times.data),
            strict=False,
        ):
            self.protocol.write(command)
            (reply,) = await self.protocol.read_replies(1, timeout)
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
        self, message: OutgoingMessage, events: SessionEvents
    ) -> tuple[OutgoingMessage | None, bool]:
        """Send the content, and the next envelope with it where that is allowed (PIPELINING)."""
        if not self.protocol.is_in_sync():
            self.protocol.fail("the server says more than it was asked")
            events.on_result(message, self._classify_lost(self.protocol.failure, after_dot=False))
            return None, False
        following = self._take_next(events) if self.supports_pipelining else None
        pipelined = following is not None and self._why_not(following) is None
        ending = b".\r\n" + (
            _build_envelope_commands(following) if pipelined and following else b""
        )
        try:
            self.protocol.write(*message.parts, ending)
            await self.protocol.drain(self._timeouts.block)
            (reply,) = await self.protocol.read_replies(1, self._timeouts.dot)
        except ConnectionLost as error:
            events.on_result(message, self._classify_lost(error, after_dot=True))
            if following is not None:
                events.on_result(following, classify_lost_connection(str(error), after_dot=False))
            return None, False
        events.on_result(message, self._classify_reply(Phase.dot, reply))
        if following is not None:
            return following, pipelined
        return (
            self._take_next(events) if self.protocol.is_in_sync() else None
        ), False  # a goodbye is there already

    async def _reset(self, events: SessionEvents) -> OutgoingMessage | None:
        """Clear what is left of a refused transaction, and take the next message."""
        if self.protocol.failure is not None:
            return None
        try:
            self.protocol.write(b"RSET\r\n")
            (reply,) = await self.protocol.read_replies(1, self._timeouts.command)
        except ConnectionLost:
            return None
        if not reply.is_positive:
            self.protocol.fail("the server doesn't start over")
        return self._take_next(events)

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

    def _take_next(self, events: SessionEvents) -> OutgoingMessage | None:
        return (
            events.take_next() if self.messages_left > 0 and self.protocol.failure is None else None
        )


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
