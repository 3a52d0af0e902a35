"""Many rows in one parameter: what goes in comes out, and SQLite finds the rows by their number."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.delivery import DeliveryId, DeliveryState, Outcome, OutcomeKind
from newsletter.store import journal
from newsletter.store.database import Database, open_database
from newsletter.store.journal import DeliveryResult
from newsletter.store.tables import deliveries, issues

NOW = datetime(2026, 12, 1, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Make a database with an issue and three rows of it that somebody is sending."""
    folder: Path = tmp_path_factory.mktemp("parameters")
    opened = open_database(f"sqlite:///{folder}/n.db")
    row = {
        "issue": 1,
        "state": "sending",
        "attempts": 1,
        "owner": "me",
        "at": NOW,
        "code": 0,
        "status": "",
        "reply": "",
    }
    with opened.begin() as connection:
        connection.execute(
            sa.insert(issues).values(id=1, name="12", state="sending", cause="", segment="")
        )
        for number in (1, 2, 3):
            address = f"r{number}@example.org"
            connection.execute(
                sa.insert(deliveries).values(
                    id=number, subscriber=number, email=address, key=address, **row
                )
            )
    return opened


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.sampled_from([None, NOW]),
    st.integers(0, 599),
)
def test_what_a_server_said_comes_out_as_it_went_in(
    database: Database, reply: str, due: datetime | None, code: int
) -> None:
    """Quotes, braces, control characters, emoji; a time to the microsecond, or none."""
    outcome = Outcome(kind=OutcomeKind.deferred, code=code, status="4.2.2", reply=reply)
    with database.engine.connect() as connection:
        result = DeliveryResult(
            id=DeliveryId(2), state=DeliveryState.deferred, due=due, outcome=outcome
        )
        assert journal.record(connection, "me", [result], NOW + timedelta(seconds=1)) == 1
        kept = connection.execute(sa.select(deliveries).where(deliveries.c.id == 2)).one()
        assert (kept.reply, kept.due, kept.code, kept.status, kept.state, kept.owner) == (
            reply,
            due,
            code,
            "4.2.2",
            "deferred",
            None,
        )
        others = sa.select(sa.func.count()).where(
            deliveries.c.state == "sending", deliveries.c.at == NOW
        )
        assert connection.execute(others).scalar() == 2
        connection.rollback()


def test_rows_are_found_by_their_number(database: Database) -> None:
    """No walk through a million rows for a few of them."""
    plans: list[str] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute", named=True)
    def _explain(**event: object) -> None:
        statement = str(event["statement"])
        if statement.startswith("UPDATE"):
            # a SQLAlchemy connection
            cursor = event["conn"].connection.cursor()  # type: ignore[attr-defined]
            plans.extend(
                row[3]
                for row in cursor.execute("EXPLAIN QUERY PLAN " + statement, event["parameters"])
            )

    outcome = Outcome(kind=OutcomeKind.accepted, code=250, status="2.0.0", reply="ok")
    with database.engine.connect() as connection:
        journal.begin(connection, 1, "me", [DeliveryId(1)], NOW)
        journal.release(connection, "me", [DeliveryId(1)], NOW)
        journal.record(
            connection,
            "me",
            [
                DeliveryResult(
                    id=DeliveryId(3), state=DeliveryState.accepted, due=None, outcome=outcome
                )
            ],
            NOW,
        )
        connection.rollback()
    sa.event.remove(database.engine, "before_cursor_execute", _explain)
    found = [plan for plan in plans if "deliveries" in plan]
    assert found == ["SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)"] * 3, plans
