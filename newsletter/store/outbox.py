"""Statements of the outbox: mails of our own that wait for the mail server.

put | take (→ sending, committed before DATA leaves) | done, later or lost
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.domain.confirmation import ConfirmationId, MailId, MailKind, MailState, QueuedMail
from newsletter.domain.subscriber import SubscriberId
from newsletter.store.tables import outbox as table


def put(connection: sa.Connection, mail: QueuedMail) -> MailId:
    """Put a mail into the outbox (`id` of the value is ignored) and return the id that it got."""
    columns = {
        "kind": mail.kind.value,
        "email": mail.email,
        "language": mail.language,
        "request": mail.confirmation,
        "subscriber": mail.subscriber,
        "state": MailState.waiting.value,
        "attempts": 0,
        "due": mail.created,
        "created": mail.created,
    }
    return MailId(
        connection.execute(sa.insert(table).values(columns).returning(table.c.id)).scalar_one()
    )


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Return True if a mail is due."""
    statement = sa.select(table.c.id).where(
        table.c.state == MailState.waiting.value, table.c.due <= now
    )
    return connection.execute(statement.limit(1)).scalar() is not None


def take(connection: sa.Connection, now: datetime) -> QueuedMail | None:
    """Return the next mail that is due, and write `sending` for it; None where none is."""
    due = (
        sa.select(table.c.id)
        .where(table.c.state == MailState.waiting.value, table.c.due <= now)
        .order_by(table.c.due, table.c.id)
    )
    chosen = due.limit(1).with_for_update(skip_locked=True).scalar_subquery()
    statement = sa.update(table).where(
        table.c.id == chosen, table.c.state == MailState.waiting.value
    )
    row = connection.execute(
        statement.values(state=MailState.sending.value, attempts=table.c.attempts + 1).returning(
            *table.c
        )
    ).one_or_none()
    return _to_queued_mail(row) if row is not None else None


def remove(connection: sa.Connection, mail_id: MailId) -> None:
    """Take a mail away: the server has it, or never will."""
    connection.execute(sa.delete(table).where(table.c.id == int(mail_id)))


def defer(connection: sa.Connection, mail_id: MailId, due: datetime) -> None:
    """Let a mail wait until a time."""
    connection.execute(
        sa.update(table)
        .where(table.c.id == int(mail_id))
        .values(state=MailState.waiting.value, due=due)
    )


def mark_unknown(connection: sa.Connection, mail_id: MailId) -> None:
    """Write that nobody knows whether the server has a mail; it isn't sent again."""
    connection.execute(
        sa.update(table).where(table.c.id == int(mail_id)).values(state=MailState.unknown.value)
    )


def recover(connection: sa.Connection) -> int:
    """Mark what was being sent before a crash as unknown; return how many mails that were.

    Only for a process that holds the lock of the outbox.
    """
    statement = sa.update(table).where(table.c.state == MailState.sending.value)
    return connection.execute(statement.values(state=MailState.unknown.value)).rowcount


def count_by_state(connection: sa.Connection) -> dict[str, int]:
    """Return how many mails there are in each state."""
    return {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(table.c.state, sa.func.count()).group_by(table.c.state)
        )
    }


def delete_for_person(
    connection: sa.Connection, emails: list[str], subscriber_id: SubscriberId | None
) -> None:
    """Take away all mails to some addresses, or to a subscriber."""
    theirs = [table.c.email.in_(emails)] + (
        [table.c.subscriber == int(subscriber_id)] if subscriber_id is not None else []
    )
    connection.execute(sa.delete(table).where(sa.or_(*theirs)))


def delete_before(connection: sa.Connection, moment: datetime) -> int:
    """Take away what has waited since before a time, and return how many that were."""
    return connection.execute(sa.delete(table).where(table.c.created < moment)).rowcount


def _to_queued_mail(row: Any) -> QueuedMail:
    return QueuedMail(
        id=MailId(row.id),
        kind=MailKind(row.kind),
        email=row.email,
        language=row.language,
        confirmation=ConfirmationId(row.request) if row.request is not None else None,
        subscriber=SubscriberId(row.subscriber) if row.subscriber is not None else None,
        attempts=row.attempts,
        created=row.created,
    )
