"""When an issue goes out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ScheduleState(StrEnum):
    """What has become of a scheduled send."""

    waiting = "waiting"
    started = "started"
    #: Its time passed by more than the window; it waits for a person.
    missed = "missed"
    #: It was due, but something stopped it (an open check, say); it waits for a person.
    held = "held"
    cancelled = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One issue, one time."""

    issue_name: str
    #: UTC.
    due: datetime
    #: What staff wrote, and the zone that it was meant in.
    typed: str
    zone: str
    #: 2: the second of an hour that exists twice.
    fold: int | None = None
    state: ScheduleState
