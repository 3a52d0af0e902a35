"""Statements about requests: what waits for a confirmation by mail."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.domain.confirmation import ConfirmationId, ConfirmationKind, PendingConfirmation
from newsletter.domain.subscriber import SubscriberId
from newsletter.store.tables import requests as table

_JSON_FIELDS = ("name", "language", "wording", "source")
#: The columns in which the moments of a confirmation stand.
_TIME_COLUMNS = {
    "completed_at": "used",
    "old_confirmed_at": "old_end",
    "new_confirmed_at": "new_end",
}


def add(connection: sa.Connection, confirmation: PendingConfirmation) -> ConfirmationId:
    """Write a request (`id` of the value is ignored) and return the id that it got."""
    said = {
        **{name: getattr(confirmation, name) for name in _JSON_FIELDS},
        "tags": list(confirmation.tags),
    }
    columns = {
        "kind": confirmation.kind.value,
        "email": confirmation.email,
        "key": confirmation.key,
        "subscriber": confirmation.subscriber,
        "said": said,
        "created": confirmation.created,
    }
    return ConfirmationId(
        connection.execute(sa.insert(table).values(columns).returning(table.c.id)).scalar_one()
    )


def find_confirmation(
    connection: sa.Connection, confirmation_id: ConfirmationId
) -> PendingConfirmation | None:
    """Return a request by id, or None."""
    row = connection.execute(
        sa.select(table).where(table.c.id == int(confirmation_id))
    ).one_or_none()
    return _to_confirmation(row) if row is not None else None


def list_for_address(connection: sa.Connection, key: str) -> list[PendingConfirmation]:
    """Return all requests about an address, oldest first."""
    return [
        _to_confirmation(row)
        for row in connection.execute(
            sa.select(table).where(table.c.key == key).order_by(table.c.id)
        )
    ]


def list_for_subscriber(
    connection: sa.Connection, subscriber_id: SubscriberId
) -> list[PendingConfirmation]:
    """Return all requests of a subscriber, oldest first."""
    return [
        _to_confirmation(row)
        for row in connection.execute(
            sa.select(table).where(table.c.subscriber == int(subscriber_id)).order_by(table.c.id)
        )
    ]


def set_times(
    connection: sa.Connection, confirmation_id: ConfirmationId, now: datetime, *moments: str
) -> None:
    """Write the time into `completed_at`, `old_confirmed_at` or `new_confirmed_at`."""
    connection.execute(
        sa.update(table)
        .where(table.c.id == int(confirmation_id))
        .values({_TIME_COLUMNS[moment]: now for moment in moments})
    )


def complete(
    connection: sa.Connection,
    confirmation_id: ConfirmationId,
    subscriber_id: SubscriberId,
    now: datetime,
) -> None:
    """Write that a request came true, and for whom."""
    connection.execute(
        sa.update(table)
        .where(table.c.id == int(confirmation_id))
        .values(used=now, subscriber=int(subscriber_id))
    )


def delete_for_person(
    connection: sa.Connection, key: str, subscriber_id: SubscriberId | None
) -> None:
    """Take away all requests about an address or of a subscriber."""
    theirs = [table.c.key == key] + (
        [table.c.subscriber == int(subscriber_id)] if subscriber_id is not None else []
    )
    connection.execute(sa.delete(table).where(sa.or_(*theirs)))


def delete_before(connection: sa.Connection, moment: datetime) -> int:
    """Take away what was asked before a time, and return how many that were."""
    return connection.execute(sa.delete(table).where(table.c.created < moment)).rowcount


def _to_confirmation(row: Any) -> PendingConfirmation:
    return PendingConfirmation(
        id=ConfirmationId(row.id),
        kind=ConfirmationKind(row.kind),
        email=row.email,
        key=row.key,
        subscriber=SubscriberId(row.subscriber) if row.subscriber is not None else None,
        tags=tuple(row.said["tags"]),
        created=row.created,
        completed_at=row.used,
        old_confirmed_at=row.old_end,
        new_confirmed_at=row.new_end,
        **{name: row.said[name] for name in _JSON_FIELDS},
    )
