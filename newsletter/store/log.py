"""Statements about the log of what people decided."""

import getpass
import os
from datetime import datetime

import sqlalchemy as sa

from newsletter.store.tables import log as table


def write(
    connection: sa.Connection,
    now: datetime,
    event: str,
    *,
    issue: str | None = None,
    **detail: str | int | list[str],
) -> None:
    """Write down what was decided, by whom (this system's user), and when."""
    connection.execute(
        sa.insert(table).values(at=now, actor=actor(), event=event, issue=issue, detail=detail)
    )


def entries(
    connection: sa.Connection, *, issue: str | None = None, most: int = 200
) -> list[sa.RowMapping]:
    """Return the newest entries first: at, actor, event, issue, detail."""
    statement = sa.select(table).order_by(table.c.id.desc()).limit(most)
    if issue is not None:
        statement = statement.where(table.c.issue == issue)
    return list(connection.execute(statement).mappings())


def accepted_codes(connection: sa.Connection, issue: str) -> frozenset[str]:
    """Return the errors of the checks that a person has accepted for an issue."""
    statement = sa.select(table.c.detail).where(
        table.c.issue == issue, table.c.event == "check.accepted"
    )
    return frozenset(
        code for (detail,) in connection.execute(statement) for code in detail.get("codes", ())
    )


def actor() -> str:
    """Return who is at work: this system's user."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return str(os.getuid())
