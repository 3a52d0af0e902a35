"""Suppressions: one a key, the last one written counts, and all of them can be streamed."""

from datetime import UTC, datetime, timedelta
from itertools import product

import sqlalchemy as sa

from newsletter.domain.subscriber import Suppression, SuppressionReason
from newsletter.store import suppressions
from newsletter.store.database import Database
from newsletter.store.tables import subscribers

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def build(
    key: str, reason: SuppressionReason = SuppressionReason.manual, at: datetime = NOW
) -> Suppression:
    return Suppression(key=key, reason=reason, at=at)


def test_a_suppression_is_read_as_it_was_written(empty_database: Database) -> None:
    """An address's, a domain's, an erased person's, with each reason."""
    keys = ("anna@example.org", "@example.org", "#0123")
    with empty_database.begin() as connection:
        for key, reason in product(keys, SuppressionReason):
            suppressions.put(connection, build(key, reason))
            assert suppressions.find_suppression(connection, key) == build(key, reason)
        assert suppressions.find_suppression(connection, "bo@example.org") is None


def test_a_later_one_replaces_the_earlier(empty_database: Database) -> None:
    """Which one outweighs which is for the domain to say, before it is written."""
    later = build("a@example.org", SuppressionReason.complained, NOW + timedelta(days=1))
    with empty_database.begin() as connection:
        suppressions.put(connection, build("a@example.org"))
        suppressions.put(connection, later)
        assert list(suppressions.iter_suppressions(connection)) == [later]


def test_lifting_takes_one_away(empty_database: Database) -> None:
    """And one that isn't there is no error."""
    with empty_database.begin() as connection:
        suppressions.put(connection, build("a@example.org"), build("b@example.org"))
        suppressions.lift(connection, "a@example.org")
        suppressions.lift(connection, "c@example.org")
        assert [one.key for one in suppressions.iter_suppressions(connection)] == ["b@example.org"]


def test_many_are_found_at_once(empty_database: Database) -> None:
    """Keys without one are left out."""
    with empty_database.begin() as connection:
        suppressions.put(connection, build("a@example.org"), build("b@example.org"))
        found = suppressions.find_by_keys(connection, ["b@example.org", "c@example.org"])
        assert suppressions.find_by_keys(connection, []) == {}
    assert found == {"b@example.org": build("b@example.org")}


def test_all_are_streamed_in_the_order_of_their_keys(empty_database: Database) -> None:
    """More of them than are read at a time."""
    keys = [f"reader{number:05}@example.org" for number in range(2_500)]
    with empty_database.begin() as connection:
        suppressions.put(connection, *(build(key) for key in reversed(keys)))
        assert [one.key for one in suppressions.iter_suppressions(connection)] == keys
        assert suppressions.count_by_reason(connection) == {"manual": 2_500}


def test_those_to_be_anonymised_are_old_and_still_on_the_list(empty_database: Database) -> None:
    """Oldest first, so many at a time; a bare address without a subscriber stays."""
    row = {
        "name": "",
        "language": "",
        "tags": [],
        "fields": {},
        "status": "unsubscribed",
        "created": NOW,
    }
    with empty_database.begin() as connection:
        for days, name in ((3, "a"), (5, "b"), (4, "c"), (0, "new")):
            key = f"{name}@example.org"
            connection.execute(sa.insert(subscribers), [{"email": key, "key": key, **row}])
            suppressions.put(connection, build(key, at=NOW - timedelta(days=days)))
        suppressions.put(connection, build("stranger@example.org", at=NOW - timedelta(days=9)))
        found = suppressions.list_keys_before(connection, NOW, 2)
        everything = suppressions.list_keys_before(connection, NOW, 10)
    assert found == ["b@example.org", "c@example.org"]
    assert everything == ["b@example.org", "c@example.org", "a@example.org"]
