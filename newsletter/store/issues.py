"""Statements about issues that are sent, or were: their state, and exactly what was sent."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.store.tables import issues as table


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRecord:
    """An issue as the database knows it."""

    id: int
    name: str
    state: IssueState
    #: Why it is paused, in words; "" otherwise.
    cause: str
    #: The expression that its audience was chosen by; "": everyone.
    segment: str
    #: None until the audience is frozen.
    rendered: RenderedIssue | None
    started: datetime | None
    finished: datetime | None


def find_issue(connection: sa.Connection, issue_name: str) -> IssueRecord | None:
    """Return an issue by its name, or None where it was never sent."""
    row = connection.execute(sa.select(table).where(table.c.name == issue_name)).one_or_none()
    return _to_issue_record(row._mapping) if row is not None else None


def list_issues(connection: sa.Connection, *states: IssueState) -> list[IssueRecord]:
    """Return the issues in these states (none named: all), the newest first."""
    statement = sa.select(table).order_by(table.c.id.desc())
    if states:
        statement = statement.where(table.c.state.in_([state.value for state in states]))
    return [_to_issue_record(row._mapping) for row in connection.execute(statement)]


def add(
    connection: sa.Connection,
    issue_name: str,
    rendered: RenderedIssue,
    *,
    segment: str,
    now: datetime,
) -> int:
    """Write an issue whose send begins, and return its id.

    Where it is there already, the database refuses.
    """
    values = {
        "name": issue_name,
        "state": IssueState.sending.value,
        "cause": "",
        "segment": segment,
        "rendered": asdict(rendered),
        "started": now,
    }
    return int(
        connection.execute(sa.insert(table).values(values).returning(table.c.id)).scalar_one()
    )


def change_state(
    connection: sa.Connection,
    issue_id: int,
    before: Collection[IssueState],
    after: IssueState,
    *,
    cause: str = "",
) -> bool:
    """Change the state if it is one of `before`; of two processes one gets True."""
    statement = sa.update(table).where(
        table.c.id == issue_id, table.c.state.in_([state.value for state in before])
    )
    return connection.execute(statement.values(state=after.value, cause=cause)).rowcount == 1


def finish(connection: sa.Connection, issue_id: int, now: datetime) -> bool:
    """Write that no row of an issue is open any more."""
    statement = sa.update(table).where(
        table.c.id == issue_id, table.c.state == IssueState.sending.value
    )
    return (
        connection.execute(
            statement.values(state=IssueState.sent.value, finished=now, cause="")
        ).rowcount
        == 1
    )


def get_state(connection: sa.Connection, issue_id: int) -> IssueState:
    """Return the state of an issue by its id."""
    return IssueState(
        connection.execute(sa.select(table.c.state).where(table.c.id == issue_id)).scalar_one()
    )


def _to_issue_record(row: Mapping[Any, Any]) -> IssueRecord:
    return IssueRecord(
        id=row["id"],
        name=row["name"],
        state=IssueState(row["state"]),
        cause=row["cause"],
        segment=row["segment"],
        rendered=RenderedIssue(**row["rendered"]) if row["rendered"] is not None else None,
        started=row["started"],
        finished=row["finished"],
    )
