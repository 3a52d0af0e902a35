"""Counting the journal, and the audience of an issue."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from newsletter.domain.delivery import DeliveryState, Outcome, OutcomeKind
from newsletter.domain.issue import RenderedIssue
from newsletter.domain.segment import Everyone, HasTag, Segment
from newsletter.domain.subscriber import Suppression, SuppressionReason
from newsletter.store import audience, issues, journal, journal_counts, suppressions
from newsletter.store.database import Database
from newsletter.store.journal import DeliveryResult
from newsletter.store.tables import subscribers

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
RENDERED = RenderedIssue(
    subject="s", preheader="", language="sv", html="h", text="t", mjml="m", slots={}
)
KIND_BY_STATE = {
    DeliveryState.accepted: OutcomeKind.accepted,
    DeliveryState.refused: OutcomeKind.refused,
    DeliveryState.deferred: OutcomeKind.deferred,
    DeliveryState.unknown: OutcomeKind.unknown,
}


def add_subscribers(database: Database, emails: Sequence[str], **values: object) -> None:
    row = {"name": "", "language": "", "tags": [], "fields": {}, "status": "active"}
    rows = [{**row, "email": email, "key": email, "created": NOW, **values} for email in emails]
    with database.begin() as connection:
        connection.execute(sa.insert(subscribers), rows)


def start(database: Database) -> int:
    with database.begin() as connection:
        number = issues.add(connection, "12", RENDERED, segment="", now=NOW)
        journal.freeze(connection, number, Everyone(), NOW)
    return number


def try_rows(
    database: Database,
    number: int,
    states: Sequence[DeliveryState],
    *,
    at: datetime = NOW,
    reply: str = "said",
    due: datetime | None = None,
) -> None:
    """Claim and begin as many rows as there are states, and record those."""
    with database.begin() as connection:
        claimed = journal.claim(connection, number, "me", at, limit=len(states))
        ids = [delivery.id for delivery in claimed]
        assert journal.begin(connection, number, "me", ids, at) == set(ids)
        results = [
            DeliveryResult(
                id=one,
                state=state,
                due=due if state is DeliveryState.deferred else None,
                outcome=Outcome(kind=KIND_BY_STATE[state], code=450, reply=reply),
            )
            for one, state in zip(ids, states, strict=True)
        ]
        assert journal.record(connection, "me", results, at) == len(results)


@pytest.fixture
def started(empty_database: Database) -> tuple[Database, int]:
    """Return a database whose issue is frozen for eight readers, and the issue's number."""
    add_subscribers(empty_database, [f"r{number}@d{number % 3}.example.org" for number in range(8)])
    return empty_database, start(empty_database)


def test_every_state_is_named_and_counted(started: tuple[Database, int]) -> None:
    """Those without rows with 0."""
    database, number = started
    results = [
        DeliveryState.accepted,
        DeliveryState.accepted,
        DeliveryState.refused,
        DeliveryState.deferred,
        DeliveryState.unknown,
    ]
    try_rows(database, number, results, due=NOW + timedelta(hours=1))
    with database.read() as connection:
        counts = journal_counts.count_by_state(connection, number)
        nothing = journal_counts.count_by_state(connection, number + 1)
    assert list(counts) == list(DeliveryState)
    assert {state.value: count for state, count in counts.items() if count} == {
        "planned": 3,
        "accepted": 2,
        "refused": 1,
        "deferred": 1,
        "unknown": 1,
    }
    assert set(nothing.values()) == {0}


def test_open_states_are_those_that_may_still_be_sent() -> None:
    """Of the others nothing goes out by itself."""
    closed = set(DeliveryState) - journal_counts.OPEN_STATES
    assert {state.value for state in closed} == {"accepted", "refused", "unknown", "suppressed"}


def test_domains_are_those_with_most_readers(started: tuple[Database, int]) -> None:
    """Of the same number, the first by name; states of each."""
    database, number = started
    try_rows(database, number, [DeliveryState.accepted])
    with database.read() as connection:
        found = journal_counts.count_by_domain(connection, number, limit=2)
    assert found == {
        "d0.example.org": {DeliveryState.accepted: 1, DeliveryState.planned: 2},
        "d1.example.org": {DeliveryState.planned: 3},
    }


def test_failures_are_counted_by_what_was_said(started: tuple[Database, int]) -> None:
    """The commonest first; what was accepted is none."""
    database, number = started
    try_rows(database, number, [DeliveryState.refused], reply="no such user")
    try_rows(database, number, [DeliveryState.refused] * 3, reply="spam")
    try_rows(database, number, [DeliveryState.accepted], reply="ok")
    with database.read() as connection:
        found = journal_counts.count_failures(connection, number)
        one = journal_counts.count_failures(connection, number, limit=1)
    assert [(failure.reply, failure.count) for failure in found] == [
        ("spam", 3),
        ("no such user", 1),
    ]
    assert [failure.reply for failure in one] == ["spam"]


def test_the_next_due_is_the_earliest_of_the_deferred(started: tuple[Database, int]) -> None:
    """None where none waits."""
    database, number = started
    with database.read() as connection:
        assert journal_counts.get_next_due(connection, number) is None
    try_rows(database, number, [DeliveryState.deferred], due=NOW + timedelta(hours=2))
    try_rows(database, number, [DeliveryState.deferred], due=NOW + timedelta(hours=1))
    with database.read() as connection:
        assert journal_counts.get_next_due(connection, number) == NOW + timedelta(hours=1)


def test_what_was_accepted_lately_is_counted_for_the_rate(started: tuple[Database, int]) -> None:
    """From a moment on."""
    database, number = started
    for minutes in (0, 5, 10):
        try_rows(database, number, [DeliveryState.accepted], at=NOW + timedelta(minutes=minutes))
    with database.read() as connection:
        counts = [
            journal_counts.count_accepted_since(connection, number, NOW + timedelta(minutes=one))
            for one in (0, 5, 6, 11)
        ]
    assert counts == [3, 2, 1, 0]


def test_addresses_in_doubt_are_listed_for_staff(started: tuple[Database, int]) -> None:
    """In the order of the list, so many at most."""
    database, number = started
    try_rows(database, number, [DeliveryState.unknown] * 3)
    with database.read() as connection:
        found = journal_counts.list_addresses_in_state(connection, number, DeliveryState.unknown, 2)
    assert found == ["r0@d0.example.org", "r1@d1.example.org"]


@pytest.mark.parametrize(
    ("segment", "now", "count"),
    [
        (Everyone(), NOW, 3),
        (Everyone(), None, 4),
        (HasTag("press"), NOW, 1),
        (HasTag("nobody"), NOW, 0),
    ],
    ids=["who gets it now", "with those who pause", "a segment", "an empty segment"],
)
def test_the_audience_is_active_not_suppressed_and_not_paused(
    empty_database: Database, segment: Segment, now: datetime | None, count: int
) -> None:
    """And what is counted is what is frozen."""
    add_subscribers(empty_database, ["a@example.org", "b@example.org"])
    add_subscribers(empty_database, ["press@example.org"], tags=["press"])
    add_subscribers(empty_database, ["later@example.org"], paused_until=NOW + timedelta(days=1))
    add_subscribers(empty_database, ["left@example.org"], status="unsubscribed")
    add_subscribers(empty_database, ["gone@example.org"], tags=["press"])
    blocked = Suppression(key="gone@example.org", reason=SuppressionReason.bounced, at=NOW)
    with empty_database.begin() as connection:
        suppressions.put(connection, blocked)
        assert audience.count_audience(connection, segment, now) == count
        number = issues.add(connection, "12", RENDERED, segment="", now=NOW)
        frozen = journal.freeze(connection, number, segment, NOW)
        assert frozen == audience.count_audience(connection, segment, NOW)
