"""What is planned goes out when it is due: once, whoever looks, and never late by itself."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.app import Workspace, open_workspace
from newsletter.app.issue_files import find_issue_path
from newsletter.app.send import run_due
from newsletter.domain.schedule import Schedule, ScheduleState
from newsletter.store import schedules
from tests.end_to_end.conftest import blog, mail_server, newsletter  # noqa: F401  # fixtures
from tests.end_to_end.services import MailServer, Newsletter

DUE = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
READERS = [f"reader{number}@example.org" for number in range(20)]


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def scheduled_workspace(newsletter: Newsletter) -> Workspace:  # noqa: F811
    """Plan an issue to twenty readers for 1 December at 08:00 in Stockholm."""
    (newsletter.folder / "readers.csv").write_text("email\n" + "\n".join(READERS), encoding="utf-8")
    newsletter.run("subscribers", "import", "readers.csv")
    newsletter.run("compose", "2026-12")
    return open_scheduled_workspace(newsletter.folder)


def open_scheduled_workspace(folder: Path) -> Workspace:
    opened = open_workspace(folder)
    workspace = Workspace(opened.settings, folder, Clock(DUE - timedelta(minutes=1)))
    plan = Schedule(
        issue_name="2026-12",
        due=DUE,
        typed="2026-12-01 08:00",
        zone="Europe/Stockholm",
        state=ScheduleState.waiting,
    )
    with workspace.database.begin() as connection:
        schedules.put(connection, plan)
    return workspace


def run_tick(workspace: Workspace) -> list[str]:
    return [str(what) for _, what in run_due(workspace, threading.Event(), "en")]


def read_schedule_state(workspace: Workspace) -> ScheduleState:
    with workspace.database.read() as connection:
        found = schedules.find_schedule(connection, "2026-12")
    assert found is not None
    return found.state


def test_it_goes_out_when_it_is_due_and_only_then(
    scheduled_workspace: Workspace,
    mail_server: MailServer,  # noqa: F811
) -> None:
    """A minute before, nothing; at eight, to everybody; after that, nothing more."""
    assert run_tick(scheduled_workspace) == []
    assert mail_server.received == []
    scheduled_workspace.clock.now = DUE  # type: ignore[attr-defined]
    assert run_tick(scheduled_workspace)[0] == "The send has begun."
    assert sorted(mail_server.recipients) == sorted(READERS)
    assert run_tick(scheduled_workspace) == []
    assert len(mail_server.received) == len(READERS)
    assert read_schedule_state(scheduled_workspace) is ScheduleState.started
    scheduled_workspace.close()


def test_two_that_look_at_once_send_it_once(
    scheduled_workspace: Workspace,
    mail_server: MailServer,  # noqa: F811
) -> None:
    """`serve` and `run --once` on the same folder, at the same moment."""
    scheduled_workspace.clock.now = DUE  # type: ignore[attr-defined]
    others = [
        Workspace(
            scheduled_workspace.settings, scheduled_workspace.folder, scheduled_workspace.clock
        )
        for _ in range(3)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run_tick, [scheduled_workspace, *others]))
    run_tick(scheduled_workspace)
    assert sorted(mail_server.recipients) == sorted(READERS)
    for workspace in (scheduled_workspace, *others):
        workspace.close()


def test_missed_by_more_than_two_hours_it_waits_for_a_person(
    scheduled_workspace: Workspace,
    mail_server: MailServer,  # noqa: F811
) -> None:
    """The machine was off that morning: nobody gets the letter in the evening by itself."""
    scheduled_workspace.clock.now = DUE + timedelta(hours=2, seconds=1)  # type: ignore[attr-defined]
    assert "by hand" in run_tick(scheduled_workspace)[0]
    assert mail_server.received == []
    assert read_schedule_state(scheduled_workspace) is ScheduleState.missed
    scheduled_workspace.close()


def test_an_open_error_holds_it(scheduled_workspace: Workspace, mail_server: MailServer) -> None:  # noqa: F811
    """What `send` would refuse isn't sent at night either.

    When it is mended and planned again, it goes.
    """
    file = find_issue_path(scheduled_workspace, "2026-12")
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("subject: Nytt från regionen", "subject: TODO"), encoding="utf-8")
    scheduled_workspace.clock.now = DUE  # type: ignore[attr-defined]
    held = run_tick(scheduled_workspace)
    assert "open errors of the checks" in held[0]
    assert mail_server.received == []
    assert read_schedule_state(scheduled_workspace) is ScheduleState.held
    file.write_text(good, encoding="utf-8")
    scheduled_workspace.close()
    again = open_scheduled_workspace(scheduled_workspace.folder)
    again.clock.now = DUE  # type: ignore[attr-defined]
    run_tick(again)
    assert sorted(mail_server.recipients) == sorted(READERS)
    again.close()
