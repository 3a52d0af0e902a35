"""Take people off the list for good, and back on where they say so themselves.

    by a subscriber:  unsubscribe (page, one-click POST, mail, staff for them)    undo, for a day
    by staff:         suppress, for whatever reason        resubscribe, with a new proof of consent

Status and suppression change in one transaction. A suppression outlives the subscriber: an old list
can't bring them back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.domain.confirmation import MailKind
from newsletter.domain.subscriber import (
    Consent,
    KeyedHash,
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    Suppression,
    SuppressionReason,
)
from newsletter.mail.address import get_domain
from newsletter.store import subscribers, suppressions
from newsletter.subscribers.transactional_mails import queue_mail

#: How long a subscriber can take their unsubscribing back with one press.
UNDO_WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionResult:
    """How a subscriber stands who has asked to leave."""

    subscriber: Subscriber
    suppression: Suppression
    #: They were on the list until now.
    changed: bool


def unsubscribe(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime) -> bool:
    """Take a subscriber off the list, as they ask; status and suppression change together.

    Returns True if anything changed: not the second time, and not where there is no such subscriber
    (erased, say).
    """
    key = subscribers.find_key(connection, subscriber_id)
    return key is not None and suppress(connection, key, SuppressionReason.unsubscribed, now)


def unsubscribe_all(
    connection: sa.Connection, subscriber_ids: Sequence[SubscriberId], now: datetime
) -> dict[SubscriberId, SuppressionResult]:
    """Take subscribers off the list, as they ask, in a few statements.

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
    results = {}
    for number, (person, key) in people.items():
        found = leaving.get(number) or known[key]
        status = found.reason.status
        if number not in leaving and person.status is not status:
            subscribers.set_status(connection, key, status)
        results[number] = SuppressionResult(
            subscriber=replace(person, status=status), suppression=found, changed=number in leaving
        )
    return results


def unsubscribe_many(
    connection: sa.Connection,
    subscriber_ids: Sequence[SubscriberId],
    now: datetime,
    *,
    send_goodbye: bool,
) -> dict[SubscriberId, SuppressionResult]:
    """Take subscribers off the list, as they ask, with a mail that it is done for each.

    Returns how each stands who is known.
    """
    results = unsubscribe_all(connection, subscriber_ids, now)
    for result in results.values():
        if send_goodbye and result.changed:
            queue_mail(connection, MailKind.goodbye, result.subscriber, now)
    return results


def suppress(connection: sa.Connection, key: str, reason: SuppressionReason, now: datetime) -> bool:
    """See to it that an address is never mailed, whether it is on the list or not.

    `key` is its `mail.address.address_key`.

    Returns True if anything changed: a reason as strong as the new one stays, with its time.
    """
    known = suppressions.find_suppression(connection, key)
    if known is not None and not reason.outweighs(known.reason):
        subscribers.set_status(connection, key, known.reason.status)
        return False
    suppressions.put(connection, Suppression(key=key, reason=reason, at=now))
    subscribers.set_status(connection, key, reason.status)
    return True


def find_any_suppression(
    connection: sa.Connection, key: str, keyed_hash: KeyedHash
) -> Suppression | None:
    """Return what stands against an address: its domain's suppression, its own, or its erasure."""
    for known in (f"@{get_domain(key)}", key, keyed_hash(key)):
        if (found := suppressions.find_suppression(connection, known)) is not None:
            return found
    return None


def can_undo(suppression: Suppression | None, now: datetime) -> bool:
    """Return True if a subscriber may take back what they did themselves: for a day."""
    return (
        suppression is not None
        and suppression.reason is SuppressionReason.unsubscribed
        and now - suppression.at <= UNDO_WINDOW
    )


def undo_unsubscribe(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime) -> bool:
    """Take back an unsubscribing of the last day; return True if they are on the list now."""
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
    """Put a subscriber back on the list, with the proof that they asked for it."""
    suppressions.lift(connection, key)
    subscribers.update(connection, replace(subscriber, status=SubscriberStatus.active))
    subscribers.add_consent(connection, subscriber.id, consent)
