"""The database opens, is brought up to date, and says in words what is wrong with it."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from newsletter.errors import StoreError
from newsletter.store import tables
from newsletter.store.database import HEAD_REVISION, open_database


def test_the_migrations_lead_to_the_tables(tmp_path: Path) -> None:
    """What the steps make is what the statements expect."""
    database = open_database(f"sqlite:///{tmp_path / 'n.db'}")
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert (
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            == HEAD_REVISION
        )
    database.close()


def test_a_commit_is_on_disk_and_writers_dont_stop_readers(tmp_path: Path) -> None:
    """WAL with full synchronisation, and foreign keys."""
    database = open_database(f"sqlite:///{tmp_path / 'n.db'}")
    with database.read() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    with database.begin() as writing, database.read() as reading:
        writing.execute(sa.insert(tables.identity).values(key="a", value="b"))
        assert reading.execute(sa.select(tables.identity)).all() == []
    database.close()


def test_what_fails_is_rolled_back(tmp_path: Path) -> None:
    """Half of a change is no change."""
    database = open_database(f"sqlite:///{tmp_path / 'n.db'}")

    def write_and_fail() -> None:
        with database.begin() as connection:
            connection.execute(sa.insert(tables.identity).values(key="a", value="b"))
            raise KeyError

    with pytest.raises(KeyError):
        write_and_fail()
    with database.read() as connection:
        assert connection.execute(sa.select(tables.identity)).all() == []
    database.close()


def test_a_fault_is_told_without_any_value(tmp_path: Path) -> None:
    """An address in a statement is in no message, not even in the driver's."""
    database = open_database(f"sqlite:///{tmp_path / 'n.db'}")
    row = {"key": "asa@example.org", "value": "asa@example.org"}
    with pytest.raises(StoreError) as caught, database.begin() as connection:
        connection.execute(sa.insert(tables.identity), [row, row])
    chain = str(caught.value) + str(caught.value.__cause__)
    assert "asa@example.org" not in chain
    database.close()


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    """An old program doesn't write where a newer one has been."""
    open_database(f"sqlite:///{tmp_path / 'n.db'}").close()
    with sqlite3.connect(tmp_path / "n.db") as plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
    plain.close()
    with pytest.raises(StoreError, match="newer version"):
        open_database(f"sqlite:///{tmp_path / 'n.db'}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no database at all, but long enough to be looked at " * 40, "damaged"),
        (None, "no folder"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    """Another file, or no folder: one sentence."""
    path = tmp_path / "n.db" if content else tmp_path / "none" / "n.db"
    if content:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=said):
        open_database(f"sqlite:///{path}")


def test_a_naive_time_is_refused(tmp_path: Path) -> None:
    """A time without a zone would be wrong twice a year."""
    database = open_database(f"sqlite:///{tmp_path / 'n.db'}")
    with pytest.raises((sa.exc.StatementError, ValueError)), database.begin() as connection:
        connection.execute(
            sa.insert(tables.token_keys).values(id=1, secret=b"x", created=datetime(2026, 1, 1))  # noqa: DTZ001
        )
    database.close()
