"""Statements about requests: what waits for a confirmation by mail."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.domain.request import Request, RequestId, RequestKind
from newsletter.domain.subscriber import SubscriberId
from newsletter.store.tables import requests as table

_SAID = ("name", "language", "wording", "source")


def add(connection: sa.Connection, value: Request) -> RequestId:
    """Write a request (`id` of the value is ignored) and return the id that it got."""
    said = {**{name: getattr(value, name) for name in _SAID}, "tags": list(value.tags)}
    columns = {
        "kind": value.kind.value,
        "email": value.email,
        "key": value.key,
        "subscriber": value.subscriber,
        "said": said,
        "created": value.created,
    }
    return RequestId(
        connection.execute(sa.insert(table).values(columns).returning(table.c.id)).scalar_one()
    )


def request(connection: sa.Connection, number: RequestId) -> Request | None:
    """Return a request by id, or None."""
    row = connection.execute(sa.select(table).where(table.c.id == int(number))).one_or_none()
    return _request(row) if row is not None else None


def of_address(connection: sa.Connection, key: str) -> list[Request]:
    """Return all requests about an address, oldest first."""
    return [
        _request(row)
        for row in connection.execute(
            sa.select(table).where(table.c.key == key).order_by(table.c.id)
        )
    ]


def of_subscriber(connection: sa.Connection, number: SubscriberId) -> list[Request]:
    """Return all requests of a subscriber, oldest first."""
    return [
        _request(row)
        for row in connection.execute(
            sa.select(table).where(table.c.subscriber == int(number)).order_by(table.c.id)
        )
    ]


def mark(connection: sa.Connection, number: RequestId, now: datetime, *columns: str) -> None:
    """Write the time into some of `used`, `old_end` and `new_end`."""
    connection.execute(
        sa.update(table).where(table.c.id == int(number)).values(dict.fromkeys(columns, now))
    )


def came_true(
    connection: sa.Connection, number: RequestId, subscriber: SubscriberId, now: datetime
) -> None:
    """Write that a request came true, and for whom."""
    connection.execute(
        sa.update(table)
        .where(table.c.id == int(number))
        .values(used=now, subscriber=int(subscriber))
    )


def forget(connection: sa.Connection, key: str, number: SubscriberId | None) -> None:
    """Take away all requests about an address or of a subscriber."""
    theirs = [table.c.key == key] + (
        [table.c.subscriber == int(number)] if number is not None else []
    )
    connection.execute(sa.delete(table).where(sa.or_(*theirs)))


def forget_before(connection: sa.Connection, moment: datetime) -> int:
    """Take away what was asked before a time, and return how many that were."""
    return connection.execute(sa.delete(table).where(table.c.created < moment)).rowcount


def _request(row: Any) -> Request:
    return Request(
        id=RequestId(row.id),
        kind=RequestKind(row.kind),
        email=row.email,
        key=row.key,
        subscriber=SubscriberId(row.subscriber) if row.subscriber is not None else None,
        tags=tuple(row.said["tags"]),
        created=row.created,
        used=row.used,
        old_end=row.old_end,
        new_end=row.new_end,
        **{name: row.said[name] for name in _SAID},
    )
