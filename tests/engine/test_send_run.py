"""The embedded engine: its lock, and what it leaves behind when it has looked at a server."""

import asyncio
from pathlib import Path

import pytest

from newsletter.delivery.smtp_relay import Security, SmtpRelay
from newsletter.domain.delivery import OutcomeKind
from newsletter.engine import send_run
from newsletter.errors import AlreadySendingError, SendError
from newsletter.store import issues, journal
from newsletter.store.database import open_database
from tests.delivery.recorded_events import build_message
from tests.delivery.scripted_server import ScriptedServer
from tests.delivery.send_harness import (
    build_run,
    build_send_options,
    populate,
    read_counts,
    start,
    utc_now,
)


def test_the_lock_is_not_written_through_a_link(tmp_path: Path) -> None:
    """A workspace of somebody else can't make us empty a file of ours."""
    ours = tmp_path / "thesis.txt"
    ours.write_text("years of work")
    (tmp_path / "newsletter.db.lock").symlink_to(ours)
    database = open_database(f"sqlite:///{tmp_path}/newsletter.db")
    with (
        pytest.raises(SendError, match="is a link to another file"),
        send_run.hold_single_sender_lock(database),
    ):
        pass
    database.close()
    assert ours.read_text() == "years of work"


def test_the_lock_names_its_holder_and_is_let_go(tmp_path: Path) -> None:
    """Whoever comes second is told who sends; afterwards anybody may."""
    database = open_database(f"sqlite:///{tmp_path}/newsletter.db")
    with (
        send_run.hold_single_sender_lock(database),
        pytest.raises(AlreadySendingError, match=r"number \d+"),
        send_run.hold_single_sender_lock(database),
    ):
        pass
    with send_run.hold_single_sender_lock(database):
        assert (tmp_path / "newsletter.db.lock").stat().st_mode & 0o777 == 0o600
    database.close()


def test_looking_at_a_server_leaves_no_timer_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task that watches the connection ends with it, not only with the event loop."""
    left: list[set[str]] = []
    run = asyncio.run

    def run_and_look(main: object) -> object:
        async def _look() -> object:
            result = await main  # type: ignore[misc]
            others = asyncio.all_tasks() - {asyncio.current_task()}
            left.append({task.get_coro().__qualname__ for task in others})  # type: ignore[union-attr]
            return result

        return run(_look())

    monkeypatch.setattr(asyncio, "run", run_and_look)
    with ScriptedServer(lambda *_: None) as server:
        send_run.check_connection(
            SmtpRelay(host="127.0.0.1", port=server.port, security=Security.none)
        )
    assert [{name for name in names if "TimeoutWatch" in name} for names in left] == [set()]


def test_an_issue_that_was_never_begun_says_how_to_begin(tmp_path: Path) -> None:
    """And the lock is let go."""
    database = populate(tmp_path, 1)
    with pytest.raises(SendError, match=r"was never sent\. Send it with: newsletter send 2026-12"):
        send_run.deliver(database, build_run(build_send_options(1)))
    with send_run.hold_single_sender_lock(database):
        pass
    database.close()


@pytest.mark.parametrize(
    ("reply", "kind"),
    [(None, OutcomeKind.accepted), ("550 5.1.1 no", OutcomeKind.refused)],
    ids=["taken", "refused"],
)
def test_one_message_is_sent_without_a_journal(reply: str | None, kind: OutcomeKind) -> None:
    """What the server said comes back; the connection is closed with QUIT."""
    with ScriptedServer(lambda phase, *_: reply if phase == "rcpt" else None) as server:
        relay = build_send_options(server.port).relay
        outcome = send_run.send_one(relay, build_message(1))
        assert len(server.recipients) == (kind is OutcomeKind.accepted)
        assert server.seen.commands[-1] == "quit"
    assert outcome.kind is kind


def test_recovering_counts_what_a_crash_left(tmp_path: Path) -> None:
    """Claimed rows are planned again; of those that were being sent nobody knows."""
    database = populate(tmp_path, 6)
    start(database)
    now = utc_now()
    with database.begin() as connection:
        number = issues.list_issues(connection)[0].id
        claimed = journal.claim(connection, number, "dead", now, limit=5)
        journal.begin(connection, number, "dead", [one.id for one in claimed[:2]], now)
    assert send_run.lock_and_recover(database, now) == (3, 2)
    assert send_run.lock_and_recover(database, now) == (0, 0)
    assert read_counts(database) == {"planned": 4, "unknown": 2}
    database.close()
