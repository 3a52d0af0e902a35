"""What the journal says of an issue: how many rows are in which state, and why."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.delivery import DeliveryState
from newsletter.store.journal_statements import IS_OPEN, domain_part
from newsletter.store.tables import deliveries as table

_S = DeliveryState
OPEN_STATES = frozenset({_S.planned, _S.claimed, _S.sending, _S.deferred})


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCount:
    """What servers said, and of how many."""

    state: DeliveryState
    code: int
    status: str
    reply: str
    count: int


def count_by_state(connection: sa.Connection, issue_id: int) -> dict[DeliveryState, int]:
    """Return how many rows are in each state; all states are named."""
    rows = connection.execute(
        sa.select(table.c.state, sa.func.count())
        .where(table.c.issue == issue_id)
        .group_by(table.c.state)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {state: found.get(state.value, 0) for state in _S}


def count_by_domain(
    connection: sa.Connection, issue_id: int, limit: int = 20
) -> dict[str, dict[DeliveryState, int]]:
    """Return the states for each of the receiving domains with most readers."""
    domain = domain_part(table.c.key)
    top = (
        sa.select(domain)
        .where(table.c.issue == issue_id)
        .group_by(domain)
        .order_by(sa.func.count().desc(), domain)
        .limit(limit)
    )
    names = list(connection.execute(top).scalars())
    statement = sa.select(domain, table.c.state, sa.func.count()).where(
        table.c.issue == issue_id, domain.in_(names)
    )
    found: dict[str, dict[DeliveryState, int]] = {name: {} for name in names}
    for name, state, count in connection.execute(statement.group_by(domain, table.c.state)):
        found[name][_S(state)] = count
    return found


def count_failures(connection: sa.Connection, issue_id: int, limit: int = 10) -> list[FailureCount]:
    """Return what servers said of rows that weren't accepted, the commonest first."""
    said = (table.c.state, table.c.code, table.c.status, table.c.reply)
    states = [state.value for state in (_S.deferred, _S.refused, _S.unknown)]
    statement = sa.select(*said, sa.func.count()).where(
        table.c.issue == issue_id, table.c.state.in_(states)
    )
    rows = connection.execute(
        statement.group_by(*said).order_by(sa.func.count().desc(), *said).limit(limit)
    )
    return [
        FailureCount(state=_S(state), code=code, status=status, reply=reply, count=count)
        for state, code, status, reply, count in rows
    ]


def list_addresses_in_state(
    connection: sa.Connection, issue_id: int, state: DeliveryState, limit: int
) -> list[str]:
    """Return addresses of rows in a state, for staff to decide on."""
    statement = (
        sa.select(table.c.email)
        .where(table.c.issue == issue_id, table.c.state == state.value)
        .order_by(table.c.id)
    )
    return list(connection.execute(statement.limit(limit)).scalars())


def get_next_due(connection: sa.Connection, issue_id: int) -> datetime | None:
    """Return when the next deferred row is due, or None."""
    statement = sa.select(sa.func.min(table.c.due)).where(
        table.c.issue == issue_id, table.c.state == _S.deferred.value, IS_OPEN
    )
    found: datetime | None = connection.execute(statement).scalar()
    return found


def count_accepted_since(connection: sa.Connection, issue_id: int, since: datetime) -> int:
    """Return how many messages were accepted lately."""
    statement = sa.select(sa.func.count()).where(
        table.c.issue == issue_id, table.c.state == _S.accepted.value, table.c.at >= since
    )
    return int(connection.execute(statement).scalar_one())
