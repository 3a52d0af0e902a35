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
    issue_name: str | None = None,
    **detail: str | int | list[str],
) -> None:
    """Write down what was decided, by whom (this system's user), and when."""
    connection.execute(
        sa.insert(table).values(
            at=now, actor=get_actor(), event=event, issue=issue_name, detail=detail
        )
    )


def list_entries(
    connection: sa.Connection, *, issue_name: str | None = None, limit: int = 200
) -> list[sa.RowMapping]:
    """Return the newest entries first: at, actor, event, issue, detail."""
    statement = sa.select(table).order_by(table.c.id.desc()).limit(limit)
    if issue_name is not None:
        statement = statement.where(table.c.issue == issue_name)
    return list(connection.execute(statement).mappings())


def list_accepted_codes(connection: sa.Connection, issue_name: str) -> frozenset[str]:
    """Return the errors of the checks that a person has accepted for an issue."""
    statement = sa.select(table.c.detail).where(
        table.c.issue == issue_name, table.c.event == "check.accepted"
    )
    return frozenset(
        code for (detail,) in connection.execute(statement) for code in detail.get("codes", ())
    )


def get_actor() -> str:
    """Return who is at work: this system's user."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return str(os.getuid())
