"""Pending confirmations (double opt-in): kept as they were asked, completed once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.domain.confirmation import (
    CONFIRMATION_LIFETIME,
    ConfirmationId,
    ConfirmationKind,
    PendingConfirmation,
)
from newsletter.domain.subscriber import SubscriberId
from newsletter.store import confirmations
from newsletter.store.database import Database

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SIGN_UP = PendingConfirmation(
    id=ConfirmationId(0),
    kind=ConfirmationKind.sign_up,
    email="Anna@Example.org",
    key="anna@example.org",
    name="Anna",
    language="sv",
    tags=("Press", "Kultur"),
    wording="Ja, tack",
    source="form",
    created=NOW,
)


def add(database: Database, *values: PendingConfirmation) -> list[ConfirmationId]:
    with database.begin() as connection:
        return [confirmations.add(connection, value) for value in values]


def find(database: Database, number: ConfirmationId) -> PendingConfirmation | None:
    with database.read() as connection:
        return confirmations.find_confirmation(connection, number)


@pytest.mark.parametrize(
    "value",
    [
        SIGN_UP,
        replace(SIGN_UP, name="", tags=(), wording="", language=""),
        replace(SIGN_UP, kind=ConfirmationKind.move, subscriber=SubscriberId(7)),
    ],
    ids=["all fields", "as little as can be", "a move"],
)
def test_what_was_asked_is_read_as_it_was(
    empty_database: Database, value: PendingConfirmation
) -> None:
    """Except for its number, which the database gives."""
    (number,) = add(empty_database, value)
    assert find(empty_database, number) == replace(value, id=number)


def test_nobody_has_asked_that(empty_database: Database) -> None:
    """A number that was never given."""
    assert find(empty_database, ConfirmationId(99)) is None


def test_completing_says_when_and_for_whom(empty_database: Database) -> None:
    """After that it isn't pending."""
    (number,) = add(empty_database, SIGN_UP)
    later = NOW + timedelta(hours=1)
    with empty_database.begin() as connection:
        confirmations.complete(connection, number, SubscriberId(7), later)
    found = find(empty_database, number)
    assert found is not None
    assert (found.completed_at, found.subscriber) == (later, 7)
    assert not found.is_pending(later)


@pytest.mark.parametrize("moment", ["completed_at", "old_confirmed_at", "new_confirmed_at"])
def test_each_moment_has_its_own_place(empty_database: Database, moment: str) -> None:
    """The two ends of a move are confirmed one by one."""
    (number,) = add(empty_database, SIGN_UP)
    with empty_database.begin() as connection:
        confirmations.set_times(connection, number, NOW, moment)
    found = find(empty_database, number)
    names = ("completed_at", "old_confirmed_at", "new_confirmed_at")
    assert found is not None
    assert [name for name in names if getattr(found, name) is not None] == [moment]
    assert getattr(found, moment) == NOW


def test_they_are_listed_by_address_and_by_subscriber(empty_database: Database) -> None:
    """Oldest first."""
    mine = replace(SIGN_UP, subscriber=SubscriberId(7))
    other = replace(SIGN_UP, key="bo@example.org", subscriber=SubscriberId(8))
    one, two, three = add(empty_database, SIGN_UP, mine, other)
    with empty_database.read() as connection:
        of_address = confirmations.list_for_address(connection, "anna@example.org")
        of_subscriber = confirmations.list_for_subscriber(connection, SubscriberId(8))
    assert [found.id for found in of_address] == [one, two]
    assert [found.id for found in of_subscriber] == [three]


@pytest.mark.parametrize(
    ("subscriber", "left"), [(None, ["moved", "other"]), (SubscriberId(7), ["other"])]
)
def test_a_person_s_go_with_them(
    empty_database: Database, subscriber: SubscriberId | None, left: list[str]
) -> None:
    """By address, and by number where they have one."""
    numbers = add(
        empty_database,
        SIGN_UP,
        replace(SIGN_UP, key="new@example.org", subscriber=SubscriberId(7)),
        replace(SIGN_UP, key="bo@example.org", subscriber=SubscriberId(8)),
    )
    with empty_database.begin() as connection:
        confirmations.delete_for_person(connection, "anna@example.org", subscriber)
    names = dict(zip(numbers, ("anna", "moved", "other"), strict=True))
    assert [names[one] for one in numbers if find(empty_database, one)] == left


def test_old_ones_are_taken_away(empty_database: Database) -> None:
    """What was asked before a moment; on it stays."""
    old, new = add(empty_database, replace(SIGN_UP, created=NOW - CONFIRMATION_LIFETIME), SIGN_UP)
    with empty_database.begin() as connection:
        assert confirmations.delete_before(connection, NOW) == 1
    assert find(empty_database, old) is None
    assert find(empty_database, new) is not None
