"""Statements about suppressions: addresses that are never to be mailed. One row a key."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.subscriber import Suppression, SuppressionReason
from newsletter.store.database import upsert
from newsletter.store.tables import subscribers
from newsletter.store.tables import suppressions as table


def find_suppression(connection: sa.Connection, key: str) -> Suppression | None:
    """Return why an address (by `mail.address.address_key`) is never to be mailed, or None."""
    row = connection.execute(sa.select(table).where(table.c.key == key)).one_or_none()
    return (
        Suppression(key=row.key, reason=SuppressionReason(row.reason), at=row.at)
        if row is not None
        else None
    )


def find_by_keys(connection: sa.Connection, keys: Sequence[str]) -> dict[str, Suppression]:
    """Return suppressions by their keys; addresses without one are left out."""
    rows = connection.execute(sa.select(table).where(table.c.key.in_(keys)))
    return {
        row.key: Suppression(key=row.key, reason=SuppressionReason(row.reason), at=row.at)
        for row in rows
    }


def put(connection: sa.Connection, *values: Suppression) -> None:
    """Write suppressions over those that the addresses had."""
    statement = upsert(connection, table)
    changed = {"reason": statement.excluded.reason, "at": statement.excluded.at}
    rows = [{"key": value.key, "reason": value.reason.value, "at": value.at} for value in values]
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed), rows)


def lift(connection: sa.Connection, key: str) -> None:
    """Take a suppression away."""
    connection.execute(sa.delete(table).where(table.c.key == key))


def list_keys_before(connection: sa.Connection, moment: datetime, limit: int) -> list[str]:
    """Return keys suppressed before a time whose subscribers are still on the list by name."""
    known = sa.exists().where(subscribers.c.key == table.c.key)
    return list(
        connection.execute(
            sa.select(table.c.key)
            .where(table.c.at < moment, known)
            .order_by(table.c.at)
            .limit(limit)
        ).scalars()
    )


def iter_suppressions(connection: sa.Connection) -> Iterator[Suppression]:
    """Return all of them, streamed, in the order of their keys."""
    for row in connection.execution_options(yield_per=1000).execute(
        sa.select(table).order_by(table.c.key)
    ):
        yield Suppression(key=row.key, reason=SuppressionReason(row.reason), at=row.at)


def count_by_reason(connection: sa.Connection) -> dict[str, int]:
    """Return how many there are of each reason."""
    rows = connection.execute(sa.select(table.c.reason, sa.func.count()).group_by(table.c.reason))
    return {row[0]: row[1] for row in rows}
