"""What a newsletter is, once and for ever.

Its List-Id, and the keys that its links are signed with.
"""

from datetime import datetime

import sqlalchemy as sa

from newsletter.store.database import upsert
from newsletter.store.tables import identity, token_keys


def find(connection: sa.Connection, key: str) -> str | None:
    """Return the value of a key, or None where it was never given one."""
    found: str | None = connection.execute(
        sa.select(identity.c.value).where(identity.c.key == key)
    ).scalar()
    return found


def get_or_set(connection: sa.Connection, key: str, default: str) -> str:
    """Return the value of a key; the first one that is ever given stays."""
    connection.execute(
        upsert(connection, identity).values(key=key, value=default).on_conflict_do_nothing()
    )
    return str(
        connection.execute(sa.select(identity.c.value).where(identity.c.key == key)).scalar_one()
    )


def get_token_keys(connection: sa.Connection) -> dict[int, bytes]:
    """Return all keys by their ids; the highest id is the newest."""
    return {
        row.id: row.secret
        for row in connection.execute(sa.select(token_keys.c.id, token_keys.c.secret))
    }


def add_token_key(connection: sa.Connection, key_id: int, secret: bytes, now: datetime) -> None:
    """Add a key; where another process has added that number first, its key stays."""
    statement = upsert(connection, token_keys).values(id=key_id, secret=secret, created=now)
    connection.execute(statement.on_conflict_do_nothing())
