"""Local times to instants."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.errors import ScheduleError
from newsletter.schedule.calendar import resolve_local_time

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("typed", "fold", "due", "notes"),
    [
        ("2026-12-01 08:00", None, datetime(2026, 12, 1, 7, 0, tzinfo=UTC), 0),
        ("2026-07-01 08:00", None, datetime(2026, 7, 1, 6, 0, tzinfo=UTC), 0),
        ("2026-07-01T08:00", None, datetime(2026, 7, 1, 6, 0, tzinfo=UTC), 0),
        ("2026-07-01 08.00", None, datetime(2026, 7, 1, 6, 0, tzinfo=UTC), 0),
        # Clocks go forward: 02:30 isn't there, 03:30 CEST is meant.
        ("2027-03-28 02:30", None, datetime(2027, 3, 28, 1, 30, tzinfo=UTC), 1),
        # Clocks go back: 02:30 is there twice.
        ("2026-10-25 02:30", None, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1),
        ("2026-10-25 02:30", 2, datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 1),
        ("2028-02-29 12:00", None, datetime(2028, 2, 29, 11, 0, tzinfo=UTC), 0),
    ],
)
def test_a_local_time_becomes_the_right_instant(
    typed: str, fold: int | None, due: datetime, notes: int
) -> None:
    """A local time is one instant, and what is odd about it is said."""
    resolved = resolve_local_time(typed, STOCKHOLM, fold=fold)
    assert (resolved.due, len(resolved.notes)) == (due, notes)


def test_the_odd_hours_are_said_in_words() -> None:
    """The gap and the doubled hour name the time that is meant."""
    assert "03:30 CEST" in str(resolve_local_time("2027-03-28 02:30", STOCKHOLM).notes[0])
    assert "02:30 CEST" in str(resolve_local_time("2026-10-25 02:30", STOCKHOLM).notes[0])
    assert "02:30 CET" in str(resolve_local_time("2026-10-25 02:30", STOCKHOLM, fold=2).notes[0])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tomorrow",
        "2026-13-01 08:00",
        "2026-02-30 08:00",
        "08:00",
        "2026-12-01",
        "2026-12-01 8",
        "\x00",
    ],
)
def test_what_is_no_time_is_refused_with_an_example(typed: str) -> None:
    """A text that is no date and time is refused, and the right form is shown."""
    with pytest.raises(ScheduleError, match="2026-12-01 08:00"):
        resolve_local_time(typed, STOCKHOLM)
