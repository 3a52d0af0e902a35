"""Statements about idempotency keys: the same request under the same key, the same response."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from newsletter.store.database import upsert
from newsletter.store.tables import answers as table


class IdempotentResponse(NamedTuple):
    """What was asked (a hash), and what was answered."""

    asked: str
    status: int
    body: str


def find_response(connection: sa.Connection, key: str) -> IdempotentResponse | None:
    """Return the answer that was given under a key, or None."""
    row = connection.execute(
        sa.select(table.c.asked, table.c.status, table.c.body).where(table.c.key == key)
    ).one_or_none()
    return IdempotentResponse(*row) if row is not None else None


def save_response(
    connection: sa.Connection, key: str, response: IdempotentResponse, now: datetime
) -> None:
    """Keep an answer; one that is there already stays."""
    values = {"key": key, "at": now, **response._asdict()}
    connection.execute(upsert(connection, table).values(values).on_conflict_do_nothing())


def delete_before(connection: sa.Connection, moment: datetime) -> None:
    """Take old answers away."""
    connection.execute(sa.delete(table).where(table.c.at < moment))
