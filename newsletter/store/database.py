"""Open the database, bring it up to date, and lend connections.

SQLite runs in WAL mode with `synchronous=FULL`: a commit is on disk when it returns, also after a
power cut.
"""

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from newsletter.errors import StoreError
from newsletter.store.priority_gate import PriorityGate

#: The newest step in `migrations/versions`.
HEAD_REVISION = "0002"
#: How long to wait for another process's write, in seconds.
BUSY_TIMEOUT_SECONDS = 10
#: The same for PostgreSQL: for a connection (seconds), for an answer from a host that is gone (idle
#: and between probes, seconds; probes; unanswered writes, milliseconds). By default a host that
#: vanishes is waited for for hours.
POSTGRESQL_TIMEOUTS = {
    "connect_timeout": BUSY_TIMEOUT_SECONDS,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}  # fmt: skip


class Database:
    """A database that is up to date; `begin` to write, `read` to read.

    Synchronous: call it by `asyncio.to_thread`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        # Who forgets to close it leaves no connection open either.
        weakref.finalize(self, engine.dispose)
        # SQLite lets one write at a time, and who waits sleeps and tries again: under load some
        # wait for ten seconds in vain. The threads of one process queue up here instead.
        self._write_lock = threading.RLock() if engine.dialect.name == "sqlite" else None
        #: Who goes first among the threads of this process.
        self.priority_gate = PriorityGate()

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Lend a connection in a transaction that is committed at the end, or rolled back.

        Raises StoreError where the database is locked, full, or its disk fails.
        """
        try:
            with self._write_lock or nullcontext(), self.engine.begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise _as_store_error(self.engine, error) from error

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Lend a connection that only reads; it never waits for a writer (WAL)."""
        try:
            with self.engine.connect().execution_options(read_only=True) as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise _as_store_error(self.engine, error) from error

    @contextmanager
    def hold_connection(self) -> Iterator[sa.Connection]:
        """Lend a connection without a transaction, for as long as a piece of work takes."""
        try:
            with self.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise _as_store_error(self.engine, error) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at a SQLAlchemy URL with an absolute path, and bring it up to date.

    Raises StoreError where it can't be opened, or was made by a newer program.
    """
    engine = _create_engine(url)
    database = Database(engine)
    try:
        _upgrade(engine)
    except sa.exc.DBAPIError as error:
        engine.dispose()
        raise _as_store_error(engine, error) from error
    return database


def upsert(connection: sa.Connection, table: sa.Table) -> Any:
    """Return this database's INSERT … ON CONFLICT (upsert)."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _create_engine(url: str) -> sa.Engine:
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _create_postgresql_engine(parsed)
    if (
        parsed.database
        and parsed.database != ":memory:"
        and not Path(parsed.database).parent.is_dir()
    ):
        raise StoreError(
            "The database can't be made: there is no folder {folder}. Check storage.url in"
            " newsletter.toml.",
            folder=Path(parsed.database).parent,
        )
    # Values may be addresses: they stay out of errors and logs.
    engine = sa.create_engine(
        parsed,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None},
    )

    @sa.event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # IMMEDIATE: a reader that turns writer midway would get SQLITE_BUSY without any wait.
        deferred = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")

    return engine


def _create_postgresql_engine(url: sa.engine.URL) -> sa.Engine:
    try:
        return sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=POSTGRESQL_TIMEOUTS,
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs a driver: install newsletter with its extra, newsletter[postgresql]."
        ) from error


def _upgrade(engine: sa.Engine) -> None:
    with engine.connect().execution_options(read_only=True) as connection:
        known = sa.inspect(connection).has_table("alembic_version")
        version = (
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            if known
            else None
        )
    if version == HEAD_REVISION:
        return
    if version is not None and version > HEAD_REVISION:
        raise StoreError(
            "The database was written by a newer version of newsletter ({version}). Install that"
            " one, or restore a backup.",
            version=version,
        )
    # Alembic takes 0.4 s to import: only the first start of a new version pays.
    from newsletter.store.migrations import run

    run.upgrade(engine)


def _as_store_error(engine: sa.Engine, error: sa.exc.DBAPIError) -> StoreError:
    """Turn the driver's words into ours; its own, which may hold values, stay in the chain."""
    text = str(error.orig).lower()
    where = engine.url.database or ""
    if engine.dialect.name == "postgresql" and (
        error.connection_invalidated or isinstance(error, sa.exc.OperationalError)
    ):
        return StoreError(
            "The database {where} can't be reached. Check storage.url, and that PostgreSQL runs.",
            is_transient=True,
            where=where,
        )
    if "locked" in text or "busy" in text:
        return StoreError(
            "The database {where} is locked by another program. End it, then try again.",
            is_transient=True,
            where=where,
        )
    if "full" in text:
        return StoreError(
            "The disk is full: the database {where} can't be written. Make room, then try again.",
            is_transient=True,
            where=where,
        )
    if "not a database" in text or "malformed" in text:
        return StoreError(
            "{where} is no database of newsletter, or it is damaged. Restore a backup.", where=where
        )
    if "unable to open" in text or "readonly" in text or "permission" in text:
        return StoreError(
            "The database {where} can't be opened or written. Check its folder's permissions.",
            where=where,
        )
    return StoreError(
        "The database {where} failed ({kind}).", where=where, kind=type(error.orig).__name__
    )
