"""Statements of the journal: one row a delivery, and only the moves of `domain.delivery`.

    freeze | claim | begin | record            recover, release: what a crash or a pause leaves

Every change names the states that it starts from, and the owner where a row has one: a process that
was frozen and wakes up changes nothing that another has taken over.

What runs for every few messages is made once: SQLAlchemy takes 70 to 300 µs to build a statement,
and 20 to run one that it knows. For the same reason a list of rows is one parameter, however long
it is.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from newsletter.domain.delivery import MOVES, Delivery, DeliveryId, DeliveryState, Outcome
from newsletter.domain.segment import Segment
from newsletter.domain.subscriber import SubscriberId, SubscriberStatus
from newsletter.store.bulk_parameters import IntArray, ResultRows, is_among, result_rows
from newsletter.store.segments import (
    is_not_paused,
    is_not_suppressed,
    is_suppressed,
    matches_segment,
)
from newsletter.store.tables import UtcDateTime, issues, subscribers
from newsletter.store.tables import deliveries as table

_S = DeliveryState
#: The condition of the index of open rows, word for word: SQLite uses a partial index only then.
_IS_OPEN = sa.text("deliveries.state NOT IN ('accepted', 'refused', 'unknown', 'suppressed')")
OPEN_STATES = frozenset({_S.planned, _S.claimed, _S.sending, _S.deferred})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResult:
    """What the journal is to say of a delivery that was tried."""

    id: DeliveryId
    state: DeliveryState
    due: datetime | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCount:
    """What servers said, and of how many."""

    state: DeliveryState
    code: int
    status: str
    reply: str
    count: int


# SQL functions are named in lower case
class domain_part(sa.sql.functions.GenericFunction[str]):  # noqa: N801
    """The part of an address key after the @, of which there is one."""

    type = sa.Text()
    inherit_cache = True


@compiles(domain_part, "sqlite")
def _compile_domain_part_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    key = compiler.process(element.clauses, **options)
    return f"substr({key}, instr({key}, '@') + 1)"


@compiles(domain_part, "postgresql")
def _compile_domain_part_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"split_part({compiler.process(element.clauses, **options)}, '@', 2)"


def count_audience(connection: sa.Connection, segment: Segment, now: datetime | None = None) -> int:
    """Return how many readers an issue would go to.

    Without a time those are counted too who want a pause.
    """
    return int(
        connection.execute(
            sa.select(sa.func.count())
            .select_from(subscribers)
            .where(*_build_audience_conditions(segment, now))
        ).scalar_one()
    )


def freeze(connection: sa.Connection, issue_id: int, segment: Segment, now: datetime) -> int:
    """Write a planned row for every reader of a segment, in one statement, and return how many."""
    constants = (
        sa.literal(issue_id),
        sa.literal(_S.planned.value),
        sa.literal(0),
        sa.literal(now, table.c.at.type),
        sa.literal(""),
    )
    number, planned, zero, at, empty = constants
    chosen = sa.select(
        number,
        subscribers.c.id,
        subscribers.c.email,
        subscribers.c.key,
        planned,
        zero,
        at,
        zero,
        empty,
        empty,
    )
    columns = [
        "issue",
        "subscriber",
        "email",
        "key",
        "state",
        "attempts",
        "at",
        "code",
        "status",
        "reply",
    ]
    statement = sa.insert(table).from_select(
        columns, chosen.where(*_build_audience_conditions(segment, now)).order_by(subscribers.c.id)
    )
    # Without the option PostgreSQL's driver doesn't tell how many rows an INSERT made.
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def claim(
    connection: sa.Connection,
    issue_id: int,
    owner: str,
    now: datetime,
    *,
    limit: int,
    excluded_domains: Sequence[str] = (),
) -> list[Delivery]:
    """Take at most `limit` rows that are due, for this owner.

    Readers who have left since are written off here.

    Nothing is taken unless the issue is being sent. `without` names domains that get nothing now.
    Deferred rows go first.
    """
    if not is_sending(connection, issue_id):
        return []
    taken: list[Delivery] = []
    while len(taken) < limit:
        rows = _select_due(connection, issue_id, now, limit - len(taken), excluded_domains)
        left = [row[0] for row in rows if row[-1]]
        stay = [_to_delivery(row) for row in rows if not row[-1]]
        _execute_move(connection, _build_suppress_move(), left, new_at=now)
        _execute_move(
            connection,
            _build_claim_move(),
            [delivery.id for delivery in stay],
            new_at=now,
            new_owner=owner,
        )
        taken += stay
        if not left:
            break
    return taken


def begin(
    connection: sa.Connection, issue_id: int, owner: str, ids: Sequence[DeliveryId], now: datetime
) -> set[DeliveryId]:
    """Write `sending` for rows that this owner has claimed; return those for which it is true now.

    Must be committed before DATA leaves. None is returned where the issue was paused or cancelled
    meanwhile.
    """
    if not ids or not is_sending(connection, issue_id):
        return set()
    if _execute_move(connection, _build_begin_move(), ids, of_owner=owner, new_at=now) == len(ids):
        return set(ids)
    return set(
        connection.execute(
            _build_begun_query(), {"ids": ids, "of_owner": owner, "begun": now}
        ).scalars()
    )


def record(
    connection: sa.Connection, owner: str, results: Iterable[DeliveryResult], now: datetime
) -> int:
    """Write what became of rows that this owner was sending.

    Returns how many were still its own.
    """
    rows = [
        {
            "id": int(result.id),
            "state": _check_move(_S.sending, result.state).value,
            "due": result.due,
            "code": result.outcome.code,
            "status": result.outcome.status,
            "reply": result.outcome.reply,
        }
        for result in results
    ]
    return (
        connection.execute(
            _build_record_update(), {"rows": rows, "of_owner": owner, "new_at": now}
        ).rowcount
        if rows
        else 0
    )


def release(
    connection: sa.Connection, owner: str, ids: Sequence[DeliveryId], now: datetime
) -> None:
    """Put rows back that were claimed and not begun."""
    _execute_move(connection, _build_release_move(), ids, of_owner=owner, new_at=now)


def release_all(connection: sa.Connection, issue_id: int, owner: str, now: datetime) -> int:
    """Plan all rows again that an owner has claimed and not begun; returns how many."""
    mine = table.c.issue == issue_id, table.c.owner == owner
    return _move_all(connection, _S.claimed, _S.planned, *mine, at=now, owner=None, due=None)


def recover(connection: sa.Connection, now: datetime) -> tuple[int, int]:
    """After a crash: what was claimed is planned again, of what was being sent nobody knows.

    Returns how many of each.

    Only for a process that knows itself to be alone.
    """
    planned = _move_all(connection, _S.claimed, _S.planned, at=now, owner=None, due=None)
    unknown = _move_all(
        connection,
        _S.sending,
        _S.unknown,
        at=now,
        owner=None,
        reply="the program ended before the server had answered",
    )
    return planned, unknown


def resend_unknown(connection: sa.Connection, issue_id: int, now: datetime) -> int:
    """Plan all rows again of which nobody knows whether they arrived, because staff say so."""
    return _move_all(
        connection, _S.unknown, _S.planned, table.c.issue == issue_id, at=now, due=None, owner=None
    )


def move(
    connection: sa.Connection, delivery_id: DeliveryId, before: DeliveryState, after: DeliveryState
) -> bool:
    """Move one row, if it is where it is said to be.

    Raises ValueError for a move that there isn't.
    """
    _check_move(before, after)
    statement = sa.update(table).where(
        table.c.id == int(delivery_id), table.c.state == before.value
    )
    return connection.execute(statement.values(state=after.value)).rowcount == 1


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
        table.c.issue == issue_id, table.c.state == _S.deferred.value, _IS_OPEN
    )
    found: datetime | None = connection.execute(statement).scalar()
    return found


def count_accepted_since(connection: sa.Connection, issue_id: int, since: datetime) -> int:
    """Return how many messages were accepted lately."""
    statement = sa.select(sa.func.count()).where(
        table.c.issue == issue_id, table.c.state == _S.accepted.value, table.c.at >= since
    )
    return int(connection.execute(statement).scalar_one())


def _build_audience_conditions(
    segment: Segment, now: datetime | None
) -> tuple[sa.ColumnElement[bool], ...]:
    active = (
        subscribers.c.status == SubscriberStatus.active.value,
        is_not_suppressed(),
        matches_segment(segment),
    )
    return active if now is None else (*active, is_not_paused(now))


def is_sending(connection: sa.Connection, issue_id: int) -> bool:
    """Say whether the issue is being sent.

    A pause waits for this transaction to end, and then holds (PostgreSQL: FOR SHARE).
    """
    return connection.execute(_build_state_query(), {"number": issue_id}).scalar() == "sending"


def _select_due(
    connection: sa.Connection,
    issue_id: int,
    now: datetime,
    limit: int,
    excluded_domains: Sequence[str],
) -> list[Any]:
    """Return rows to be claimed, with what stands against it.

    Planned ones have no time, so the index gives them in order.
    """
    values: dict[str, Any] = (
        {"number": issue_id, "now": now, "domains": list(excluded_domains)}
        if excluded_domains
        else {"number": issue_id, "now": now}
    )
    rows = list(
        connection.execute(
            _build_deferred_query(bool(excluded_domains)), {**values, "most": limit}
        ).all()
    )
    if len(rows) < limit:
        rows += connection.execute(
            _build_planned_query(bool(excluded_domains)), {**values, "most": limit - len(rows)}
        ).all()
    return rows


# Statements that are made once


@cache
def _build_state_query() -> sa.Select[Any]:
    return (
        sa.select(issues.c.state)
        .where(issues.c.id == sa.bindparam("number"))
        .with_for_update(read=True)
    )


@cache
def _build_open_rows_query(exclude_domains: bool) -> sa.Select[Any]:
    """Open rows of an issue, with what the claim wants to know.

    `left_out`: those of some domains aren't wanted.
    """
    paused = subscribers.c.paused_until > sa.bindparam("now", type_=UtcDateTime)
    gone = sa.or_(
        subscribers.c.id.is_(None),
        subscribers.c.status != SubscriberStatus.active.value,
        is_suppressed(table.c.key),
        paused,
    )
    columns = (table.c.id, table.c.subscriber, table.c.email, table.c.attempts, table.c.first_tried)
    joined = table.outerjoin(subscribers, subscribers.c.id == table.c.subscriber)
    base = sa.select(
        *columns, subscribers.c.name, sa.func.coalesce(gone, sa.false()).label("suppressed")
    ).select_from(joined)
    base = base.where(table.c.issue == sa.bindparam("number"), _IS_OPEN)
    if exclude_domains:
        base = base.where(domain_part(table.c.key).not_in(sa.bindparam("domains", expanding=True)))
    return base.with_for_update(skip_locked=True, of=table).limit(
        sa.bindparam("most", type_=sa.Integer)
    )


@cache
def _build_deferred_query(exclude_domains: bool) -> sa.Select[Any]:
    due = table.c.state == _S.deferred.value, table.c.due <= sa.bindparam("now", type_=UtcDateTime)
    return _build_open_rows_query(exclude_domains).where(*due).order_by(table.c.due)


@cache
def _build_planned_query(exclude_domains: bool) -> sa.Select[Any]:
    return (
        _build_open_rows_query(exclude_domains)
        .where(table.c.state == _S.planned.value, table.c.due.is_(None))
        .order_by(table.c.id)
    )


def _build_move(
    before: Collection[DeliveryState],
    after: DeliveryState,
    *conditions: sa.ColumnElement[bool],
    **values: Any,
) -> Any:
    """Build the UPDATE of rows (`ids`) that are in one of the states and meet the conditions.

    It doesn't say which: each row that SQLite returns costs as much as its change.
    """
    for state in before:
        _check_move(state, after)
    # Not IN: SQLAlchemy writes its list into the statement anew each time.
    states = sa.or_(*(table.c.state == state.value for state in before))
    rows = is_among(table.c.id, sa.bindparam("ids", type_=IntArray)), states
    changes = {"state": after.value, "at": sa.bindparam("new_at", type_=UtcDateTime), **values}
    return sa.update(table).where(*rows, *conditions).values(changes)


def _is_of_owner() -> sa.ColumnElement[bool]:
    return table.c.owner == sa.bindparam("of_owner")


@cache
def _build_suppress_move() -> Any:
    return _build_move((_S.planned, _S.deferred), _S.suppressed, due=None, owner=None)


@cache
def _build_claim_move() -> Any:
    return _build_move(
        (_S.planned, _S.deferred), _S.claimed, due=None, owner=sa.bindparam("new_owner")
    )


@cache
def _build_begin_move() -> Any:
    first = sa.func.coalesce(table.c.first_tried, sa.bindparam("new_at", type_=UtcDateTime))
    return _build_move(
        (_S.claimed,), _S.sending, _is_of_owner(), attempts=table.c.attempts + 1, first_tried=first
    )


@cache
def _build_begun_query() -> Any:
    """Those of some rows that an owner has begun to send at a time."""
    begun = (
        table.c.state == _S.sending.value,
        table.c.at == sa.bindparam("begun", type_=UtcDateTime),
    )
    return sa.select(table.c.id).where(
        is_among(table.c.id, sa.bindparam("ids", type_=IntArray)), _is_of_owner(), *begun
    )


@cache
def _build_release_move() -> Any:
    return _build_move((_S.claimed,), _S.planned, _is_of_owner(), owner=None)


@cache
def _build_record_update() -> Any:
    told = result_rows(sa.bindparam("rows", type_=ResultRows)).table_valued(
        *(sa.column(name, table.c[name].type) for name in ResultRows.FIELDS), name="told"
    )
    rows = table.c.id == told.c.id, table.c.state == _S.sending.value, _is_of_owner()
    changes = {name: told.c[name] for name in ResultRows.FIELDS if name != "id"}
    return (
        sa.update(table)
        .where(*rows)
        .values(changes | {"at": sa.bindparam("new_at", type_=UtcDateTime), "owner": None})
    )


def _execute_move(
    connection: sa.Connection, statement: Any, ids: Sequence[int], **values: Any
) -> int:
    """Run a statement of `_move` for some rows; return how many were moved."""
    return connection.execute(statement, {"ids": ids, **values}).rowcount if ids else 0


def _to_delivery(row: Any) -> Delivery:
    """Make a value of a row, in the order of `_open_rows`.

    Names of columns are looked up in twice the time.
    """
    delivery, subscriber, email, attempts, first_tried, name, _ = row
    return Delivery(
        id=DeliveryId(delivery),
        subscriber=SubscriberId(subscriber),
        email=email,
        name=name or "",
        attempts=attempts,
        first_tried=first_tried,
    )


def _check_move(before: DeliveryState, after: DeliveryState) -> DeliveryState:
    if after not in MOVES[before]:
        raise ValueError(f"a delivery doesn't go from {before} to {after}")
    return after


def _move_all(
    connection: sa.Connection,
    before: DeliveryState,
    after: DeliveryState,
    *conditions: sa.ColumnElement[bool],
    **values: Any,
) -> int:
    _check_move(before, after)
    statement = sa.update(table).where(table.c.state == before.value, *conditions)
    if before in OPEN_STATES:
        statement = statement.where(_IS_OPEN)
    return connection.execute(statement.values(state=after.value, **values)).rowcount
