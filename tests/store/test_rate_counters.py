"""Rate counters: so many in a window, which begins with the first and is never prolonged."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.store import rate_counters
from newsletter.store.database import Database

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_each_hit_counts_one_more(empty_database: Database) -> None:
    """In its own bucket; looking doesn't count."""
    with empty_database.begin() as connection:
        assert [rate_counters.hit(connection, "a", NOW, HOUR) for _ in range(3)] == [1, 2, 3]
        assert rate_counters.hit(connection, "b", NOW, HOUR) == 1
        assert [rate_counters.get_count(connection, "a", NOW) for _ in range(2)] == [3, 3]
        assert rate_counters.get_count(connection, "c", NOW) == 0


@pytest.mark.parametrize(
    ("minutes", "count"), [(0, 2), (59, 2), (60, 1), (600, 1)], ids=lambda value: str(value)
)
def test_the_count_begins_anew_when_the_window_is_over(
    empty_database: Database, minutes: int, count: int
) -> None:
    """At its very end already."""
    later = NOW + timedelta(minutes=minutes)
    with empty_database.begin() as connection:
        rate_counters.hit(connection, "a", NOW, HOUR)
        assert rate_counters.get_count(connection, "a", later) == count - 1
        assert rate_counters.hit(connection, "a", later, HOUR) == count


def test_hits_prolong_no_window(empty_database: Database) -> None:
    """Whoever tries on and on is let in again at the same time."""
    with empty_database.begin() as connection:
        for minutes in range(0, 60, 10):
            rate_counters.hit(connection, "a", NOW + timedelta(minutes=minutes), HOUR)
        assert rate_counters.get_count(connection, "a", NOW + timedelta(minutes=59)) == 6
        assert rate_counters.get_count(connection, "a", NOW + HOUR) == 0


def test_a_new_window_is_as_long_as_it_is_said_then(empty_database: Database) -> None:
    """The old one's length is forgotten with it."""
    with empty_database.begin() as connection:
        rate_counters.hit(connection, "a", NOW, HOUR)
        rate_counters.hit(connection, "a", NOW + HOUR, 3 * HOUR)
        assert rate_counters.get_count(connection, "a", NOW + 3 * HOUR) == 1
        assert rate_counters.get_count(connection, "a", NOW + 4 * HOUR) == 0


def test_a_bucket_can_be_emptied(empty_database: Database) -> None:
    """Another one isn't."""
    with empty_database.begin() as connection:
        for bucket in ("a", "a", "b"):
            rate_counters.hit(connection, bucket, NOW, HOUR)
        rate_counters.reset(connection, "a")
        assert rate_counters.get_count(connection, "a", NOW) == 0
        assert rate_counters.get_count(connection, "b", NOW) == 1
        assert rate_counters.hit(connection, "a", NOW, HOUR) == 1


def test_expired_buckets_are_taken_away(empty_database: Database) -> None:
    """The table doesn't grow with everybody who ever came."""
    with empty_database.begin() as connection:
        rate_counters.hit(connection, "old", NOW, HOUR)
        rate_counters.hit(connection, "new", NOW, 2 * HOUR)
        rate_counters.delete_expired(connection, NOW + HOUR)
        assert rate_counters.get_count(connection, "old", NOW) == 0
        assert rate_counters.get_count(connection, "new", NOW + HOUR) == 1
