"""Statements about what the journal keeps of one person.

Shown to them, and forgotten when they ask or its time is over.

Rows are counted on without a name: state and time stay, address and the server's words go.
"""

from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.delivery import FINAL_STATES
from newsletter.domain.subscriber import SubscriberId
from newsletter.store.tables import deliveries as table
from newsletter.store.tables import issues

_FINAL_STATES = [state.value for state in FINAL_STATES]
_ANONYMOUS_VALUES = {"email": "", "key": "", "reply": ""}


def list_deliveries(
    connection: sa.Connection, subscriber_id: SubscriberId
) -> list[dict[str, str | None]]:
    """Return which issues went to a reader: issue, state, at; for JSON."""
    statement = sa.select(issues.c.name, table.c.state, table.c.at).join(
        issues, issues.c.id == table.c.issue
    )
    rows = connection.execute(
        statement.where(table.c.subscriber == int(subscriber_id)).order_by(table.c.id)
    )
    return [
        {"issue": row.name, "state": row.state, "at": row.at.isoformat() if row.at else None}
        for row in rows
    ]


def anonymise_subscriber(connection: sa.Connection, subscriber_id: SubscriberId) -> int:
    """Take address and server's words out of a reader's rows, which are counted on without a name.

    Returns how many.
    """
    statement = sa.update(table).where(table.c.subscriber == int(subscriber_id))
    return connection.execute(statement.values(_ANONYMOUS_VALUES)).rowcount


def anonymise_address(connection: sa.Connection, key: str) -> None:
    """Take an address out of the rows of whoever had it.

    Rows that are still to be sent stay as they are.
    """
    statement = sa.update(table).where(table.c.key == key, table.c.state.in_(_FINAL_STATES))
    connection.execute(statement.values(_ANONYMOUS_VALUES))


def anonymise_before(connection: sa.Connection, moment: datetime) -> int:
    """Take addresses out of rows that came to their end before a time; returns how many."""
    statement = sa.update(table).where(
        table.c.at < moment, table.c.state.in_(_FINAL_STATES), table.c.email != ""
    )
    return connection.execute(statement.values(_ANONYMOUS_VALUES)).rowcount
