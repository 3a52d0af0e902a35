"""Take people off the list for good, and back on where they say so themselves.

    by a reader: unsubscribe (page, one-click POST, staff for her)        undo, for a day
    by staff:    suppress, for whatever reason                           readmit, with a new proof
    of consent

Status and suppression change in one transaction. A suppression outlives the subscriber: an old list
can't bring her back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.domain.subscriber import (
    Consent,
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    Suppression,
    SuppressionReason,
)
from newsletter.store import subscribers, suppressions

#: How long a reader can take her unsubscribing back with one press.
UNDO_WINDOW = timedelta(days=1)

#: What a suppression makes of a subscriber's status.
STATUS_BY_REASON: Mapping[SuppressionReason, SubscriberStatus] = {
    SuppressionReason.unsubscribed: SubscriberStatus.unsubscribed,
    SuppressionReason.bounced: SubscriberStatus.bounced,
    SuppressionReason.complained: SubscriberStatus.complained,
    SuppressionReason.manual: SubscriberStatus.manual,
    SuppressionReason.erased: SubscriberStatus.manual,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionResult:
    """How a reader stands who has asked to leave."""

    subscriber: Subscriber
    suppression: Suppression
    #: She was on the list until now.
    changed: bool


def unsubscribe(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime) -> bool:
    """Take a reader off the list, as she asks; status and suppression change in this transaction.

    Returns whether anything changed: False the second time, and where there is no such subscriber
    (erased, say).
    """
    key = subscribers.find_key(connection, subscriber_id)
    return key is not None and suppress(connection, key, SuppressionReason.unsubscribed, now)


def unsubscribe_all(
    connection: sa.Connection, subscriber_ids: Sequence[SubscriberId], now: datetime
) -> dict[SubscriberId, SuppressionResult]:
    """Take readers off the list, as they ask, in a few statements.

    Returns how each stands who is known.
    """
    people = subscribers.find_with_keys(connection, subscriber_ids)
    known = suppressions.find_by_keys(connection, [key for _, key in people.values()])
    leaving = {
        number: Suppression(key=key, reason=SuppressionReason.unsubscribed, at=now)
        for number, (_, key) in people.items()
        if key not in known or SuppressionReason.unsubscribed.outweighs(known[key].reason)
    }
    if leaving:
        suppressions.put(connection, *leaving.values())
        subscribers.set_status_by_ids(connection, list(leaving), SubscriberStatus.unsubscribed)
    standing = {}
    for number, (person, key) in people.items():
        one = leaving.get(number) or known[key]
        status = STATUS_BY_REASON[one.reason]
        if number not in leaving and person.status is not status:
            subscribers.set_status(connection, key, status)
        standing[number] = SuppressionResult(
            subscriber=replace(person, status=status), suppression=one, changed=number in leaving
        )
    return standing


def suppress(connection: sa.Connection, key: str, reason: SuppressionReason, now: datetime) -> bool:
    """See to it that an address (by `mail.address.address_key`) is never mailed, whether it is on the list or not.

    Returns whether anything changed: a reason as strong as the new one stays, with its time.
    """
    known = suppressions.find_suppression(connection, key)
    if known is not None and not reason.outweighs(known.reason):
        subscribers.set_status(connection, key, STATUS_BY_REASON[known.reason])
        return False
    suppressions.put(connection, Suppression(key=key, reason=reason, at=now))
    subscribers.set_status(connection, key, STATUS_BY_REASON[reason])
    return True


def can_undo(suppression: Suppression | None, now: datetime) -> bool:
    """Say whether a reader may take her unsubscribing back: only her own, and only for a day."""
    return (
        suppression is not None
        and suppression.reason is SuppressionReason.unsubscribed
        and now - suppression.at <= UNDO_WINDOW
    )


def undo_unsubscribe(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime) -> bool:
    """Take back an unsubscribing of the last day; returns whether the reader is on the list now."""
    found = subscribers.find_by_id(connection, subscriber_id)
    key = subscribers.find_key(connection, subscriber_id)
    if found is None or key is None:
        return False
    known = suppressions.find_suppression(connection, key)
    if known is None:
        return found.status is SubscriberStatus.active
    if not can_undo(known, now):
        return False
    resubscribe(connection, found, key, Consent(at=now, source="undo"))
    return True


def resubscribe(
    connection: sa.Connection, subscriber: Subscriber, key: str, consent: Consent
) -> None:
    """Put a subscriber back on the list, with the proof that she asked for it."""
    suppressions.lift(connection, key)
    subscribers.update(connection, replace(subscriber, status=SubscriberStatus.active))
    subscribers.add_consent(connection, subscriber.id, consent)
