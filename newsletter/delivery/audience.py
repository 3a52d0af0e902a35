"""The audience: who an issue goes to, frozen when its send begins.

check | freeze: issue and one row a reader in one commit | … | resend or skip what nobody knows
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from newsletter.domain.delivery import DeliveryState
from newsletter.domain.issue import IssueState, Rendered
from newsletter.domain.post import PostId
from newsletter.errors import SendError
from newsletter.store import issues, journal, ledger, log
from newsletter.store.database import Database
from newsletter.store.issues import SentIssue
from newsletter.subscribers.segment import parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Open errors of the checks that a person accepts, and why."""

    codes: tuple[str, ...]
    reason: str


def count(database: Database, segment: str = "") -> int:
    """Return how many readers an issue would go to now.

    Raises ListError where the segment isn't understood.
    """
    with database.read() as connection:
        return journal.audience(connection, parse(segment))


def known(database: Database, name: str) -> SentIssue | None:
    """Return what the database knows of an issue, or None where its send never began."""
    with database.read() as connection:
        return issues.issue(connection, name)


def start(
    database: Database,
    name: str,
    rendered: Rendered,
    now: datetime,
    *,
    posts: Collection[PostId] = (),
    segment: str = "",
    accepted: Acceptance | None = None,
) -> int:
    """Begin a send: write the issue as it is now, and a row for each reader.

    Return how many there are.

    `posts` are those in the issue: they count as announced from now on.

    From here on exactly this is sent, also after a restart. Raises SendError where the send has
    begun before or nobody would get it, ListError where the segment isn't understood.
    """
    chosen = parse(segment)
    with database.begin() as connection:
        if issues.issue(connection, name) is not None:
            raise SendError(
                "{issue} has been sent, or is being sent. See: newsletter status {issue}",
                issue=name,
            )
        number = issues.add(connection, name, rendered, segment=segment, now=now)
        readers = journal.freeze(connection, number, chosen, now)
        if not readers:
            raise SendError(
                "Nobody would get {issue}: no active subscriber is in its audience. See: newsletter"
                " subscribers stats",
                issue=name,
            )
        ledger.mark_sent(connection, name, posts)
        if accepted is not None:
            log.write(
                connection,
                now,
                "check.accepted",
                issue=name,
                codes=list(accepted.codes),
                reason=accepted.reason,
            )
        log.write(connection, now, "send.started", issue=name, readers=readers, segment=segment)
    return readers


def go_on(
    database: Database, name: str, now: datetime, *, resend_unknown: bool = False
) -> SentIssue:
    """Let a send go on that was paused, broken off, or ended with rows of which nobody knows.

    Raises SendError where there is nothing to go on with.
    """
    with database.begin() as connection:
        issue = _there(issues.issue(connection, name), name)
        if issue.state is IssueState.cancelled:
            raise SendError(
                "{issue} was cancelled for good. To send it after all, give its file another name.",
                issue=name,
            )
        if resend_unknown and (again := journal.resend_unknown(connection, issue.id, now)):
            issues.move(connection, issue.id, {IssueState.sent}, IssueState.sending)
            log.write(connection, now, "unknown.resent", issue=name, readers=again)
        elif issue.state is IssueState.sent:
            raise SendError("{issue} has been sent. See: newsletter status {issue}", issue=name)
        if issues.move(connection, issue.id, {IssueState.paused}, IssueState.sending):
            log.write(connection, now, "send.resumed", issue=name)
        return _there(issues.issue(connection, name), name)


def pause(database: Database, name: str, now: datetime) -> None:
    """Hold a running send; what is on its way arrives. Raises SendError where it isn't running."""
    _change(database, name, now, {IssueState.sending}, IssueState.paused, "send.paused")


def cancel(database: Database, name: str, now: datetime) -> None:
    """End a send for good: who hasn't got it won't.

    Raises SendError where it isn't running or held.
    """
    _change(
        database,
        name,
        now,
        {IssueState.sending, IssueState.paused},
        IssueState.cancelled,
        "send.cancelled",
    )


def unknown(database: Database, issue: int, most: int = 20) -> list[str]:
    """Return the addresses of which nobody knows whether the issue arrived."""
    with database.read() as connection:
        return journal.in_state(connection, issue, DeliveryState.unknown, most)


def _change(
    database: Database,
    name: str,
    now: datetime,
    before: set[IssueState],
    after: IssueState,
    event: str,
) -> None:
    with database.begin() as connection:
        issue = _there(issues.issue(connection, name), name)
        if not issues.move(connection, issue.id, before, after):
            raise SendError(
                "{issue} isn't being sent (state: {state}). See: newsletter status {issue}",
                issue=name,
                state=issue.state.value,
            )
        log.write(connection, now, event, issue=name)


def _there(issue: SentIssue | None, name: str) -> SentIssue:
    if issue is None:
        raise SendError("{issue} was never sent. Send it with: newsletter send {issue}", issue=name)
    return issue
