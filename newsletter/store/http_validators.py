"""Statements about what servers said of an address last time."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from newsletter.store.database import upsert
from newsletter.store.tables import fetches as table


class StoredValidators(NamedTuple):
    """What to ask an address with, so that it sends only what is new (RFC 9110, 13.1)."""

    etag: str
    last_modified: str


def find_validators(connection: sa.Connection, url: str) -> StoredValidators | None:
    """Return what is kept of an address, or None."""
    row = connection.execute(
        sa.select(table.c.etag, table.c.last_modified).where(table.c.url == url)
    ).one_or_none()
    return StoredValidators(row.etag, row.last_modified) if row is not None else None


def save_validators(
    connection: sa.Connection, url: str, etag: str, last_modified: str, now: datetime
) -> None:
    """Keep what a server said. In the transaction that records its posts.

    A crash between the two would lose posts.
    """
    values = {"etag": etag, "last_modified": last_modified, "at": now}
    connection.execute(
        upsert(connection, table)
        .values(url=url, **values)
        .on_conflict_do_update(index_elements=["url"], set_=values)
    )


def delete_validators(connection: sa.Connection, url: str) -> None:
    """Ask this address for everything next time."""
    connection.execute(sa.delete(table).where(table.c.url == url))
