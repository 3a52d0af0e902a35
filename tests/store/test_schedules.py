"""Schedules: one an issue; of two processes one changes its state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from newsletter.domain.schedule import Schedule, ScheduleState
from newsletter.store import schedules
from newsletter.store.database import Database

NOW = datetime(2026, 12, 1, 7, tzinfo=UTC)
SCHEDULE = Schedule(
    issue_name="2026-12",
    due=NOW,
    typed="2026-12-01 08:00",
    zone="Europe/Stockholm",
    state=ScheduleState.waiting,
)


@pytest.mark.parametrize("fold", [None, 1, 2])
def test_a_schedule_is_read_as_it_was_written(empty_database: Database, fold: int | None) -> None:
    """What staff typed, in their zone, included."""
    schedule = replace(SCHEDULE, fold=fold)
    with empty_database.begin() as connection:
        assert schedules.find_schedule(connection, "2026-12") is None
        schedules.put(connection, schedule)
        assert schedules.find_schedule(connection, "2026-12") == schedule


def test_an_issue_has_one_schedule(empty_database: Database) -> None:
    """A second time replaces the first, state included."""
    moved = replace(SCHEDULE, due=NOW + timedelta(days=1), typed="2026-12-02 08:00")
    with empty_database.begin() as connection:
        schedules.put(connection, replace(SCHEDULE, state=ScheduleState.missed))
        schedules.put(connection, moved)
        assert schedules.list_schedules(connection) == [moved]


def test_schedules_are_listed_earliest_first(empty_database: Database) -> None:
    """Those of one moment by the issue's name."""
    later = replace(SCHEDULE, issue_name="a", due=NOW + timedelta(hours=1))
    same = replace(SCHEDULE, issue_name="b")
    with empty_database.begin() as connection:
        for schedule in (later, SCHEDULE, same):
            schedules.put(connection, schedule)
        found = [one.issue_name for one in schedules.list_schedules(connection)]
    assert found == ["2026-12", "b", "a"]


def test_a_state_changes_only_from_what_was_seen(empty_database: Database) -> None:
    """Optimistic concurrency, over every pair: whoever looked too early changes nothing."""
    for seen, actual in product(ScheduleState, repeat=2):
        with empty_database.begin() as connection:
            schedules.put(connection, replace(SCHEDULE, state=actual))
            changed = schedules.change_state(connection, "2026-12", seen, ScheduleState.started)
            found = schedules.find_schedule(connection, "2026-12")
        assert changed is (seen is actual)
        assert found is not None
        assert found.state is (ScheduleState.started if changed else actual), (seen, actual)


def test_an_issue_without_a_schedule_changes_nothing(empty_database: Database) -> None:
    """It says so."""
    with empty_database.begin() as connection:
        assert not schedules.change_state(
            connection, "none", ScheduleState.waiting, ScheduleState.started
        )
