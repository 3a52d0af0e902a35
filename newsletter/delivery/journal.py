"""The journal as a sender uses it: everything that is to be written at a time in one commit.

    turn:  record what servers said | write `sending` for what goes next | claim what goes after that

A message's DATA leaves only after the turn that wrote `sending` has come back. Synchronous: called
in a thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery import retry
from newsletter.domain.delivery import Delivery, DeliveryId, DeliveryState, Outcome, Progress
from newsletter.domain.issue import IssueState
from newsletter.domain.subscriber import SuppressionReason
from newsletter.mail.address import address_key
from newsletter.store import issues
from newsletter.store import journal as store
from newsletter.store.database import Database
from newsletter.store.journal import Result
from newsletter.subscribers.suppression import suppress


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a turn is to write."""

    results: Sequence[Result] = ()
    #: Addresses that will never work, by what a server said of them.
    gone: Sequence[str] = ()
    #: A fault of ours: the issue pauses.
    fault: Outcome | None = None
    begin: Sequence[DeliveryId] = ()
    release: Sequence[DeliveryId] = ()
    claim: int = 0
    #: Domains that get nothing now.
    without: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a turn has written."""

    #: Whether the issue is still being sent.
    sending: bool
    begun: frozenset[DeliveryId]
    claimed: Sequence[Delivery]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The rows of one issue, for one owner."""

    database: Database
    issue: int
    owner: str
    #: Language of the cause that an issue is paused with.
    language: str = "en"

    def turn(self, wanted: Wanted, now: datetime) -> Turn:
        """Write all of it in one commit, after readers who wait for a page.

        Raises StoreError, and then nothing was written.
        """
        self.database.turns.let_pass()
        with self.database.begin() as connection:
            store.record(connection, self.owner, wanted.results, now)
            for email in wanted.gone:
                suppress(connection, address_key(email), SuppressionReason.bounced, now)
            if wanted.fault is not None:
                cause = retry.cause(wanted.fault).say(self.language)
                issues.move(
                    connection, self.issue, {IssueState.sending}, IssueState.paused, cause=cause
                )
            store.release(connection, self.owner, wanted.release, now)
            begun = store.begin(connection, self.issue, self.owner, wanted.begin, now)
            claimed: Sequence[Delivery] = ()
            if wanted.claim:
                claimed = store.claim(
                    connection,
                    self.issue,
                    self.owner,
                    now,
                    limit=wanted.claim,
                    without=wanted.without,
                )
            sending = bool(begun or claimed) or store.is_sending(connection, self.issue)
        return Turn(sending=sending, begun=frozenset(begun), claimed=claimed)

    def let_go(self, now: datetime) -> int:
        """Plan again what this owner holds and doesn't know of: a commit whose answer was lost.

        Returns how many rows.
        """
        with self.database.begin() as connection:
            return store.let_go(connection, self.issue, self.owner, now)

    def pause(self, cause: str) -> None:
        """Hold the issue for a person."""
        with self.database.begin() as connection:
            issues.move(
                connection, self.issue, {IssueState.sending}, IssueState.paused, cause=cause
            )

    def progress(self) -> Progress:
        """Count the rows. Half a second a million."""
        with self.database.read() as connection:
            return Progress(
                counts=store.counts(connection, self.issue),
                next_due=store.next_due(connection, self.issue),
            )

    def finish(self, now: datetime) -> IssueState:
        """Write that the issue is sent, if no row is open any more; return its state."""
        with self.database.begin() as connection:
            counts = store.counts(connection, self.issue)
            if not any(counts[state] for state in store.OPEN):
                issues.finish(connection, self.issue, now)
            return issues.state(connection, self.issue)


def refused_result(delivery: Delivery, reason: str) -> Result:
    """Return the result for a message that can't be written at all."""
    return Result(
        id=delivery.id, state=DeliveryState.refused, due=None, outcome=retry.cannot_write(reason)
    )
