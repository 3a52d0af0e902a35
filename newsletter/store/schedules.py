"""Statements about schedules: one an issue."""

import sqlalchemy as sa

from newsletter.domain.schedule import Schedule, ScheduleState
from newsletter.store.database import upsert
from newsletter.store.tables import schedules as table


def list_schedules(connection: sa.Connection) -> list[Schedule]:
    """Return all schedules, earliest first."""
    return [
        _to_schedule(row)
        for row in connection.execute(sa.select(table).order_by(table.c.due, table.c.issue))
    ]


def find_schedule(connection: sa.Connection, issue_name: str) -> Schedule | None:
    """Return the schedule of an issue, or None."""
    row = connection.execute(sa.select(table).where(table.c.issue == issue_name)).one_or_none()
    return _to_schedule(row) if row is not None else None


def put(connection: sa.Connection, schedule: Schedule) -> None:
    """Write the schedule of an issue over the one that it had."""
    columns = {
        "issue": schedule.issue_name,
        "due": schedule.due,
        "typed": schedule.typed,
        "zone": schedule.zone,
        "fold": schedule.fold,
        "state": schedule.state.value,
    }
    statement = upsert(connection, table).values(columns)
    connection.execute(statement.on_conflict_do_update(index_elements=["issue"], set_=columns))


def change_state(
    connection: sa.Connection, issue_name: str, before: ScheduleState, after: ScheduleState
) -> bool:
    """Change the state if it still is what was seen; of two processes one gets True."""
    changed = connection.execute(
        sa.update(table)
        .where(table.c.issue == issue_name, table.c.state == before.value)
        .values(state=after.value)
        .returning(table.c.id)
    )
    return changed.one_or_none() is not None


def _to_schedule(row: sa.Row[tuple[object, ...]]) -> Schedule:
    values = row._mapping
    return Schedule(
        issue_name=values["issue"],
        due=values["due"],
        typed=values["typed"],
        zone=values["zone"],
        fold=values["fold"],
        state=ScheduleState(values["state"]),
    )
