"""What became of an issue so far, counted from the journal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.domain.delivery import DeliveryState, Progress
from newsletter.domain.issue import IssueState
from newsletter.store import issues, journal
from newsletter.store.database import Database
from newsletter.store.journal import Trouble

#: What counts as lately.
LATELY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an issue stands."""

    name: str
    state: IssueState
    #: Why it is paused, in words.
    cause: str = ""
    segment: str = ""
    progress: Progress
    domains: dict[str, dict[DeliveryState, int]]
    troubles: tuple[Trouble, ...] = ()


def standing(database: Database, name: str, now: datetime) -> Standing:
    """Count an issue's rows; one that was never sent is a draft without any."""
    with database.read() as connection:
        issue = issues.issue(connection, name)
        if issue is None:
            nothing = Progress(counts=dict.fromkeys(DeliveryState, 0))
            return Standing(name=name, state=IssueState.draft, progress=nothing, domains={})
        lately = journal.accepted_since(connection, issue.id, now - LATELY)
        begun = min(LATELY, now - issue.started) if issue.started else LATELY
        return Standing(
            name=name,
            state=issue.state,
            cause=issue.cause,
            segment=issue.segment,
            progress=Progress(
                counts=journal.counts(connection, issue.id),
                rate=lately / max(1.0, begun.total_seconds()),
                next_due=journal.next_due(connection, issue.id),
            ),
            domains=journal.domain_counts(connection, issue.id),
            troubles=tuple(journal.troubles(connection, issue.id)),
        )


def newest(database: Database) -> str | None:
    """Return the name of the issue whose send began last, or None."""
    with database.read() as connection:
        return next((issue.name for issue in issues.issues(connection)), None)


def left(progress: Progress) -> int:
    """Return how many rows are still to be tried for the first time, or are under way."""
    states = (DeliveryState.planned, DeliveryState.claimed, DeliveryState.sending)
    return sum(progress.counts[state] for state in states)


def time_left(progress: Progress) -> timedelta | None:
    """Return how long the rest will take at the present rate, or None where nobody can say."""
    return timedelta(seconds=left(progress) / progress.rate) if progress.rate > 0 else None
