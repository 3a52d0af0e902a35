"""The audience: who an issue goes to, frozen when its send begins.

check | freeze: issue and one row a reader in one commit | … | resend or skip what nobody knows
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from newsletter.domain.delivery import DeliveryState
from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.domain.post import PostId
from newsletter.errors import SendError
from newsletter.store import audience, audit_log, issues, journal, journal_counts, ledger
from newsletter.store.database import Database
from newsletter.store.issues import IssueRecord
from newsletter.subscribers.segment import parse_segment


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAcceptance:
    """Open errors of the checks that a person accepts, and why."""

    codes: tuple[str, ...]
    reason: str


def count_audience(database: Database, segment: str = "") -> int:
    """Return how many readers an issue would go to now.

    Raises ListError where the segment isn't understood.
    """
    with database.read() as connection:
        return audience.count_audience(connection, parse_segment(segment))


def find_issue(database: Database, issue_name: str) -> IssueRecord | None:
    """Return what the database knows of an issue, or None where its send never began."""
    with database.read() as connection:
        return issues.find_issue(connection, issue_name)


def start(  # noqa: PLR0913  # what is frozen, and how
    database: Database,
    issue_name: str,
    rendered: RenderedIssue,
    now: datetime,
    *,
    post_ids: Collection[PostId] = (),
    segment: str = "",
    acceptance: CheckAcceptance | None = None,
) -> int:
    """Begin a send: write the issue as it is now, and a row for each reader.

    Return how many there are.

    `posts` are those in the issue: they count as announced from now on.

    From here on exactly this is sent, also after a restart. Raises SendError where the send has
    begun before or nobody would get it, ListError where the segment isn't understood.
    """
    chosen = parse_segment(segment)
    with database.begin() as connection:
        if issues.find_issue(connection, issue_name) is not None:
            raise SendError(
                "{issue} has been sent, or is being sent. See: newsletter status {issue}",
                issue=issue_name,
            )
        number = issues.add(connection, issue_name, rendered, segment=segment, now=now)
        readers = journal.freeze(connection, number, chosen, now)
        if not readers:
            raise SendError(
                "Nobody would get {issue}: no active subscriber is in its audience. See: newsletter"
                " subscribers stats",
                issue=issue_name,
            )
        ledger.mark_sent(connection, issue_name, post_ids)
        if acceptance is not None:
            audit_log.write(
                connection,
                now,
                "check.accepted",
                issue_name=issue_name,
                codes=list(acceptance.codes),
                reason=acceptance.reason,
            )
        audit_log.write(
            connection, now, "send.started", issue_name=issue_name, readers=readers, segment=segment
        )
    return readers


def resume(
    database: Database, issue_name: str, now: datetime, *, resend_unknown: bool = False
) -> IssueRecord:
    """Let a send go on that was paused, broken off, or ended with rows of which nobody knows.

    Raises SendError where there is nothing to go on with.
    """
    with database.begin() as connection:
        issue = _require_issue(issues.find_issue(connection, issue_name), issue_name)
        if issue.state is IssueState.cancelled:
            raise SendError(
                "{issue} was cancelled for good. To send it after all, give its file another name.",
                issue=issue_name,
            )
        if resend_unknown and (again := journal.resend_unknown(connection, issue.id, now)):
            issues.change_state(connection, issue.id, {IssueState.sent}, IssueState.sending)
            audit_log.write(connection, now, "unknown.resent", issue_name=issue_name, readers=again)
        elif issue.state is IssueState.sent:
            raise SendError(
                "{issue} has been sent. See: newsletter status {issue}", issue=issue_name
            )
        if issues.change_state(connection, issue.id, {IssueState.paused}, IssueState.sending):
            audit_log.write(connection, now, "send.resumed", issue_name=issue_name)
        return _require_issue(issues.find_issue(connection, issue_name), issue_name)


def pause(database: Database, issue_name: str, now: datetime) -> None:
    """Hold a running send; what is on its way arrives. Raises SendError where it isn't running."""
    _change_state(database, issue_name, now, {IssueState.sending}, IssueState.paused, "send.paused")


def cancel(database: Database, issue_name: str, now: datetime) -> None:
    """End a send for good: who hasn't got it won't.

    Raises SendError where it isn't running or held.
    """
    _change_state(
        database,
        issue_name,
        now,
        {IssueState.sending, IssueState.paused},
        IssueState.cancelled,
        "send.cancelled",
    )


def list_unknown_addresses(database: Database, issue_id: int, limit: int = 20) -> list[str]:
    """Return the addresses of which nobody knows whether the issue arrived."""
    with database.read() as connection:
        return journal_counts.list_addresses_in_state(
            connection, issue_id, DeliveryState.unknown, limit
        )


def _change_state(
    database: Database,
    issue_name: str,
    now: datetime,
    before: set[IssueState],
    after: IssueState,
    event: str,
) -> None:
    with database.begin() as connection:
        issue = _require_issue(issues.find_issue(connection, issue_name), issue_name)
        if not issues.change_state(connection, issue.id, before, after):
            raise SendError(
                "{issue} isn't being sent (state: {state}). See: newsletter status {issue}",
                issue=issue_name,
                state=issue.state.value,
            )
        audit_log.write(connection, now, event, issue_name=issue_name)


def _require_issue(issue: IssueRecord | None, issue_name: str) -> IssueRecord:
    if issue is None:
        raise SendError(
            "{issue} was never sent. Send it with: newsletter send {issue}", issue=issue_name
        )
    return issue
