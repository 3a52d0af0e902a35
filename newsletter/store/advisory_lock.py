"""PostgreSQL's advisory locks.

Held by a connection, so they go when the process ends, however it ends.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from newsletter.store.database import Database


@contextmanager
def hold_advisory_lock(database: Database, name: str) -> Iterator[bool]:
    """Try to take the lock of a name on a connection of its own; lend whether we have it.

    PostgreSQL only.
    """
    number = int.from_bytes(
        hashlib.blake2b(f"newsletter {name}".encode(), digest_size=8).digest(), "big", signed=True
    )
    with database.hold_connection() as connection:
        taken = bool(
            connection.execute(sa.select(sa.func.pg_try_advisory_lock(number))).scalar_one()
        )
        try:
            yield taken
        finally:
            if taken:
                # Else the pool would lend the lock out with the connection. A connection that is
                # lost has lost it already.
                with contextlib.suppress(sa.exc.DBAPIError):
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))
