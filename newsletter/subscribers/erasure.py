"""Forget people: who asks for it (GDPR, article 17), and who left long ago.

    subscriber, consents, confirmations, mails that wait → gone
    journal → counted without a name
    suppression → "#hash"

What stays is a keyed hash, so that no old list brings them back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.domain.confirmation import CONFIRMATION_LIFETIME
from newsletter.domain.subscriber import KeyedHash, Suppression, SuppressionReason
from newsletter.mail.address import get_domain
from newsletter.store import (
    anonymise,
    confirmations,
    idempotency_keys,
    outbox,
    rate_counters,
    subscribers,
    suppressions,
)
from newsletter.subscribers import rate_limits

#: People who are erased in one transaction.
ERASE_BATCH_SIZE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionResult:
    """What was removed because its time was over."""

    subscribers: int = 0
    deliveries: int = 0
    confirmations: int = 0


def erase(connection: sa.Connection, key: str, keyed_hash: KeyedHash, now: datetime) -> bool:
    """Forget an address, by its key; return True if anything was kept of it."""
    person = subscribers.find_by_key(connection, key)
    blocked = suppressions.find_suppression(connection, key)
    asked = confirmations.list_for_address(connection, key)
    emails = list({key, *(one.email for one in asked), *((person.email,) if person else ())})
    if person is not None:
        asked += confirmations.list_for_subscriber(connection, person.id)
        anonymise.anonymise_subscriber(connection, person.id)
        subscribers.delete(connection, person.id)
        for limit in (rate_limits.ADDRESS_CHANGES, rate_limits.DATA_EXPORTS):
            limit.reset(connection, str(int(person.id)))
    anonymise.anonymise_address(connection, key)
    outbox.delete_for_person(connection, emails, person.id if person else None)
    confirmations.delete_for_person(connection, key, person.id if person else None)
    rate_limits.CONFIRMATIONS_PER_ADDRESS.reset(connection, keyed_hash(key))
    rate_limits.SIGNUPS_PER_DOMAIN.reset(connection, keyed_hash(get_domain(key)))
    suppressions.lift(connection, key)
    suppressions.put(
        connection, Suppression(key=keyed_hash(key), reason=SuppressionReason.erased, at=now)
    )
    return bool(person or blocked or asked)


def purge_expired(
    connection: sa.Connection, keyed_hash: KeyedHash, now: datetime, keep_days: int | None
) -> RetentionResult:
    """Remove what has been kept for long enough.

    `keep_days` is for subscribers who left and for the journal; None keeps them. At most
    `ERASE_BATCH_SIZE` subscribers at a time: call it again while there are any.
    """
    asked = confirmations.delete_before(connection, now - CONFIRMATION_LIFETIME)
    outbox.delete_before(connection, now - 2 * CONFIRMATION_LIFETIME)
    rate_counters.delete_expired(connection, now)
    idempotency_keys.delete_before(connection, now - timedelta(days=1))
    if keep_days is None:
        return RetentionResult(confirmations=asked)
    before = now - timedelta(days=keep_days)
    left = suppressions.list_keys_before(connection, before, ERASE_BATCH_SIZE)
    for key in left:
        erase(connection, key, keyed_hash, now)
    return RetentionResult(
        subscribers=len(left),
        deliveries=anonymise.anonymise_before(connection, before),
        confirmations=asked,
    )
