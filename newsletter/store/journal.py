"""The journal: one row for each issue and subscriber, and only the moves that the domain allows.

    freeze | claim | begin | record         release, recover: what a pause or a crash leaves behind

Every change names the states that it starts from, and the owner where a row has one: a process that
was frozen and wakes up changes nothing that another has taken over (optimistic concurrency).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.domain.delivery import Delivery, DeliveryId, DeliveryState, Outcome
from newsletter.domain.issue import IssueState
from newsletter.domain.segment import Segment
from newsletter.domain.subscriber import SubscriberId
from newsletter.store import journal_statements as statements
from newsletter.store.audience import build_audience_conditions
from newsletter.store.journal_counts import OPEN_STATES
from newsletter.store.journal_statements import IS_OPEN
from newsletter.store.tables import deliveries as table
from newsletter.store.tables import subscribers

_S = DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResult:
    """What the journal is to say of a delivery that was tried."""

    id: DeliveryId
    state: DeliveryState
    due: datetime | None
    outcome: Outcome


def freeze(connection: sa.Connection, issue_id: int, segment: Segment, now: datetime) -> int:
    """Write a planned row for every reader of a segment, in one statement, and return how many."""
    zero, empty = sa.literal(0), sa.literal("")
    values = {
        "issue": sa.literal(issue_id),
        "subscriber": subscribers.c.id,
        "email": subscribers.c.email,
        "key": subscribers.c.key,
        "state": sa.literal(_S.planned.value),
        "attempts": zero,
        "at": sa.literal(now, table.c.at.type),
        "code": zero,
        "status": empty,
        "reply": empty,
    }
    chosen = sa.select(*values.values()).where(*build_audience_conditions(segment, now))
    statement = sa.insert(table).from_select(list(values), chosen.order_by(subscribers.c.id))
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
    """Take at most `limit` rows that are due for this owner, deferred ones first.

    Rows of subscribers who have left since are written off here. Nothing is taken unless the issue
    is being sent. `excluded_domains` get nothing now.
    """
    if not is_sending(connection, issue_id):
        return []
    taken: list[Delivery] = []
    while len(taken) < limit:
        rows = _select_due(connection, issue_id, now, limit - len(taken), excluded_domains)
        left = [row[0] for row in rows if row[-1]]
        stay = [_to_delivery(row) for row in rows if not row[-1]]
        _execute_move(connection, statements.build_suppress_move(), left, new_at=now)
        _execute_move(
            connection,
            statements.build_claim_move(),
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
    move = statements.build_begin_move()
    if _execute_move(connection, move, ids, of_owner=owner, new_at=now) == len(ids):
        return set(ids)
    return set(
        connection.execute(
            statements.build_begun_query(), {"ids": ids, "of_owner": owner, "begun": now}
        ).scalars()
    )


def record(
    connection: sa.Connection, owner: str, results: Iterable[DeliveryResult], now: datetime
) -> int:
    """Write what became of rows that this owner was sending; return how many were still its own."""
    rows = [
        {
            "id": int(result.id),
            "state": statements.check_move(_S.sending, result.state).value,
            "due": result.due,
            "code": result.outcome.code,
            "status": result.outcome.status,
            "reply": result.outcome.reply,
        }
        for result in results
    ]
    return (
        connection.execute(
            statements.build_record_update(), {"rows": rows, "of_owner": owner, "new_at": now}
        ).rowcount
        if rows
        else 0
    )


def release(
    connection: sa.Connection, owner: str, ids: Sequence[DeliveryId], now: datetime
) -> None:
    """Put rows back that were claimed and not begun."""
    _execute_move(connection, statements.build_release_move(), ids, of_owner=owner, new_at=now)


def release_all(connection: sa.Connection, issue_id: int, owner: str, now: datetime) -> int:
    """Plan all rows again that an owner has claimed and not begun; returns how many."""
    mine = table.c.issue == issue_id, table.c.owner == owner
    return _move_all(connection, _S.claimed, _S.planned, *mine, at=now, owner=None, due=None)


def recover(connection: sa.Connection, now: datetime) -> tuple[int, int]:
    """Plan again what was claimed before a crash; what was being sent becomes `unknown`.

    Returns how many of each. Only for a process that holds the single-sender lock.
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


def is_sending(connection: sa.Connection, issue_id: int) -> bool:
    """Return True if the issue is being sent.

    A pause waits for this transaction to end, and then holds (PostgreSQL: FOR SHARE).
    """
    state = connection.execute(statements.build_state_query(), {"number": issue_id}).scalar()
    return bool(state == IssueState.sending.value)


def _select_due(
    connection: sa.Connection,
    issue_id: int,
    now: datetime,
    limit: int,
    excluded_domains: Sequence[str],
) -> list[Any]:
    """Return open rows that are due, each with whether its subscriber has left.

    Planned rows have no time, so the index gives them in order.
    """
    values: dict[str, Any] = {"number": issue_id, "now": now, "most": limit}
    if excluded_domains:
        values["domains"] = list(excluded_domains)
    deferred = statements.build_deferred_query(bool(excluded_domains))
    rows = list(connection.execute(deferred, values).all())
    if len(rows) < limit:
        planned = statements.build_planned_query(bool(excluded_domains))
        rows += connection.execute(planned, {**values, "most": limit - len(rows)}).all()
    return rows


def _execute_move(
    connection: sa.Connection, statement: Any, ids: Sequence[int], **values: Any
) -> int:
    """Run a move for some rows; return how many were moved."""
    return connection.execute(statement, {"ids": ids, **values}).rowcount if ids else 0


def _to_delivery(row: Any) -> Delivery:
    """Make a value of a row of `build_open_rows_query`; names of columns take twice the time."""
    delivery, subscriber, email, attempts, first_tried, name, _ = row
    return Delivery(
        id=DeliveryId(delivery),
        subscriber=SubscriberId(subscriber),
        email=email,
        name=name or "",
        attempts=attempts,
        first_tried=first_tried,
    )


def _move_all(
    connection: sa.Connection,
    before: DeliveryState,
    after: DeliveryState,
    *conditions: sa.ColumnElement[bool],
    **values: Any,
) -> int:
    statements.check_move(before, after)
    statement = sa.update(table).where(table.c.state == before.value, *conditions)
    if before in OPEN_STATES:
        statement = statement.where(IS_OPEN)
    return connection.execute(statement.values(state=after.value, **values)).rowcount
