"""The journal as a sender uses it: everything that is to be written at a time in one commit.

    commit:  record what servers said | write `sending` for what goes next | claim what follows

A message's DATA leaves only after the turn that wrote `sending` has come back. Synchronous: called
in a thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery import retry
from newsletter.domain.delivery import Delivery, DeliveryId, DeliveryState, Outcome, SendProgress
from newsletter.domain.issue import IssueState
from newsletter.domain.subscriber import SuppressionReason
from newsletter.mail.address import address_key
from newsletter.store import issues, journal_counts
from newsletter.store import journal as store
from newsletter.store.database import Database
from newsletter.store.journal import DeliveryResult
from newsletter.subscribers.suppression import suppress


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalBatch:
    """What a turn is to write."""

    results: Sequence[DeliveryResult] = ()
    #: Addresses that will never work, by what a server said of them.
    dead_addresses: Sequence[str] = ()
    #: A fault of ours: the issue pauses.
    fault: Outcome | None = None
    begin_ids: Sequence[DeliveryId] = ()
    release_ids: Sequence[DeliveryId] = ()
    claim_limit: int = 0
    #: Domains that get nothing now.
    excluded_domains: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalCommit:
    """What a turn has written."""

    #: Whether the issue is still being sent.
    is_sending: bool
    begun_ids: frozenset[DeliveryId]
    claimed_deliveries: Sequence[Delivery]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalWriter:
    """The rows of one issue, for one owner."""

    database: Database
    issue_id: int
    owner: str
    #: Language of the cause that an issue is paused with.
    language: str = "en"

    def commit(self, batch: JournalBatch, now: datetime) -> JournalCommit:
        """Write all of it in one commit, after readers who wait for a page.

        Raises StoreError, and then nothing was written.
        """
        self.database.priority_gate.yield_to_priority()
        with self.database.begin() as connection:
            store.record(connection, self.owner, batch.results, now)
            for email in batch.dead_addresses:
                suppress(connection, address_key(email), SuppressionReason.bounced, now)
            if batch.fault is not None:
                cause = retry.explain_pause(batch.fault).translate(self.language)
                issues.change_state(
                    connection, self.issue_id, {IssueState.sending}, IssueState.paused, cause=cause
                )
            store.release(connection, self.owner, batch.release_ids, now)
            begun = store.begin(connection, self.issue_id, self.owner, batch.begin_ids, now)
            claimed: Sequence[Delivery] = ()
            if batch.claim_limit:
                claimed = store.claim(
                    connection,
                    self.issue_id,
                    self.owner,
                    now,
                    limit=batch.claim_limit,
                    excluded_domains=batch.excluded_domains,
                )
            sending = bool(begun or claimed) or store.is_sending(connection, self.issue_id)
        return JournalCommit(
            is_sending=sending, begun_ids=frozenset(begun), claimed_deliveries=claimed
        )

    def release_all(self, now: datetime) -> int:
        """Plan again what this owner holds and doesn't know of: a commit whose answer was lost.

        Returns how many rows.
        """
        with self.database.begin() as connection:
            return store.release_all(connection, self.issue_id, self.owner, now)

    def pause_issue(self, cause: str) -> None:
        """Hold the issue for a person."""
        with self.database.begin() as connection:
            issues.change_state(
                connection, self.issue_id, {IssueState.sending}, IssueState.paused, cause=cause
            )

    def get_progress(self) -> SendProgress:
        """Count the rows. Half a second a million."""
        with self.database.read() as connection:
            return SendProgress(
                counts=journal_counts.count_by_state(connection, self.issue_id),
                next_due=journal_counts.get_next_due(connection, self.issue_id),
            )

    def finish_issue(self, now: datetime) -> IssueState:
        """Write that the issue is sent, if no row is open any more; return its state."""
        with self.database.begin() as connection:
            counts = journal_counts.count_by_state(connection, self.issue_id)
            if not any(counts[state] for state in journal_counts.OPEN_STATES):
                issues.finish(connection, self.issue_id, now)
            return issues.get_state(connection, self.issue_id)


def build_refused_result(delivery: Delivery, reason: str) -> DeliveryResult:
    """Return the result for a message that can't be written at all."""
    return DeliveryResult(
        id=delivery.id,
        state=DeliveryState.refused,
        due=None,
        outcome=retry.refuse_unwritable(reason),
    )
