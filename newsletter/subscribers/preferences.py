"""What a reader changes by herself: language, tags, a pause, her address.

move:  a mail to each end | both confirmed | the address changes
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.domain.confirmation import (
    ConfirmationId,
    ConfirmationKind,
    MailId,
    MailKind,
    PendingConfirmation,
    QueuedMail,
)
from newsletter.domain.subscriber import Consent, Subscriber, SubscriberId, SubscriberStatus
from newsletter.mail.address import get_domain, parse_address
from newsletter.store import (
    address_status,
    confirmations,
    outbox,
    rate_counters,
    subscribers,
    suppressions,
)
from newsletter.subscribers.signup import KeyedHash, is_blocked

#: Days that a reader may pause for.
PAUSE_DAYS = (30, 90, 180)
#: Address changes and data copies that a reader may ask for in a day.
MAX_REQUESTS_PER_DAY = 3
_RATE_WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesUpdate:
    """What a reader has chosen."""

    language: str
    #: Of the tags that are offered, those that she wants.
    tags: tuple[str, ...]
    #: Days from now without letters; 0 ends a pause, None leaves it as it is.
    pause_days: int | None = None


def update_preferences(
    connection: sa.Connection,
    subscriber: Subscriber,
    update: PreferencesUpdate,
    offered_tags: Sequence[str],
    now: datetime,
) -> Subscriber:
    """Write what a reader has chosen; tags that weren't offered stay. Returns her as she is now."""
    theirs = {tag.casefold() for tag in offered_tags}
    kept = tuple(tag for tag in subscriber.tags if tag.casefold() not in theirs)
    paused = (
        subscriber.paused_until
        if update.pause_days is None
        else now + timedelta(days=update.pause_days)
        if update.pause_days
        else None
    )
    changed = replace(
        subscriber, language=update.language, tags=(*kept, *update.tags), paused_until=paused
    )
    if changed != subscriber:
        subscribers.update(connection, changed)
    return changed


def request_address_change(
    connection: sa.Connection,
    subscriber: Subscriber,
    email: str,
    keyed_hash: KeyedHash,
    now: datetime,
) -> bool:
    """Send a mail to a reader's old and to her new address.

    Returns False where she has asked too often today.

    Who has the new address already, or mustn't be written to, isn't told here. Raises AddressError.
    """
    address = parse_address(email)
    if (
        rate_counters.hit(connection, f"move:{int(subscriber.id)}", now, _RATE_WINDOW)
        > MAX_REQUESTS_PER_DAY
    ):
        return False
    other = address_status.get_address_status(connection, address.key, get_domain(address.key))
    # One mail a day to an address, whoever asks for it.
    silent = rate_counters.hit(
        connection, f"address:{keyed_hash(address.key)}", now, _RATE_WINDOW
    ) > 1 or is_blocked(other)
    new_kind = (
        MailKind.decoy
        if silent
        else MailKind.move_to
        if other.subscriber in (None, subscriber.id)
        else MailKind.already_subscribed
    )
    number = confirmations.add(
        connection,
        PendingConfirmation(
            id=ConfirmationId(0),
            kind=ConfirmationKind.move,
            email=address.email,
            key=address.key,
            subscriber=subscriber.id,
            source="page",
            created=now,
        ),
    )
    for kind, to in ((MailKind.move_from, subscriber.email), (new_kind, address.email)):
        whose = other.subscriber if kind is MailKind.already_subscribed else subscriber.id
        mail = QueuedMail(
            id=MailId(0),
            kind=kind,
            email=to,
            language=subscriber.language,
            confirmation=number,
            subscriber=whose,
            created=now,
        )
        outbox.put(connection, mail)
    return True


def confirm_address_change(
    connection: sa.Connection, confirmation: PendingConfirmation, confirmed_end: str, now: datetime
) -> PendingConfirmation:
    """Confirm one end ("old_confirmed_at", "new_confirmed_at") of an address change.

    The second one lets it come true. Returns how it stands.
    """
    if confirmation.is_pending(now) and getattr(confirmation, confirmed_end) is None:
        confirmations.set_times(connection, confirmation.id, now, confirmed_end)
        confirmation = confirmations.find_confirmation(connection, confirmation.id) or confirmation
    if (
        confirmation.is_pending(now)
        and confirmation.old_confirmed_at is not None
        and confirmation.new_confirmed_at is not None
        and _change_address(connection, confirmation, now)
    ):
        confirmations.set_times(connection, confirmation.id, now, "completed_at")
        confirmation = confirmations.find_confirmation(connection, confirmation.id) or confirmation
    return confirmation


def _change_address(
    connection: sa.Connection, confirmation: PendingConfirmation, now: datetime
) -> bool:
    person = (
        subscribers.find_by_id(connection, confirmation.subscriber)
        if confirmation.subscriber is not None
        else None
    )
    other = address_status.get_address_status(
        connection, confirmation.key, get_domain(confirmation.key)
    )
    if (
        person is None
        or person.status is not SubscriberStatus.active
        or other.subscriber not in (None, person.id)
        or is_blocked(other)
    ):
        return False
    suppressions.lift(connection, confirmation.key)
    subscribers.change_address(connection, person.id, confirmation.email, confirmation.key)
    subscribers.add_consent(
        connection, person.id, Consent(at=now, source="address changed, confirmed at both ends")
    )
    return True


def request_data_export(connection: sa.Connection, subscriber: Subscriber, now: datetime) -> bool:
    """Send a reader all that is kept of her; returns False where she has asked too often today."""
    if (
        rate_counters.hit(connection, f"data:{int(subscriber.id)}", now, _RATE_WINDOW)
        > MAX_REQUESTS_PER_DAY
    ):
        return False
    mail = QueuedMail(
        id=MailId(0),
        kind=MailKind.data_export,
        email=subscriber.email,
        language=subscriber.language,
        subscriber=subscriber.id,
        created=now,
    )
    outbox.put(connection, mail)
    return True


def queue_goodbye(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime) -> None:
    """Put a goodbye into the outbox, for a reader who has just left."""
    person = subscribers.find_by_id(connection, subscriber_id)
    if person is not None:
        mail = QueuedMail(
            id=MailId(0),
            kind=MailKind.goodbye,
            email=person.email,
            language=person.language,
            created=now,
        )
        outbox.put(connection, mail)
