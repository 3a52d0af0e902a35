"""Issues in the database: what was sent, word for word, and their state."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import sqlalchemy as sa

from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.errors import StoreError
from newsletter.store import issues
from newsletter.store.database import Database

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
RENDERED = RenderedIssue(
    subject="Nytt",
    preheader="Biblioteket öppnar",
    language="sv",
    html="<p>Åäö 📬</p>",
    text="Åäö\n",
    mjml="<mjml></mjml>",
    slots={"email": "X9email"},
    shortened=2,
)


def add(database: Database, name: str = "2026-12", segment: str = "") -> int:
    with database.begin() as connection:
        return issues.add(connection, name, RENDERED, segment=segment, now=NOW)


def test_an_issue_is_read_as_it_was_frozen(empty_database: Database) -> None:
    """A resumed send sends the same bytes."""
    number = add(empty_database, segment="tag:press")
    with empty_database.read() as connection:
        found = issues.find_issue(connection, "2026-12")
        assert issues.find_issue(connection, "2026-13") is None
        assert issues.get_state(connection, number) is IssueState.sending
    assert found is not None
    assert (found.id, found.name, found.state) == (number, "2026-12", IssueState.sending)
    assert found.rendered == RENDERED
    assert (found.segment, found.cause) == ("tag:press", "")
    assert (found.started, found.finished) == (NOW, None)


def test_an_issue_begins_once(empty_database: Database) -> None:
    """The database refuses a second of its name, whoever asks."""
    add(empty_database)
    with pytest.raises((StoreError, sa.exc.IntegrityError)):
        add(empty_database)
    with empty_database.read() as connection:
        assert len(issues.list_issues(connection)) == 1


def test_issues_are_listed_newest_first_and_by_state(empty_database: Database) -> None:
    """No state named: all of them."""
    one, two, three = (add(empty_database, name) for name in ("a", "b", "c"))
    with empty_database.begin() as connection:
        assert issues.finish(connection, two, NOW)
        names = {
            states: [found.name for found in issues.list_issues(connection, *states)]
            for states in (
                (),
                (IssueState.sending,),
                (IssueState.sent,),
                (IssueState.sending, IssueState.sent),
                (IssueState.paused,),
            )
        }
    assert list(names.values()) == [["c", "b", "a"], ["c", "a"], ["b"], ["c", "b", "a"], []]
    assert one < two < three


STORED_STATES = [state for state in IssueState if state is not IssueState.draft]


def test_a_state_changes_only_from_what_was_expected(empty_database: Database) -> None:
    """Over every pair; the cause is the new state's."""
    number = add(empty_database)
    for before, actual in product(STORED_STATES, repeat=2):
        with empty_database.begin() as connection:
            issues.change_state(connection, number, STORED_STATES, actual, cause="old")
            changed = issues.change_state(
                connection, number, {before}, IssueState.paused, cause="the disk"
            )
            found = issues.find_issue(connection, "2026-12")
        assert changed is (before is actual)
        assert found is not None
        expected = (IssueState.paused, "the disk") if changed else (actual, "old")
        assert (found.state, found.cause) == expected, (before, actual)


def test_only_an_issue_that_is_being_sent_is_finished(empty_database: Database) -> None:
    """One that was paused or cancelled meanwhile stays that."""
    for state in STORED_STATES:
        number = add(empty_database, state.value)
        later = NOW + timedelta(hours=1)
        with empty_database.begin() as connection:
            issues.change_state(connection, number, {IssueState.sending}, state)
            finished = issues.finish(connection, number, later)
            found = issues.find_issue(connection, state.value)
        assert finished is (state is IssueState.sending)
        assert found is not None
        assert found.finished == (later if finished else None)
