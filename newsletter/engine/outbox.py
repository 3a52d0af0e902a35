"""Send what waits in the outbox: one mail after the other, over one connection, by one process.

    lock | what a crash left behind | take (→ sending, on disk) | transmit | done, later, lost

A mail whose server gave no answer isn't sent again: whoever misses it asks for another.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from random import random

from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.retry import BACKOFF_DELAYS
from newsletter.delivery.smtp_connect import open_session, send_single
from newsletter.delivery.smtp_relay import SmtpRelay
from newsletter.domain.confirmation import CONFIRMATION_LIFETIME, QueuedMail
from newsletter.domain.delivery import Delivery, DeliveryId, Outcome, OutcomeKind
from newsletter.domain.subscriber import SubscriberId
from newsletter.engine.send_run import hold_single_sender_lock
from newsletter.errors import AlreadySendingError
from newsletter.store import outbox
from newsletter.store.database import Database

log = logging.getLogger(__name__)
#: Makes the bytes of a mail; None: it isn't to be sent after all.
BuildMail = Callable[[QueuedMail], bytes | None]


def drain(
    database: Database,
    relay: SmtpRelay,
    sender: str,
    build_mail: BuildMail,
    *,
    clock: Callable[[], datetime],
    stop: threading.Event | None = None,
) -> int:
    """Send what is due, and return how many mails the server took.

    Does nothing where another process is at it. Raises ServerError where the server can't be
    reached: all wait.
    """
    with database.read() as connection:
        if not outbox.is_due(connection, clock()) and not outbox.count_by_state(connection).get(
            "sending"
        ):
            return 0
    try:
        with hold_single_sender_lock(database, "outbox"):
            with database.begin() as connection:
                if left := outbox.recover(connection):
                    log.warning("mail.unknown count=%d", left)
                outbox.delete_before(connection, clock() - 2 * CONFIRMATION_LIFETIME)
            return asyncio.run(
                _send_due(database, relay, sender, build_mail, clock, stop or threading.Event())
            )
    except AlreadySendingError:
        return 0


async def _send_due(
    database: Database,
    relay: SmtpRelay,
    sender: str,
    build_mail: BuildMail,
    clock: Callable[[], datetime],
    stop: threading.Event,
) -> int:
    with database.read() as connection:
        if not outbox.is_due(connection, clock()):
            return 0
    sent = 0
    async with open_session(relay) as session:
        while not stop.is_set() and session.is_usable:
            mail = await asyncio.to_thread(_take_next, database, clock())
            if mail is None:
                break
            content = await asyncio.to_thread(build_mail, mail)
            outcome = (
                await send_single(session, _build_message(mail, sender, content))
                if content is not None
                else None
            )
            await asyncio.to_thread(_record_outcome, database, mail, outcome, clock())
            sent += outcome is not None and outcome.kind is OutcomeKind.accepted
    return sent


def _take_next(database: Database, now: datetime) -> QueuedMail | None:
    with database.begin() as connection:
        return outbox.take(connection, now)


def _build_message(mail: QueuedMail, sender: str, content: bytes) -> OutgoingMessage:
    delivery = Delivery(
        id=DeliveryId(int(mail.id)), subscriber=mail.subscriber or SubscriberId(0), email=mail.email
    )
    return OutgoingMessage(delivery, sender, (content,))


def _record_outcome(
    database: Database, mail: QueuedMail, outcome: Outcome | None, now: datetime
) -> None:
    """Write what became of a mail; `None`: there was nothing to send."""
    with database.begin() as connection:
        match outcome.kind if outcome is not None else None:
            case None | OutcomeKind.accepted:
                outbox.remove(connection, mail.id)
            case OutcomeKind.refused:
                outbox.remove(connection, mail.id)
            case OutcomeKind.unknown:
                outbox.mark_unknown(connection, mail.id)
            case _:
                pause = BACKOFF_DELAYS[min(mail.attempts, len(BACKOFF_DELAYS)) - 1]
                # jitter
                jitter = timedelta(seconds=30 * random())  # noqa: S311
                outbox.defer(connection, mail.id, now + pause + jitter)
    if outcome is not None and outcome.kind is not OutcomeKind.accepted:
        log.warning(
            "mail.%s mail=%d kind=%s code=%d status=%s",
            outcome.kind,
            mail.id,
            mail.kind,
            outcome.code,
            outcome.status,
        )
