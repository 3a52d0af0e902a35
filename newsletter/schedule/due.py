"""Send what is due.

    waiting schedules | due? late? | take it (one process gets it) | start the send
    issues that are being sent | go on

`serve` calls `tick` in a loop, `run --once` calls it once, at the same time if it so happens: an
issue starts once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.domain.schedule import Schedule, ScheduleState
from newsletter.errors import NewsletterError
from newsletter.i18n import Phrase
from newsletter.schedule.calendar import resolve_local_time
from newsletter.store import schedules as store
from newsletter.store.database import Database

#: Later than this, and it waits for a person: nothing is sent late by itself.
GRACE_PERIOD = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleStep:
    """What is to be done with one schedule now."""

    schedule: Schedule
    state: ScheduleState


def compute_due(schedule: Schedule) -> datetime:
    """Return the instant of a schedule by the time zone rules of today, not of when it was made."""
    return resolve_local_time(schedule.typed, ZoneInfo(schedule.zone), fold=schedule.fold).due


def decide(schedules: Iterable[Schedule], now: datetime) -> list[ScheduleStep]:
    """Say which waiting schedules start now, and which were missed; earliest first."""
    steps = []
    for schedule in sorted(schedules, key=compute_due):
        late = now - compute_due(schedule)
        if schedule.state is ScheduleState.waiting and late >= timedelta(0):
            steps.append(
                ScheduleStep(
                    schedule=schedule,
                    state=ScheduleState.started if late <= GRACE_PERIOD else ScheduleState.missed,
                )
            )
    return steps


def start_due_sends(
    database: Database, now: datetime, start: Callable[[str], object]
) -> list[tuple[str, Phrase]]:
    """Start every schedule that is due, and return what was done: (issue, what).

    `start` begins the send of an issue by its name; where it raises NewsletterError the schedule is
    held for a person, with the cause in the log.
    """
    with database.read() as connection:
        waiting = store.list_schedules(connection)
    done = []
    for step in decide(waiting, now):
        name = step.schedule.issue_name
        with database.begin() as connection:
            taken = store.change_state(connection, name, ScheduleState.waiting, step.state)
        if not taken:
            continue
        if step.state is ScheduleState.missed:
            done.append(
                (
                    name,
                    Phrase(
                        "It was due {due} and nothing ran then. Send it by hand, or move it.",
                        due=compute_due(step.schedule),
                    ),
                )
            )
            continue
        done.append((name, _start_send(database, name, start)))
    return done


def _start_send(database: Database, issue_name: str, start: Callable[[str], object]) -> Phrase:
    try:
        start(issue_name)
    except NewsletterError as error:
        with database.begin() as connection:
            store.change_state(connection, issue_name, ScheduleState.started, ScheduleState.held)
        return error.phrase
    return Phrase("The send has begun.")
