"""What became of an issue so far, counted from the journal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.domain.delivery import DeliveryState, SendProgress
from newsletter.domain.issue import IssueState
from newsletter.store import issues, journal_counts
from newsletter.store.database import Database
from newsletter.store.journal_counts import FailureCount

#: What counts as lately.
RATE_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStatus:
    """Where an issue stands."""

    issue_name: str
    state: IssueState
    #: Why it is paused, in words.
    cause: str = ""
    segment: str = ""
    progress: SendProgress
    domain_counts: dict[str, dict[DeliveryState, int]]
    failures: tuple[FailureCount, ...] = ()


def get_send_status(database: Database, issue_name: str, now: datetime) -> SendStatus:
    """Count an issue's rows; one that was never sent is a draft without any."""
    with database.read() as connection:
        issue = issues.find_issue(connection, issue_name)
        if issue is None:
            nothing = SendProgress(counts=dict.fromkeys(DeliveryState, 0))
            return SendStatus(
                issue_name=issue_name, state=IssueState.draft, progress=nothing, domain_counts={}
            )
        lately = journal_counts.count_accepted_since(connection, issue.id, now - RATE_WINDOW)
        begun = min(RATE_WINDOW, now - issue.started) if issue.started else RATE_WINDOW
        return SendStatus(
            issue_name=issue_name,
            state=issue.state,
            cause=issue.cause,
            segment=issue.segment,
            progress=SendProgress(
                counts=journal_counts.count_by_state(connection, issue.id),
                rate=lately / max(1.0, begun.total_seconds()),
                next_due=journal_counts.get_next_due(connection, issue.id),
            ),
            domain_counts=journal_counts.count_by_domain(connection, issue.id),
            failures=tuple(journal_counts.count_failures(connection, issue.id)),
        )


def find_newest_issue_name(database: Database) -> str | None:
    """Return the name of the issue whose send began last, or None."""
    with database.read() as connection:
        return next((issue.name for issue in issues.list_issues(connection)), None)


def count_remaining(progress: SendProgress) -> int:
    """Return how many rows are still to be tried for the first time, or are under way."""
    states = (DeliveryState.planned, DeliveryState.claimed, DeliveryState.sending)
    return sum(progress.counts[state] for state in states)


def estimate_time_left(progress: SendProgress) -> timedelta | None:
    """Return how long the rest will take at the present rate, or None where nobody can say."""
    return (
        timedelta(seconds=count_remaining(progress) / progress.rate) if progress.rate > 0 else None
    )
