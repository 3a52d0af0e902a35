"""Statements that bring a list in.

A million rows, through a table of their own, into the list in one transaction.

Rows are put into a temporary table first, which blocks nobody; what then happens under the
database's lock is a few statements. Bulk statements go to the driver (SQLAlchemy's own `execute`
takes 5 µs a row).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.domain.subscriber import (
    SUPPRESSION_ORDER,
    Consent,
    SubscriberStatus,
    SuppressionReason,
)
from newsletter.store.database import upsert
from newsletter.store.segments import is_suppressed
from newsletter.store.tables import consents, subscribers, suppressions

#: Rows read from a result at a time.
ROWS_PER_FETCH = 10_000
#: Keys in one IN (…): SQLite takes 32,766 parameters.
_KEYS_PER_STATEMENT = 10_000

#: KiB of a database that SQLite keeps in memory: of the one that a list is being written into, and
#: otherwise.
_LARGE_CACHE_KIB, _USUAL_CACHE_KIB = 40_000, 2_000

#: What a list says, a row each. Its keys are put in order when all are there: that takes a third of
#: the time of keeping them so.
staged = sa.Table(
    "staged_subscribers",
    sa.MetaData(),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    prefixes=["TEMPORARY"],
)
_STAGED_COLUMNS = ("line", "key", "email", "name", "language", "tags", "fields", "status")
_MERGED_COLUMNS = ("name", "language", "tags", "fields", "status")
_MAILED_STATUSES = ["", SubscriberStatus.active.value, SubscriberStatus.pending.value]
_SUPPRESSING_STATUSES = [
    status.value
    for status in SubscriberStatus
    if status not in (SubscriberStatus.active, SubscriberStatus.pending)
]


def create_staging_table(connection: sa.Connection) -> None:
    """Make the empty table for rows to come."""
    drop_staging_table(connection)
    _set_cache_sizes(connection, main=_USUAL_CACHE_KIB, temp=_LARGE_CACHE_KIB)
    staged.create(connection)


def finish_staging(connection: sa.Connection) -> None:
    """Say that all rows are staged, and what comes is written into the list."""
    _set_cache_sizes(connection, main=_LARGE_CACHE_KIB, temp=_USUAL_CACHE_KIB)


def drop_staging_table(connection: sa.Connection) -> None:
    """Throw the table of rows away, if there is one."""
    staged.drop(connection, checkfirst=True)
    _set_cache_sizes(connection, main=_USUAL_CACHE_KIB, temp=_USUAL_CACHE_KIB)


def _set_cache_sizes(connection: sa.Connection, *, main: int, temp: int) -> None:
    """Let SQLite keep so many KiB of each database in memory.

    Keys come in no order, and pages are asked for again and again.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA main.cache_size = -{main}")
        connection.exec_driver_sql(f"PRAGMA temp.cache_size = -{temp}")
        connection.exec_driver_sql("PRAGMA shrink_memory")


def insert_staged_rows(connection: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows."""
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * len(_STAGED_COLUMNS))
    # fixed names
    columns = ", ".join(_STAGED_COLUMNS)
    statement = f"INSERT INTO {staged.name} ({columns}) VALUES ({marks})"  # noqa: S608
    connection.exec_driver_sql(statement, list(rows))


def find_duplicate_keys(connection: sa.Connection) -> Sequence[str]:
    """Put the keys in order, and return those that several rows have."""
    connection.exec_driver_sql(f"CREATE INDEX staged_key ON {staged.name} (key)")
    return (
        connection.execute(
            sa.select(staged.c.key).group_by(staged.c.key).having(sa.func.count() > 1)
        )
        .scalars()
        .all()
    )


def list_staged_rows(connection: sa.Connection, keys: Sequence[str]) -> Sequence[Any]:
    """Return the staged rows with these keys, in the order of the list."""
    return connection.execute(
        sa.select(staged).where(staged.c.key.in_(keys)).order_by(staged.c.line)
    ).all()


def update_staged_rows(connection: sa.Connection, changes: Sequence[dict[str, Any]]) -> None:
    """Change staged rows: dicts of `_line` and what is new."""
    if changes:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in _MERGED_COLUMNS}
        connection.execute(
            sa.update(staged).where(staged.c.line == sa.bindparam("_line")).values(values),
            list(changes),
        )


def count_existing(connection: sa.Connection) -> int:
    """Return how many staged rows are about subscribers that are on the list."""
    statement = sa.select(sa.func.count()).select_from(
        staged.join(subscribers, staged.c.key == subscribers.c.key)
    )
    return int(connection.execute(statement).scalar_one())


def iter_differing_rows(connection: sa.Connection) -> Iterator[Any]:
    """Return staged rows beside the subscribers of whom they seem to say something new.

    `said_name`, `name`, … streamed.
    """
    said = [staged.c[name].label(f"said_{name}") for name in ("line", *_MERGED_COLUMNS)]
    statement = (
        sa.select(subscribers, *said)
        .join(staged, staged.c.key == subscribers.c.key)
        .where(~_is_unchanged())
        .order_by(staged.c.line)
    )
    yield from connection.execute(statement, execution_options={"yield_per": ROWS_PER_FETCH})


def _is_unchanged() -> sa.ColumnElement[bool]:
    """Return the condition that a row says nothing, or what is known.

    Cheap, so it may miss some (tags in another order).
    """
    text = {
        name: (sa.cast(staged.c[name], sa.Text), sa.cast(subscribers.c[name], sa.Text))
        for name in ("tags", "fields")
    }
    return sa.and_(
        sa.or_(staged.c.name == "", staged.c.name == subscribers.c.name),
        sa.or_(staged.c.language == "", staged.c.language == subscribers.c.language),
        sa.or_(text["tags"][0] == "[]", text["tags"][0] == text["tags"][1]),
        sa.or_(text["fields"][0] == "{}", text["fields"][0] == text["fields"][1]),
        sa.or_(staged.c.status.in_(_MAILED_STATUSES), staged.c.status == subscribers.c.status),
    )


def update_subscribers(connection: sa.Connection, changes: Iterable[dict[str, Any]]) -> None:
    """Change subscribers: dicts of `_id` and what is new."""
    values: dict[str, Any] = {name: sa.bindparam(name) for name in _MERGED_COLUMNS}
    connection.execute(
        sa.update(subscribers).where(subscribers.c.id == sa.bindparam("_id")).values(values),
        list(changes),
    )


def find_erased_lines(connection: sa.Connection, keyed_hash: Callable[[str], str]) -> list[int]:
    """Return the lines of people who have been erased and mustn't come back by a list.

    `seal` makes the hash that is kept of them.
    """
    kept = sa.select(suppressions.c.key).where(
        suppressions.c.reason == SuppressionReason.erased.value
    )
    gone = set(connection.execute(kept).scalars())
    if not gone:
        return []
    rows = connection.execute(
        sa.select(staged.c.line, staged.c.key).order_by(staged.c.line),
        execution_options={"yield_per": ROWS_PER_FETCH},
    )
    return [line for line, key in rows if key in gone or keyed_hash(key) in gone]


def delete_staged_lines(connection: sa.Connection, lines: Sequence[int]) -> None:
    """Take rows out again."""
    for start in range(0, len(lines), _KEYS_PER_STATEMENT):
        connection.execute(
            sa.delete(staged).where(staged.c.line.in_(lines[start : start + _KEYS_PER_STATEMENT]))
        )


def count_suppressed(connection: sa.Connection) -> int:
    """Return how many staged addresses are suppressed, themselves or with their domain."""
    statement = sa.select(sa.func.count()).select_from(staged).where(is_suppressed(staged.c.key))
    return int(connection.execute(statement).scalar_one())


def suppress_by_status(connection: sa.Connection, now: datetime) -> None:
    """Suppress the addresses whose row says so.

    A suppression that is there already stays, unless the new reason outweighs it.
    """
    rows = sa.select(staged.c.key, staged.c.status, sa.literal(now, suppressions.c.at.type)).where(
        staged.c.status.in_(_SUPPRESSING_STATUSES)
    )
    statement = upsert(connection, suppressions).from_select(["key", "reason", "at"], rows)
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"reason": new.reason, "at": new.at},
            where=_rank_reason(new.reason) > _rank_reason(suppressions.c.reason),
        )
    )


def _rank_reason(reason: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    """Return the domain's order of reasons as SQL, so that it stands once."""
    ranks = {one.value: rank for rank, one in enumerate(SUPPRESSION_ORDER)}
    return sa.case(ranks, value=reason, else_=len(ranks))


def insert_new_subscribers(connection: sa.Connection, lines: range, consent: Consent) -> int:
    """Add subscribers, with the proof of consent, for staged lines whose address is new.

    Return how many they were.
    """
    # Asked, not left to ON CONFLICT: that would use up ids for rows that are there already.
    known = sa.exists().where(subscribers.c.key == staged.c.key)
    status = sa.case(
        (suppressions.c.reason.is_not(None), suppressions.c.reason),
        (staged.c.status == "", SubscriberStatus.active.value),
        else_=staged.c.status,
    )
    new = (
        sa.select(
            staged.c.email,
            staged.c.key,
            staged.c.name,
            staged.c.language,
            staged.c.tags,
            staged.c.fields,
        )
        .add_columns(status, sa.literal(consent.at, subscribers.c.created.type))
        .select_from(staged.outerjoin(suppressions, suppressions.c.key == staged.c.key))
        .where(staged.c.line >= lines.start, staged.c.line < lines.stop, ~known)
        .order_by(staged.c.line)
    )
    highest = connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(subscribers.c.id), 0))
    ).scalar_one()
    names = ["email", "key", "name", "language", "tags", "fields", "status", "created"]
    # Without the option PostgreSQL's driver doesn't tell how many rows an INSERT made.
    added = connection.execute(
        sa.insert(subscribers).from_select(names, new),
        execution_options={"preserve_rowcount": True},
    ).rowcount
    if added:
        _insert_consents(connection, highest, lines, consent)
    return int(added)


def _insert_consents(
    connection: sa.Connection, highest: int, lines: range, consent: Consent
) -> None:
    # The line's range too: where others write at the same time, a higher id may be theirs.
    proof = (sa.literal(consent.source), sa.literal(consent.wording), sa.literal(consent.actor))
    chosen = sa.select(subscribers.c.id, sa.literal(consent.at, consents.c.at.type), *proof).where(
        subscribers.c.id > highest
    )
    if connection.dialect.name != "sqlite":
        inside = sa.select(staged.c.key).where(
            staged.c.line >= lines.start, staged.c.line < lines.stop
        )
        chosen = chosen.where(subscribers.c.key.in_(inside))
    connection.execute(
        sa.insert(consents).from_select(["subscriber", "at", "source", "wording", "actor"], chosen)
    )
