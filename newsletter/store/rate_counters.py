"""Statements about rates: how often something was done within a time.

Buckets are keyed hashes, never names.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.store.database import upsert
from newsletter.store.tables import rates as table


def hit(connection: sa.Connection, bucket: str, now: datetime, window: timedelta) -> int:
    """Count one more in a bucket, and return how many there are.

    The count begins anew when `window` is over.
    """
    new = upsert(connection, table).values(bucket=bucket, count=1, expires=now + window)
    over = table.c.expires <= now
    changed = {
        "count": sa.case((over, 1), else_=table.c.count + 1),
        "expires": sa.case((over, new.excluded.expires), else_=table.c.expires),
    }
    statement = new.on_conflict_do_update(index_elements=["bucket"], set_=changed).returning(
        table.c.count
    )
    return int(connection.execute(statement).scalar_one())


def get_count(connection: sa.Connection, bucket: str, now: datetime) -> int:
    """Return how many there are in a bucket, without adding one."""
    statement = sa.select(table.c.count).where(table.c.bucket == bucket, table.c.expires > now)
    return int(connection.execute(statement).scalar() or 0)


def reset(connection: sa.Connection, bucket: str) -> None:
    """Empty a bucket."""
    connection.execute(sa.delete(table).where(table.c.bucket == bucket))


def delete_expired(connection: sa.Connection, now: datetime) -> None:
    """Take away the buckets whose time is over."""
    connection.execute(sa.delete(table).where(table.c.expires <= now))
