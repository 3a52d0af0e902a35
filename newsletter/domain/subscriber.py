"""Subscribers, their consent, and the addresses that are never to be mailed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

#: At most 2**32 - 1: tokens hold it in four bytes. Never used again after erasure.
SubscriberId = NewType("SubscriberId", int)

#: Makes the pseudonym of an address or client that is kept instead of it (GDPR, article 4.5).
KeyedHash = Callable[[str], str]


class SubscriberStatus(StrEnum):
    """What may be sent to a subscriber: only active ones get issues."""

    active = "active"
    pending = "pending"
    unsubscribed = "unsubscribed"
    bounced = "bounced"
    complained = "complained"
    manual = "manual"

    @property
    def is_suppressed(self) -> bool:
        """Nothing is sent to such a subscriber, and no list brings them back."""
        return self not in (SubscriberStatus.active, SubscriberStatus.pending)

    def outweighs(self, other: "SubscriberStatus | None") -> bool:
        """Return True if this status speaks more against writing than another (None: none said)."""
        return other is None or _STATUS_ORDER.index(self) > _STATUS_ORDER.index(other)


class SuppressionReason(StrEnum):
    """Why an address is never to be mailed."""

    unsubscribed = "unsubscribed"
    bounced = "bounced"
    complained = "complained"
    manual = "manual"
    erased = "erased"

    def outweighs(self, other: "SuppressionReason") -> bool:
        """Return True if this reason takes the other's place.

        Of two reasons the stronger one stays: lifting a weak one must not lift a person's own will.
        """
        return SUPPRESSION_ORDER.index(self) > SUPPRESSION_ORDER.index(other)

    @property
    def status(self) -> SubscriberStatus:
        """What it makes of a subscriber's status."""
        if self is SuppressionReason.erased:
            return SubscriberStatus.manual
        return SubscriberStatus(self.value)

    @property
    def blocks_signup(self) -> bool:
        """A sign-up doesn't overcome it.

        Who has complained isn't written to because a stranger typed their address.
        """
        return self in (SuppressionReason.complained, SuppressionReason.manual)

    @property
    def allows_staff_consent(self) -> bool:
        """Staff may put the person back, with a new proof of consent.

        Who has complained or was erased can only come back by themselves.
        """
        return self not in (SuppressionReason.complained, SuppressionReason.erased)


#: From the weakest reason to the strongest; the only place that orders them.
SUPPRESSION_ORDER: tuple[SuppressionReason, ...] = (
    SuppressionReason.bounced,
    SuppressionReason.unsubscribed,
    SuppressionReason.manual,
    SuppressionReason.complained,
    SuppressionReason.erased,
)
#: Statuses in the same order, after those that get letters.
_STATUS_ORDER = (
    SubscriberStatus.active,
    SubscriberStatus.pending,
    *(
        SubscriberStatus(reason.value)
        for reason in SUPPRESSION_ORDER
        if reason is not SuppressionReason.erased
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """An address with what is known of whose it is."""

    id: SubscriberId
    #: As it is written to: local part untouched, domain as A-labels (IDNA 2008).
    email: str
    name: str = ""
    #: BCP 47, "" where unknown.
    language: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    status: SubscriberStatus = SubscriberStatus.active
    created: datetime | None = None
    #: They want nothing until then.
    paused_until: datetime | None = None


def union_tags(tags: Sequence[str], more: Iterable[str]) -> tuple[str, ...]:
    """Return the tags with those of `more` that aren't among them, whatever their case.

    What stands first stays as it is written.
    """
    known = {tag.casefold() for tag in tags}
    added: list[str] = []
    for tag in more:
        if tag.casefold() not in known:
            known.add(tag.casefold())
            added.append(tag)
    return (*tags, *added)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Proof that, when and how a person said yes (GDPR, article 7.1)."""

    at: datetime
    #: "import list.csv", "form", "staff".
    source: str
    #: The words that they said yes to; "" where unknown.
    wording: str = ""
    #: Who of the staff wrote it down; "" where the person said it themselves.
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address never to be mailed, and why."""

    #: `mail.address.address_key` of it; "@" and a domain for all of its addresses; "#…" for a
    #: person who was erased.
    key: str
    reason: SuppressionReason
    at: datetime
