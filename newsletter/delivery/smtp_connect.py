"""Open a connection to a mail server: TLS verified, STARTTLS never left out, AUTH never in clear.

aiosmtplib connects, greets and signs in; then `smtp.SmtpSession` takes over. What goes wrong on the
way becomes a ServerError with a sentence for staff.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiosmtplib

from newsletter.delivery.events import SingleMessage
from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.protocol import ReplyProtocol, TimeoutWatch, as_transport
from newsletter.delivery.smtp import SmtpSession
from newsletter.delivery.smtp_relay import Security, SmtpRelay
from newsletter.domain.delivery import Outcome
from newsletter.errors import ServerError
from newsletter.i18n import Phrase


async def connect(
    relay: SmtpRelay, timeout_watch: TimeoutWatch, *, without_pipelining: bool = False
) -> SmtpSession:
    """Open a connection that messages can go over.

    `without_pipelining`: one command at a time, even where PIPELINING is offered. Raises
    ServerError, `is_transient` where trying again later may help.
    """
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        username=relay.username,
        password=relay.password,
        use_tls=relay.security is Security.tls,
        # Never None: that would sign in without encryption.
        start_tls=relay.security is Security.starttls,
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
    protocol = ReplyProtocol(as_transport(client.protocol.transport))
    extensions = {
        name: value
        for name, value in client.esmtp_extensions.items()
        if not (without_pipelining and name == "pipelining")
    }
    return SmtpSession(protocol, relay, extensions, timeout_watch)


@asynccontextmanager
async def open_session(relay: SmtpRelay) -> AsyncIterator[SmtpSession]:
    """Lend a session with a timeout watch of its own, and close both. Raises ServerError."""
    timeout_watch = TimeoutWatch()
    try:
        session = await connect(relay, timeout_watch)
        try:
            yield session
        finally:
            await session.close()
    finally:
        await timeout_watch.close()


async def send_single(session: SmtpSession, message: OutgoingMessage) -> Outcome:
    """Send one message over a session, and return what became of it."""
    events = SingleMessage()
    await session.send(message, events)
    return events.outcome


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


def _as_server_error(relay: SmtpRelay, error: Exception) -> ServerError:
    """Turn what aiosmtplib, the socket or TLS raised into a sentence, without the password."""
    where: dict[str, Any] = {"host": relay.host, "port": relay.port}
    is_wrapped = isinstance(error, aiosmtplib.SMTPConnectError) and error.__cause__
    cause = error.__cause__ if is_wrapped and error.__cause__ else error
    if isinstance(cause, ssl.SSLError):
        return _as_tls_error(cause, where)
    # A bare SMTPException: STARTTLS was asked for and isn't offered. Somebody on the way may have
    # taken it out.
    if isinstance(error, aiosmtplib.SMTPNotSupported) or type(error) is aiosmtplib.SMTPException:
        return ServerError(
            "{host}:{port} offers no encryption or no sign-in that we know. Check smtp.port and"
            " smtp.security.",
            **where,
        )
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _as_refusal(error, where)
    return ServerError(
        "{host}:{port} can't be reached ({kind}). Check smtp.host and smtp.port.",
        kind=_describe_failure(cause),
        is_transient=True,
        **where,
    )


def _as_tls_error(error: ssl.SSLError, where: dict[str, Any]) -> ServerError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerError(
            "{host} shows a certificate that can't be trusted ({reason}). Check smtp.host, or ask"
            " whoever runs the server.",
            reason=error.verify_message,
            **where,
        )
    return ServerError(
        "{host}:{port} doesn't speak TLS as expected. Check smtp.port and smtp.security (465:"
        " tls, 587: starttls).",
        **where,
    )


def _as_refusal(error: aiosmtplib.SMTPResponseException, where: dict[str, Any]) -> ServerError:
    """Say what a reply means that came before any message: a 4xx may pass."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return ServerError(
            "{host} refuses the sign-in ({code}). Check smtp.username and the password.",
            code=error.code,
            is_transient=400 <= error.code < 500,
            **where,
        )
    return ServerError(
        "{host}:{port} takes no mail from us ({code} {reply}).",
        code=error.code,
        reply=error.message,
        is_transient=error.code < 500,
        **where,
    )


def _describe_failure(error: BaseException) -> str | Phrase:
    if isinstance(error, TimeoutError):
        return Phrase("no answer in time")
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return Phrase("it hung up")
    return error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
