"""What is due is started, once, and nothing late by itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.domain.schedule import Schedule, ScheduleState
from newsletter.errors import SendError
from newsletter.schedule.due import GRACE_PERIOD, decide, start_due_sends
from newsletter.store import schedules as store
from newsletter.store.database import Database, open_database

DUE = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def build_schedule(
    issue: str = "2026-12", state: ScheduleState = ScheduleState.waiting
) -> Schedule:
    return Schedule(
        issue_name=issue, due=DUE, typed="2026-12-01 08:00", zone="Europe/Stockholm", state=state
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'newsletter.db'}")
    with database.begin() as connection:
        store.put(connection, build_schedule())
    yield database
    database.close()


@pytest.mark.parametrize(
    ("late", "state"),
    [
        (-SECOND, None),
        (timedelta(0), ScheduleState.started),
        (GRACE_PERIOD, ScheduleState.started),
        (GRACE_PERIOD + SECOND, ScheduleState.missed),
        (timedelta(days=400), ScheduleState.missed),
    ],
)
def test_what_starts_and_what_was_missed(late: timedelta, state: ScheduleState | None) -> None:
    """A schedule starts within its window; later it waits for a person."""
    assert [step.state for step in decide([build_schedule()], DUE + late)] == (
        [state] if state else []
    )


@pytest.mark.parametrize(
    "state", [state for state in ScheduleState if state is not ScheduleState.waiting]
)
def test_only_a_waiting_schedule_starts(state: ScheduleState) -> None:
    """What has started, was missed, held or cancelled never starts by itself."""
    assert decide([build_schedule(state=state)], DUE) == []


def test_ten_ticks_at_once_start_an_issue_once(database: Database) -> None:
    """`serve` and `run --once` on the same database start one send between them."""
    started: list[str] = []
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: start_due_sends(database, DUE, started.append), range(10)))
    assert started == ["2026-12"]


def test_a_missed_schedule_asks_and_never_starts(database: Database) -> None:
    """Nothing is sent late by itself: it is marked, and said."""
    started: list[str] = []
    ((issue, said),) = start_due_sends(database, DUE + timedelta(hours=3), started.append)
    assert (issue, started) == ("2026-12", [])
    assert "by hand" in str(said)
    assert start_due_sends(database, DUE + timedelta(hours=3), started.append) == []
    with database.read() as connection:
        assert store.find_schedule(connection, "2026-12") == build_schedule(
            state=ScheduleState.missed
        )


def test_what_stops_a_start_is_told_and_holds_the_schedule(database: Database) -> None:
    """An open check holds the schedule for a person, with the cause."""

    def refuse(name: str) -> None:
        raise SendError("{name} has no subject. Write one.", name=name)

    assert [str(said) for _, said in start_due_sends(database, DUE, refuse)] == [
        "2026-12 has no subject. Write one."
    ]
    with database.read() as connection:
        assert store.find_schedule(connection, "2026-12") == build_schedule(
            state=ScheduleState.held
        )
    assert start_due_sends(database, DUE, refuse) == []
