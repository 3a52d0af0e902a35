"""The journal: only allowed moves, nobody twice, nobody who has left.

Results only from who holds the row.
"""

import itertools
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from newsletter.delivery import control
from newsletter.delivery.journal_batch import JournalBatch, JournalCommit, JournalWriter
from newsletter.domain.delivery import (
    MOVES,
    Delivery,
    DeliveryId,
    DeliveryState,
    Outcome,
    OutcomeKind,
)
from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.domain.segment import Everyone, HasTag
from newsletter.domain.subscriber import SuppressionReason
from newsletter.errors import SendError
from newsletter.store import audience, issues, journal, journal_counts
from newsletter.store.database import Database
from newsletter.store.journal import DeliveryResult
from newsletter.store.journal_statements import build_move
from newsletter.store.priority_gate import PriorityGate
from newsletter.store.tables import deliveries, subscribers
from newsletter.subscribers.suppression import suppress
from tests.waiting import HANG_SECONDS

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
RENDERED = RenderedIssue(
    subject="s", preheader="", language="sv", html="h", text="t", mjml="m", slots={"email": "X"}
)
ACCEPTED = Outcome(kind=OutcomeKind.accepted, code=250, status="2.0.0", reply="ok")


@pytest.fixture
def database(empty_database: Database) -> Database:
    """Make a database with five active readers and one of each other status."""
    opened = empty_database
    statuses = ["active"] * 5 + ["pending", "unsubscribed", "bounced", "complained", "manual"]
    rows = [
        {
            "email": f"R{number}@d{number % 2}.example.org",
            "key": f"r{number}@d{number % 2}.example.org",
            "name": f"N{number}",
            "language": "",
            "tags": ["press"] if number == 1 else [],
            "fields": {},
            "status": status,
            "created": NOW,
        }
        for number, status in enumerate(statuses)
    ]
    with opened.begin() as connection:
        connection.execute(sa.insert(subscribers), rows)
    return opened


def start_issue(database: Database) -> int:
    control.start(database, "12", RENDERED, NOW)
    found = control.find_issue(database, "12")
    assert found is not None
    return found.id


def claim(
    database: Database,
    issue: int,
    limit: int = 100,
    owner: str = "me",
    at: datetime = NOW,
    without: tuple[str, ...] = (),
) -> list[Delivery]:
    with database.begin() as connection:
        return journal.claim(connection, issue, owner, at, limit=limit, excluded_domains=without)


def read_counts(database: Database, issue: int) -> dict[str, int]:
    with database.read() as connection:
        return {
            state.value: count
            for state, count in journal_counts.count_by_state(connection, issue).items()
            if count
        }


def record(
    database: Database,
    ids: list[DeliveryId],
    state: DeliveryState,
    owner: str = "me",
    due: datetime | None = None,
) -> int:
    with database.begin() as connection:
        return journal.record(
            connection,
            owner,
            [DeliveryResult(id=one, state=state, due=due, outcome=ACCEPTED) for one in ids],
            NOW,
        )


def begin(
    database: Database, issue: int, ids: list[DeliveryId], owner: str = "me"
) -> set[DeliveryId]:
    with database.begin() as connection:
        return journal.begin(connection, issue, owner, ids, NOW)


def move_row(
    connection: sa.Connection, number: DeliveryId, before: DeliveryState, after: DeliveryState
) -> bool:
    statement = build_move((before,), after)
    return connection.execute(statement, {"ids": [number], "new_at": NOW}).rowcount == 1


def test_only_allowed_moves_are_made(database: Database) -> None:
    """Every pair of states: the table of moves is the law."""
    issue = start_issue(database)
    with database.begin() as connection:
        number = DeliveryId(
            connection.execute(sa.select(sa.func.min(deliveries.c.id))).scalar_one()
        )
        for before, after in itertools.product(DeliveryState, repeat=2):
            connection.execute(
                sa.update(deliveries).where(deliveries.c.issue == issue).values(state=before.value)
            )
            if after in MOVES[before]:
                assert move_row(connection, number, before, after)
                assert not move_row(connection, number, before, after) or before is after
            else:
                with pytest.raises(ValueError, match="doesn't go"):
                    move_row(connection, number, before, after)


def test_the_audience_is_frozen_in_one_go(database: Database) -> None:
    """Active readers minus suppressions; who comes later isn't in it; a second start is refused."""
    with database.begin() as connection:
        suppress(connection, "r4@d0.example.org", SuppressionReason.complained, NOW)
        connection.execute(
            sa.update(subscribers)
            .where(subscribers.c.key == "r4@d0.example.org")
            .values(status="active")
        )
        assert audience.count_audience(connection, Everyone()) == 4
        assert audience.count_audience(connection, HasTag("press")) == 1
    issue = start_issue(database)
    assert read_counts(database, issue) == {"planned": 4}
    with pytest.raises(SendError, match="has been sent, or is being sent"):
        control.start(database, "12", RENDERED, NOW)


def test_an_empty_audience_begins_nothing(database: Database) -> None:
    """Neither issue nor rows stay behind."""
    with pytest.raises(SendError, match="Nobody would get"):
        control.start(database, "12", RENDERED, NOW, segment="tag:nobody")
    assert control.find_issue(database, "12") is None


def test_what_is_sent_is_what_was_frozen(database: Database) -> None:
    """The snapshot comes back as it was."""
    start_issue(database)
    found = control.find_issue(database, "12")
    assert found is not None
    assert found.rendered == RENDERED


def test_two_claims_share_no_row(database: Database) -> None:
    """Small windows, in order, with the reader's name."""
    issue = start_issue(database)
    mine, yours = claim(database, issue, 2), claim(database, issue, 100, owner="you")
    assert [one.email for one in mine] == ["R0@d0.example.org", "R1@d1.example.org"]
    assert mine[0].name == "N0"
    assert len(yours) == 3
    assert not {one.id for one in mine} & {one.id for one in yours}
    assert claim(database, issue) == []


def test_who_has_left_is_not_claimed(database: Database) -> None:
    """Unsubscribed, suppressed by key, erased, or back to pending since the audience was frozen."""
    issue = start_issue(database)
    with database.begin() as connection:
        suppress(connection, "r0@d0.example.org", SuppressionReason.unsubscribed, NOW)
        suppress(connection, "r1@d1.example.org", SuppressionReason.bounced, NOW)
        connection.execute(sa.delete(subscribers).where(subscribers.c.key == "r2@d0.example.org"))
        connection.execute(
            sa.update(subscribers)
            .where(subscribers.c.key == "r3@d1.example.org")
            .values(status="pending")
        )
    assert [one.email for one in claim(database, issue, 1)] == ["R4@d0.example.org"]
    assert read_counts(database, issue) == {"suppressed": 4, "claimed": 1}


def test_a_turn_comes_after_readers_who_wait_for_a_page(database: Database) -> None:
    """What they do is committed before the next letters are claimed."""
    issue, turns = start_issue(database), []
    database.priority_gate = PriorityGate(max_yield=60)

    def _commit_batch() -> None:
        turns.append(
            JournalWriter(database=database, issue_id=issue, owner="me").commit(
                JournalBatch(claim_limit=10), NOW
            )
        )

    sender = threading.Thread(target=_commit_batch)
    with database.priority_gate.prioritise():
        sender.start()
        sender.join(0.05)
        assert not turns
        with database.begin() as connection:
            suppress(connection, "r1@d1.example.org", SuppressionReason.unsubscribed, NOW)
    sender.join(HANG_SECONDS)
    turn: JournalCommit = turns[0]
    assert sorted(row.email for row in turn.claimed_deliveries) == [
        "R0@d0.example.org",
        "R2@d0.example.org",
        "R3@d1.example.org",
        "R4@d0.example.org",
    ]


@pytest.mark.parametrize("state", [IssueState.paused, IssueState.cancelled, IssueState.sent])
def test_nothing_is_claimed_or_begun_unless_the_issue_is_being_sent(
    database: Database, state: IssueState
) -> None:
    """Pause and cancel hold from the moment that they are answered."""
    issue = start_issue(database)
    taken = claim(database, issue, 2)
    with database.begin() as connection:
        assert issues.change_state(connection, issue, {IssueState.sending}, state)
    assert begin(database, issue, [one.id for one in taken]) == set()
    assert claim(database, issue) == []


def test_results_of_another_owner_are_ignored(database: Database) -> None:
    """A process that was frozen and wakes up changes nothing that was taken over."""
    issue = start_issue(database)
    ids = [one.id for one in claim(database, issue, 2)]
    assert begin(database, issue, ids, owner="you") == set()
    assert begin(database, issue, ids) == set(ids)
    assert record(database, ids, DeliveryState.accepted, owner="you") == 0
    assert record(database, ids, DeliveryState.accepted) == 2
    assert record(database, ids, DeliveryState.accepted) == 0
    assert read_counts(database, issue) == {"planned": 3, "accepted": 2}


def test_a_deferred_row_comes_back_when_it_is_due_and_first(database: Database) -> None:
    """With its attempts, and the time when it was first tried."""
    issue = start_issue(database)
    (first,) = claim(database, issue, 1)
    begin(database, issue, [first.id])
    due = NOW + timedelta(minutes=5)
    record(database, [first.id], DeliveryState.deferred, due=due)
    assert first.id not in {one.id for one in claim(database, issue, 1)}
    (again,) = claim(database, issue, 1, at=due)
    assert (again.id, again.attempts, again.first_tried) == (first.id, 1, NOW)
    with database.read() as connection:
        assert journal_counts.get_next_due(connection, issue) is None


def test_domains_can_be_left_out(database: Database) -> None:
    """A domain whose limit is reached keeps nobody else waiting."""
    issue = start_issue(database)
    assert {one.email for one in claim(database, issue, without=("d0.example.org",))} == {
        "R1@d1.example.org",
        "R3@d1.example.org",
    }


def test_after_a_crash_claimed_is_planned_and_sending_is_unknown(database: Database) -> None:
    """And unknown goes out again only when staff say so."""
    issue = start_issue(database)
    ids = [one.id for one in claim(database, issue, 3)]
    begin(database, issue, ids[:1])
    with database.begin() as connection:
        assert journal.recover(connection, NOW) == (2, 1)
        assert journal.recover(connection, NOW) == (0, 0)
    assert read_counts(database, issue) == {"planned": 4, "unknown": 1}
    assert control.list_unknown_addresses(database, issue) == ["R0@d0.example.org"]
    control.resume(database, "12", NOW)
    assert read_counts(database, issue) == {"planned": 4, "unknown": 1}
    control.resume(database, "12", NOW, resend_unknown=True)
    assert read_counts(database, issue) == {"planned": 5}


def test_pause_resume_and_cancel_say_what_is_wrong(database: Database) -> None:
    """Only what makes sense is done, and the rest is said in words."""
    with pytest.raises(SendError, match="was never sent"):
        control.pause(database, "12", NOW)
    start_issue(database)
    control.pause(database, "12", NOW)
    with pytest.raises(SendError, match="isn't being sent"):
        control.pause(database, "12", NOW)
    assert control.resume(database, "12", NOW).state is IssueState.sending
    control.cancel(database, "12", NOW)
    with pytest.raises(SendError, match="cancelled for good"):
        control.resume(database, "12", NOW)


def test_troubles_and_domains_are_counted(database: Database) -> None:
    """What servers said, the commonest first; states by receiving domain."""
    issue = start_issue(database)
    ids = [one.id for one in claim(database, issue, 3)]
    begin(database, issue, ids)
    refused = Outcome(kind=OutcomeKind.refused, code=550, status="5.1.1", reply="5.1.1 unknown")
    with database.begin() as connection:
        journal.record(
            connection,
            "me",
            [
                DeliveryResult(id=one, state=DeliveryState.refused, due=None, outcome=refused)
                for one in ids
            ],
            NOW,
        )
        (trouble,) = journal_counts.count_failures(connection, issue)
        assert (trouble.count, trouble.code, trouble.reply) == (3, 550, "5.1.1 unknown")
        assert journal_counts.count_by_domain(connection, issue) == {
            "d0.example.org": {DeliveryState.refused: 2, DeliveryState.planned: 1},
            "d1.example.org": {DeliveryState.refused: 1, DeliveryState.planned: 1},
        }


@pytest.mark.parametrize(
    "empty_database", ["sqlite"], indirect=True
)  # PostgreSQL decides by how many rows there are
def test_a_claim_reads_the_index_of_open_rows_only(database: Database) -> None:
    """No sort and no scan, however long the list is: each claim of a million costs the same."""
    issue = start_issue(database)
    plans: list[str] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute", named=True)
    def _explain(**event: object) -> None:
        statement = str(event["statement"])
        if "LIMIT" in statement and statement.startswith("SELECT"):
            # a SQLAlchemy connection
            cursor = event["conn"].connection.cursor()  # type: ignore[attr-defined]
            plans.extend(
                row[3]
                for row in cursor.execute("EXPLAIN QUERY PLAN " + statement, event["parameters"])
            )

    claim(database, issue, 2)
    sa.event.remove(database.engine, "before_cursor_execute", _explain)
    used = [plan for plan in plans if "deliveries" in plan]
    assert len(used) == 2, plans
    assert all("USING INDEX ix_deliveries_open" in plan for plan in used), plans
    assert not any("TEMP B-TREE" in plan for plan in plans), plans
