"""A list in a real database."""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from newsletter.domain.confirmation import MailKind
from newsletter.domain.subscriber import Subscriber
from newsletter.store import subscribers, tables
from newsletter.store.database import Database, open_database
from newsletter.subscribers.importing.column_watcher import UnderstoodColumn
from newsletter.subscribers.importing.import_list import (
    ImportListener,
    ImportOptions,
    ImportResult,
    import_list,
)
from newsletter.subscribers.importing.refusals import RefusedRow

START = datetime(2026, 12, 1, 8, tzinfo=UTC)


def make_keyed_hash(text: str) -> str:
    """Make the hash of an address as a workspace does, with a key of the tests' own."""
    return "#" + hmac.digest(b"key", text.encode(), "sha256")[:16].hex()


@dataclass(kw_only=True)
class SubscriberList(ImportListener):
    """A database with a list, and a folder for files; hears what its imports say."""

    database: Database
    folder: Path
    now: datetime = START
    refused: list[RefusedRow] = field(default_factory=list)
    #: What the last list was understood as.
    columns: list[UnderstoodColumn] = field(default_factory=list)
    #: What is done at each step of an import.
    progress: Callable[[float], None] = lambda _share: None

    def on_refused(self, row: RefusedRow) -> None:
        self.refused.append(row)

    def on_progress(self, share: float) -> None:
        self.progress(share)

    def on_columns(self, columns: Sequence[UnderstoodColumn]) -> None:
        self.columns[:] = columns

    def import_text(self, content: bytes | str, **more: Any) -> ImportResult:
        """Import what a file holds; later than the time before."""
        path = self.folder / "list.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.now += timedelta(hours=1)
        self.refused.clear()
        dry_run = more.pop("dry_run", False)
        more.setdefault("options", ImportOptions(keyed_hash=make_keyed_hash, dry_run=dry_run))
        self.progress = more.pop("on_progress", lambda _share: None)
        more.setdefault("listener", self)
        return import_list(self.database, path, self.now, **more)

    def read_subscribers(self) -> dict[str, Subscriber]:
        """All subscribers by address."""
        with self.database.read() as connection:
            return {person.email: person for person in subscribers.iter_subscribers(connection)}

    def add(self, subscriber: Subscriber) -> Subscriber:
        """Write a subscriber without a word about consent; returns them with their id."""
        with self.database.begin() as connection:
            number = subscribers.add(connection, subscriber, subscriber.email.lower())
        return replace(subscriber, id=number)

    def list_mails(self) -> list[tuple[MailKind, str]]:
        """Return the mails of our own that wait: what they are, and to whom."""
        statement = sa.select(tables.outbox.c.kind, tables.outbox.c.email)
        with self.database.read() as connection:
            rows = connection.execute(statement.order_by(tables.outbox.c.id))
            return [(MailKind(row.kind), row.email) for row in rows]

    def clear(self) -> None:
        """Throw everybody out, for the next example."""
        with self.database.begin() as connection:
            for table in (tables.consents, tables.suppressions, tables.subscribers):
                connection.execute(table.delete())

    def dump_database(self) -> list[str]:
        """Everything in the database."""
        with self.database.read() as connection:
            # sqlite3's
            return list(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


@pytest.fixture
def subscriber_list(tmp_path: Path) -> Iterator[SubscriberList]:
    """Open an empty list."""
    database = open_database(f"sqlite:///{tmp_path / 'newsletter.db'}")
    yield SubscriberList(database=database, folder=tmp_path)
    database.close()
