"""What PostgreSQL does otherwise than SQLite: the lock, connections that are lost.

The journal's contract runs on both.
"""

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from newsletter.delivery import control
from newsletter.delivery.journal_batch import JournalWriter
from newsletter.delivery.send import IssueSender
from newsletter.domain.issue import IssueState
from newsletter.engine import send_run
from newsletter.errors import AlreadySendingError, StoreError
from newsletter.store import tables
from newsletter.store.database import HEAD_REVISION, Database, open_database
from tests.delivery.scripted_server import ScriptedServer
from tests.delivery.send_harness import (
    RENDERED,
    add_subscribers,
    build_run,
    build_send_options,
    check_invariants,
    compile_test_issue,
    read_counts,
    send,
    start,
)
from tests.store.databases import create_postgresql_database


@pytest.fixture
def database(postgresql_server: str) -> Iterator[Database]:
    opened = create_postgresql_database(postgresql_server)
    yield opened
    opened.close()


def test_the_migrations_lead_to_the_tables(database: Database) -> None:
    """As in SQLite."""
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert (
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            == HEAD_REVISION
        )


@pytest.mark.parametrize("work", ["", "mail"])
def test_one_process_works_on_it(database: Database, work: str) -> None:
    """Another is refused in words; a dead one holds nobody up.

    Work of another kind has its own lock.
    """
    url = database.engine.url.render_as_string().replace("+psycopg", "")
    code = (
        "import sys, time; from newsletter.engine import send_run; from newsletter.store.database"
        f" import open_database\nwith send_run.hold_single_sender_lock(open_database({url!r}),"
        f" {work!r}): print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    with (
        pytest.raises(AlreadySendingError, match="Another newsletter process"),
        send_run.hold_single_sender_lock(database, work),
    ):
        pass
    with send_run.hold_single_sender_lock(database, "something else"):
        pass
    other.kill()
    other.communicate()
    for _ in range(200):  # the server sees that the connection is gone in its own time
        try:
            with (
                send_run.hold_single_sender_lock(database, work),
                send_run.hold_single_sender_lock(database, "something else"),
            ):
                break
        except AlreadySendingError:
            continue
    else:
        pytest.fail("the lock of a dead process is still held")
    with send_run.hold_single_sender_lock(database, work):  # and it is let go at the end
        pass


def test_a_whole_send(database: Database) -> None:
    """The embedded engine on PostgreSQL: everyone once."""
    add_subscribers(database, 60)
    with ScriptedServer() as server:
        start(database)
        assert (
            send(database, build_send_options(server.port, connections=3)).state is IssueState.sent
        )
        check_invariants(database, server.accepted, 60)
    assert read_counts(database) == {"accepted": 60}


def test_two_hosts_at_once(database: Database) -> None:
    """Without the lock: claims are disjoint (SKIP LOCKED), results fenced, nobody gets it twice."""
    add_subscribers(database, 120)
    start(database)
    issue = control.find_issue(database, "2026-12")
    assert issue is not None

    async def run_both_senders(port: int) -> None:
        runs = [
            IssueSender(
                JournalWriter(database=database, issue_id=issue.id, owner=owner),
                compile_test_issue(RENDERED),
                build_run(build_send_options(port, connections=2)),
            )
            for owner in ("one", "two")
        ]
        await asyncio.gather(*(run.run() for run in runs))

    with ScriptedServer() as server:
        asyncio.run(run_both_senders(server.port))
        check_invariants(database, server.accepted, 120)
    assert read_counts(database) == {"accepted": 120}


def test_connections_that_are_cut_hold_the_send_up_and_lose_nobody(database: Database) -> None:
    """The server ends all our connections in the middle (a restart).

    The recorder tries again until it is back.
    """
    add_subscribers(database, 120)
    cut: list[int] = []
    admin = sa.create_engine(
        database.engine.url.set(database="template1"), isolation_level="AUTOCOMMIT"
    )

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and not cut and "reader40@" in argument:
            with admin.connect() as connection:
                statement = sa.text(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname ="
                    " :name"
                )
                cut.append(
                    connection.execute(
                        statement, {"name": database.engine.url.database}
                    ).scalar_one()
                )
        return None

    with ScriptedServer(script) as server:
        start(database)
        assert (
            send(database, build_send_options(server.port, connections=2)).state is IssueState.sent
        )
        check_invariants(database, server.accepted, 120)
    admin.dispose()
    assert cut[0] > 0
    assert read_counts(database) == {"accepted": 120}


class LossyProxy:
    """A network between us and PostgreSQL, that can lose the answer to one commit.

    Made there, never told here.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        #: How many commits come through before one whose answer is lost; negative: all of them do.
        self.commits_left = -1
        self.lost_answers = 0

    def __enter__(self) -> "LossyProxy":
        self._at = socket.create_server(("127.0.0.1", 0))
        self.port = self._at.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._at.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._at.accept()
                there = socket.create_connection(("127.0.0.1", self._port))
                threading.Thread(
                    target=self._forward_to_server, args=(here, there), daemon=True
                ).start()
                threading.Thread(
                    target=self._forward_to_client, args=(here, there), daemon=True
                ).start()

    def _forward_to_server(self, here: socket.socket, there: socket.socket) -> None:
        with contextlib.suppress(OSError), here, there:
            while said := here.recv(65536):
                if b"COMMIT" in said and self.commits_left >= 0:
                    self.commits_left -= 1
                    if self.commits_left < 0:
                        here.shutdown(socket.SHUT_RDWR)
                        there.sendall(said)
                        self.lost_answers += 1
                        there.recv(1)  # it is made
                        return
                there.sendall(said)

    def _forward_to_client(self, here: socket.socket, there: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := there.recv(65536):
                here.sendall(said)
        with contextlib.suppress(OSError):
            here.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("commits", [0, 1, 2, 3, 5])
def test_a_commit_whose_answer_is_lost(database: Database, commits: int) -> None:
    """Nobody here knows whether it was made.

    Nobody gets a letter twice, nobody is left out, and the send comes to its end.
    """
    add_subscribers(database, 60)
    port = database.engine.url.port
    assert port is not None
    with ScriptedServer() as server, LossyProxy(port) as between:
        start(database)
        far = open_database(
            database.engine.url.set(port=between.port).render_as_string(hide_password=False)
        )

        def script(at: str, argument: str, taken: int) -> object:
            if at == "mail" and len(server.accepted) == 8 and not between.lost_answers:
                between.commits_left = max(between.commits_left, commits)
            return None

        server.script = script
        assert send(far, build_send_options(server.port, connections=2)).state is IssueState.sent
        check_invariants(database, server.accepted, 60)
        far.close()
    assert between.lost_answers == 1
    assert read_counts(database) == {"accepted": 60}


def test_without_its_driver_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named, not a module."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"newsletter\[postgresql\]"):
        open_database("postgresql://newsletter@127.0.0.1:1/n")


def test_a_server_that_is_away_is_told_in_words() -> None:
    """Passing: waiting may help. No word of the driver's."""
    with pytest.raises(StoreError, match="can't be reached") as error:
        open_database("postgresql://newsletter@127.0.0.1:1/n")
    assert error.value.is_transient


def test_times_keep_their_zone(database: Database) -> None:
    """What goes in as UTC comes out as UTC."""
    moment = datetime(2026, 12, 1, 8, tzinfo=UTC)
    with database.begin() as connection:
        connection.execute(
            sa.insert(tables.suppressions).values(key="k", reason="manual", at=moment)
        )
        assert connection.execute(sa.select(tables.suppressions.c.at)).scalar_one() == moment
