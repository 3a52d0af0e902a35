"""Statements about why readers left: counts by month, without a name."""

import sqlalchemy as sa

from newsletter.store.database import upsert
from newsletter.store.tables import leavings as table


def increment(connection: sa.Connection, month: str, reason: str) -> None:
    """Count one more; `month` is "2026-12"."""
    statement = upsert(connection, table).values(month=month, reason=reason, count=1)
    changed = {"count": table.c.count + 1}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["month", "reason"], set_=changed)
    )


def count_by_reason(connection: sa.Connection) -> dict[str, int]:
    """Return how often each reason was given, in all."""
    rows = connection.execute(
        sa.select(table.c.reason, sa.func.sum(table.c.count)).group_by(table.c.reason)
    )
    return {row[0]: int(row[1]) for row in rows}
