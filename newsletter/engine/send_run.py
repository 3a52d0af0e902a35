"""The embedded engine: one process sends, and proves by a lock that it is alone.

The lock stands beside the database, or in it (PostgreSQL).

    lock | what a crash left behind | send what is due

`send`, `serve` and `run --once` all call `deliver`.
"""

import asyncio
import errno
import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from newsletter.delivery.journal_batch import JournalWriter
from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.send import IssueSender
from newsletter.delivery.send_options import SendResult, SendRun
from newsletter.delivery.smtp_connect import open_session, send_single
from newsletter.delivery.smtp_relay import SmtpRelay
from newsletter.domain.delivery import Outcome
from newsletter.errors import AlreadySendingError, SendError
from newsletter.store import advisory_lock, issues, journal
from newsletter.store.database import Database


@contextmanager
def hold_single_sender_lock(database: Database, lock_name: str = "") -> Iterator[None]:
    """Hold the lock beside the database, so that no other process sends from it.

    `lock_name` names a lock of its own. In PostgreSQL it is an advisory lock. It is let go when the
    process ends, however it ends. Raises AlreadySendingError where another process holds it.
    """
    if database.engine.dialect.name == "postgresql":
        with advisory_lock.hold_advisory_lock(database, lock_name or "send") as taken:
            if not taken:
                raise AlreadySendingError(
                    "Another newsletter process is sending from this database. It does what is due;"
                    " see: newsletter status"
                )
            yield
        return
    file = _build_lock_path(database, lock_name)
    descriptor = _open_lock_file(file)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "?"
            raise AlreadySendingError(
                "Another newsletter process (number {holder}) is sending. It does what is due; see:"
                " newsletter status",
                holder=holder,
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)  # and with it the lock goes


def deliver(database: Database, run: SendRun) -> SendResult:
    """Send what is due of an issue whose audience is frozen, and say how it ended.

    Ends when nothing is due within `run.wait`, the issue is paused or cancelled (by staff or by a
    fault of ours), or `run.stop` is set. Raises SendError where another process is sending or the
    issue isn't being sent, StoreError where the database stays away.
    """
    with hold_single_sender_lock(database):
        recover(database, run.clock())
        with database.read() as connection:
            issue = issues.find_issue(connection, run.issue_name)
        if issue is None or issue.rendered is None:
            raise SendError(
                "{issue} was never sent. Send it with: newsletter send {issue}",
                issue=run.issue_name,
            )
        rows = JournalWriter(
            database=database, issue_id=issue.id, owner=uuid.uuid4().hex, language=run.language
        )
        return asyncio.run(IssueSender(rows, run.compile_issue(issue.rendered), run).run())


def recover(database: Database, now: datetime) -> tuple[int, int]:
    """Plan again what a dead process had claimed; of what it was sending nobody knows.

    Only with the lock in hand.
    """
    with database.begin() as connection:
        return journal.recover(connection, now)


def lock_and_recover(database: Database, now: datetime) -> tuple[int, int]:
    """Do what `deliver` does first: lock, and sort out what a crash left.

    Raises SendError where another process is sending.
    """
    with hold_single_sender_lock(database):
        return recover(database, now)


def check_connection(relay: SmtpRelay) -> None:
    """Connect, sign in, and hang up. Raises ServerError."""

    async def _connect() -> None:
        async with open_session(relay):
            pass

    asyncio.run(_connect())


def send_one(relay: SmtpRelay, message: OutgoingMessage) -> Outcome:
    """Send one message that no journal knows (a test), and return what the server said.

    Raises ServerError.
    """

    async def _send() -> Outcome:
        async with open_session(relay) as session:
            return await send_single(session, message)

    return asyncio.run(_send())


def _open_lock_file(file: Path) -> int:
    """Open the lock file, never through a link that a workspace brought along: it is written to.

    Raises SendError where a link stands in its place.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(file, flags, 0o600)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise SendError(
            "{file} is a link to another file, and nothing is written through it. Delete the link.",
            file=file,
        ) from error


def _build_lock_path(database: Database, lock_name: str) -> Path:
    url = database.engine.url
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise SendError(
            "The embedded engine needs a database in a file: set storage.url to sqlite:///… in"
            " newsletter.toml."
        )
    # A link to a database is the same database, as it is to SQLite.
    return Path(f"{Path(url.database).resolve()}{lock_name and '.'}{lock_name}.lock")
