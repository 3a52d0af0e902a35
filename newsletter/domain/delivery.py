"""Deliveries: one issue on its way to one subscriber, and the moves that are allowed.

planned → claimed → sending → accepted
   ↑         │         ├────→ deferred   (claimed again when due; gives up after 5 days → refused)
   └─────────┘         ├────→ refused
  (crash: nothing      └────→ unknown    (crash or lost answer once DATA has begun)
   was sent)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from newsletter.domain.subscriber import SubscriberId

DeliveryId = NewType("DeliveryId", int)


class DeliveryState(StrEnum):
    """Where a delivery stands. The sum over all states is the audience."""

    planned = "planned"
    claimed = "claimed"
    sending = "sending"
    accepted = "accepted"
    deferred = "deferred"
    refused = "refused"
    unknown = "unknown"
    suppressed = "suppressed"


_S = DeliveryState

#: The only moves there are. Unknown goes back to planned when staff say `--unknown resend`.
MOVES: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    _S.planned: frozenset({_S.claimed, _S.suppressed}),
    _S.claimed: frozenset({_S.planned, _S.sending, _S.suppressed, _S.deferred}),
    _S.sending: frozenset({_S.planned, _S.accepted, _S.deferred, _S.refused, _S.unknown}),
    _S.deferred: frozenset({_S.claimed, _S.refused, _S.suppressed}),
    _S.unknown: frozenset({_S.planned}),
    _S.accepted: frozenset(),
    _S.refused: frozenset(),
    _S.suppressed: frozenset(),
}

#: No process touches these any more by itself.
FINAL_STATES = frozenset({_S.accepted, _S.refused, _S.suppressed, _S.unknown})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One issue on its way to one subscriber."""

    id: DeliveryId
    subscriber: SubscriberId
    email: str
    name: str = ""
    #: How often a server has been asked to take it.
    attempts: int = 0
    #: When that was for the first time; None: never.
    first_tried: datetime | None = None


class OutcomeKind(StrEnum):
    """What a server said of one message."""

    accepted = "accepted"
    deferred = "deferred"
    refused = "refused"
    unknown = "unknown"
    #: Our own fault (policy, sign-in, quota): the issue pauses, no reader is blamed.
    our_fault = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt; the server's own words are kept."""

    kind: OutcomeKind
    #: SMTP reply code; 0 where no answer came.
    code: int = 0
    #: Enhanced status code (RFC 3463), "5.1.1"; "" where there is none.
    status: str = ""
    #: The reply's text, printable and cut.
    reply: str = ""
    #: The address will never work (no such user, host or mailbox): it is suppressed.
    is_dead_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendProgress:
    """How far a send has come."""

    counts: Mapping[DeliveryState, int]
    #: Accepted a second, lately; 0.0 where unknown.
    rate: float = 0.0
    #: When the next deferred row is due.
    next_due: datetime | None = None

    @property
    def audience(self) -> int:
        """All rows."""
        return sum(self.counts.values())
