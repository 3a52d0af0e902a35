"""Local times to instants: a gap or a fold of daylight saving is reported, never guessed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from newsletter.errors import ScheduleError
from newsletter.i18n import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTime:
    """An instant, and what a person should know about it."""

    #: UTC.
    due: datetime
    notes: tuple[Phrase, ...] = ()


def resolve_local_time(typed: str, zone: ZoneInfo, *, fold: int | None = None) -> ResolvedTime:
    """Return the instant of a local time ("2026-12-01 08:00") in a zone.

    Where clocks go forward the hour doesn't exist: the instant after the gap is taken (PEP 495,
    fold=0). Where they go back it exists twice: the first is taken unless `fold` is 2. Both are
    said in `notes`. Raises ScheduleError where the text is no date and time.
    """
    local = _parse_local_time(typed).replace(tzinfo=zone)
    first, second = local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if first == second:
        return ResolvedTime(due=first)
    if first.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        note = Phrase(
            "{typed} doesn't exist in {zone}: clocks go forward that night. It means {actual}.",
            typed=typed,
            zone=zone.key,
            actual=_format_moment(first, zone),
        )
        return ResolvedTime(due=first, notes=(note,))
    due = second if fold == 2 else first
    note = Phrase(
        "{typed} exists twice in {zone}: clocks go back that night. The {which} is meant,"
        " {actual}.",
        typed=typed,
        zone=zone.key,
        which=Phrase("second") if fold == 2 else Phrase("first"),
        actual=_format_moment(due, zone),
    )
    return ResolvedTime(due=due, notes=(note,))


def _parse_local_time(typed: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H.%M"):
        try:
            return datetime.strptime(typed.strip(), form)  # noqa: DTZ007  # the zone follows
        except ValueError:
            continue
    raise ScheduleError("“{typed}” is no date and time. Write it as 2026-12-01 08:00.", typed=typed)


def _format_moment(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")
