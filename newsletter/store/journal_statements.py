"""The journal's statements that run for every few messages, each made once.

SQLAlchemy takes 70 to 300 µs to build a statement, and 20 to run one that it knows. For the same
reason a list of rows is one parameter, however long it is.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from newsletter.domain.delivery import MOVES, DeliveryState
from newsletter.domain.subscriber import SubscriberStatus
from newsletter.store.bulk_parameters import IntArray, ResultRows, is_among, result_rows
from newsletter.store.segments import is_suppressed
from newsletter.store.tables import UtcDateTime, issues, subscribers
from newsletter.store.tables import deliveries as table

_S = DeliveryState
#: The condition of the index of open rows, word for word: SQLite uses a partial index only then.
IS_OPEN = sa.text("deliveries.state NOT IN ('accepted', 'refused', 'unknown', 'suppressed')")


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


def check_move(before: DeliveryState, after: DeliveryState) -> DeliveryState:
    """Return the state after a move. Raises ValueError for one that the domain doesn't allow."""
    if after not in MOVES[before]:
        raise ValueError(f"a delivery doesn't go from {before} to {after}")
    return after


@cache
def build_state_query() -> sa.Select[Any]:
    """Select the state of the issue `number`, and hold it until the transaction ends."""
    return (
        sa.select(issues.c.state)
        .where(issues.c.id == sa.bindparam("number"))
        .with_for_update(read=True)
    )


@cache
def build_open_rows_query(exclude_domains: bool) -> sa.Select[Any]:
    """Select open rows of an issue, with what a claim must know of their subscribers.

    `exclude_domains`: all but those of `domains`.
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
    base = base.where(table.c.issue == sa.bindparam("number"), IS_OPEN)
    if exclude_domains:
        base = base.where(domain_part(table.c.key).not_in(sa.bindparam("domains", expanding=True)))
    return base.with_for_update(skip_locked=True, of=table).limit(
        sa.bindparam("most", type_=sa.Integer)
    )


@cache
def build_deferred_query(exclude_domains: bool) -> sa.Select[Any]:
    """Select deferred rows that are due, the longest due first."""
    due = table.c.state == _S.deferred.value, table.c.due <= sa.bindparam("now", type_=UtcDateTime)
    return build_open_rows_query(exclude_domains).where(*due).order_by(table.c.due)


@cache
def build_planned_query(exclude_domains: bool) -> sa.Select[Any]:
    """Select planned rows, in the order in which they were frozen."""
    return (
        build_open_rows_query(exclude_domains)
        .where(table.c.state == _S.planned.value, table.c.due.is_(None))
        .order_by(table.c.id)
    )


def build_move(
    before: Collection[DeliveryState],
    after: DeliveryState,
    *conditions: sa.ColumnElement[bool],
    **values: Any,
) -> Any:
    """Build the UPDATE of rows (`ids`) that are in one of the states and meet the conditions.

    It doesn't say which: each row that SQLite returns costs as much as its change.
    """
    for state in before:
        check_move(state, after)
    # Not IN: SQLAlchemy writes its list into the statement anew each time.
    states = sa.or_(*(table.c.state == state.value for state in before))
    rows = is_among(table.c.id, sa.bindparam("ids", type_=IntArray)), states
    changes = {"state": after.value, "at": sa.bindparam("new_at", type_=UtcDateTime), **values}
    return sa.update(table).where(*rows, *conditions).values(changes)


def _is_of_owner() -> sa.ColumnElement[bool]:
    return table.c.owner == sa.bindparam("of_owner")


@cache
def build_suppress_move() -> Any:
    """Write off rows whose subscribers have left: nothing is sent to them."""
    return build_move((_S.planned, _S.deferred), _S.suppressed, due=None, owner=None)


@cache
def build_claim_move() -> Any:
    """Claim rows for the owner `new_owner`."""
    return build_move(
        (_S.planned, _S.deferred), _S.claimed, due=None, owner=sa.bindparam("new_owner")
    )


@cache
def build_begin_move() -> Any:
    """Move rows that `of_owner` has claimed to `sending`."""
    first = sa.func.coalesce(table.c.first_tried, sa.bindparam("new_at", type_=UtcDateTime))
    return build_move(
        (_S.claimed,), _S.sending, _is_of_owner(), attempts=table.c.attempts + 1, first_tried=first
    )


@cache
def build_begun_query() -> Any:
    """Select those of the rows `ids` that `of_owner` has begun to send at `begun`."""
    begun = (
        table.c.state == _S.sending.value,
        table.c.at == sa.bindparam("begun", type_=UtcDateTime),
    )
    return sa.select(table.c.id).where(
        is_among(table.c.id, sa.bindparam("ids", type_=IntArray)), _is_of_owner(), *begun
    )


@cache
def build_release_move() -> Any:
    """Plan rows again that `of_owner` has claimed."""
    return build_move((_S.claimed,), _S.planned, _is_of_owner(), owner=None)


@cache
def build_record_update() -> Any:
    """Write what became of rows that `of_owner` was sending; `rows` is one parameter."""
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
