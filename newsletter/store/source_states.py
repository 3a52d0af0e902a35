"""Statements about what came of reading each source."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.post import SourceState
from newsletter.i18n import Phrase
from newsletter.store.database import upsert
from newsletter.store.tables import posts
from newsletter.store.tables import source_states as table


def save(
    connection: sa.Connection, url: str, phrases: tuple[Phrase, ...], now: datetime, *, failed: bool
) -> None:
    """Keep what came of reading a source; where it failed, when it could be read before stays."""
    values = {"at": now, "said": [phrase.to_dict() for phrase in phrases]} | (
        {} if failed else {"good": now}
    )
    connection.execute(
        upsert(connection, table)
        .values(url=url, **values)
        .on_conflict_do_update(index_elements=["url"], set_=values)
    )


def list_states(connection: sa.Connection) -> Mapping[str, SourceState]:
    """Return the state of every source that was ever read, by its address."""
    return {
        row.url: SourceState(
            read_at=row.at,
            last_success_at=row.good,
            notes=tuple(Phrase.from_dict(plain) for plain in row.said),
        )
        for row in connection.execute(sa.select(table))
    }


def count_posts_by_source(connection: sa.Connection) -> Mapping[str, int]:
    """Return how many posts of each source lie in the ledger."""
    rows = connection.execute(sa.select(posts.c.source, sa.func.count()).group_by(posts.c.source))
    return {row[0]: row[1] for row in rows}
