"""Statements about summaries that a language model wrote: each text is asked for once."""

from datetime import datetime

import sqlalchemy as sa

from newsletter.store.database import upsert
from newsletter.store.tables import summaries as table


def get(connection: sa.Connection, key: str) -> str | None:
    """Return the summary that is kept under a key, or None."""
    text: str | None = connection.execute(
        sa.select(table.c.text).where(table.c.key == key)
    ).scalar_one_or_none()
    return text


def list_model_summaries(connection: sa.Connection) -> frozenset[str]:
    """Return every summary that a language model wrote and that passed the guard."""
    return frozenset(
        connection.execute(sa.select(table.c.text).where(table.c.text != "")).scalars()
    )


def put(connection: sa.Connection, key: str, text: str, now: datetime) -> None:
    """Keep a summary."""
    values = {"text": text, "at": now}
    connection.execute(
        upsert(connection, table)
        .values(key=key, **values)
        .on_conflict_do_update(index_elements=["key"], set_=values)
    )
