"""What subscribers change by themselves: language, tags, a pause, their address.

address change:  a mail to each address | both confirmed | the address changes
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.domain.confirmation import (
    ConfirmationId,
    ConfirmationKind,
    MailKind,
    PendingConfirmation,
)
from newsletter.domain.subscriber import (
    Consent,
    KeyedHash,
    Subscriber,
    SubscriberId,
    SubscriberStatus,
)
from newsletter.mail.address import get_domain, parse_address
from newsletter.store import address_status, confirmations, subscribers, suppressions
from newsletter.store.address_status import AddressStatus
from newsletter.subscribers import rate_limits
from newsletter.subscribers.signup import is_blocked
from newsletter.subscribers.transactional_mails import queue_mail

#: Days that a subscriber may pause for.
PAUSE_DAYS = (30, 90, 180)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesUpdate:
    """What a subscriber has chosen."""

    language: str
    #: Of the tags that are offered, those that they want.
    tags: tuple[str, ...]
    #: Days from now without issues; 0 ends a pause, None leaves it as it is.
    pause_days: int | None = None


def update_preferences(
    connection: sa.Connection,
    subscriber: Subscriber,
    update: PreferencesUpdate,
    offered_tags: Sequence[str],
    now: datetime,
) -> Subscriber:
    """Write what a subscriber has chosen; tags that weren't offered stay.

    Returns them as they are now.
    """
    offered = {tag.casefold() for tag in offered_tags}
    kept = tuple(tag for tag in subscriber.tags if tag.casefold() not in offered)
    paused = subscriber.paused_until
    if update.pause_days is not None:
        paused = now + timedelta(days=update.pause_days) if update.pause_days else None
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
    """Send a mail to a subscriber's old and to their new address.

    Returns False where they have asked too often today.

    Who has the new address already, or mustn't be written to, isn't told here. Raises AddressError.
    """
    address = parse_address(email)
    if rate_limits.ADDRESS_CHANGES.hit(connection, str(int(subscriber.id)), now):
        return False
    status = address_status.get_address_status(connection, address.key, get_domain(address.key))
    silent = rate_limits.CONFIRMATIONS_PER_ADDRESS.hit(connection, keyed_hash(address.key), now)
    confirmation = PendingConfirmation(
        id=ConfirmationId(0),
        kind=ConfirmationKind.move,
        email=address.email,
        key=address.key,
        subscriber=subscriber.id,
        source="page",
        created=now,
    )
    number = confirmations.add(connection, confirmation)
    new_kind = MailKind.decoy if silent else _choose_mail_kind(status, subscriber.id)
    about = status.subscriber if new_kind is MailKind.already_subscribed else subscriber.id
    new = replace(subscriber, email=address.email)
    queue_mail(
        connection,
        MailKind.move_from,
        subscriber,
        now,
        confirmation=number,
        about=subscriber.id,
    )
    queue_mail(connection, new_kind, new, now, confirmation=number, about=about)
    return True


def _choose_mail_kind(status: AddressStatus, subscriber_id: SubscriberId) -> MailKind:
    """Return which mail goes to the new address of a subscriber."""
    if is_blocked(status):
        return MailKind.decoy
    if status.subscriber not in (None, subscriber_id):
        return MailKind.already_subscribed
    return MailKind.move_to


def confirm_address_change(
    connection: sa.Connection, confirmation: PendingConfirmation, confirmed_end: str, now: datetime
) -> PendingConfirmation:
    """Confirm one end ("old_confirmed_at", "new_confirmed_at") of an address change.

    The second one completes it. Returns how it stands.
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
    """Send a subscriber all that is kept of them.

    Returns False where they have asked too often today.
    """
    if rate_limits.DATA_EXPORTS.hit(connection, str(int(subscriber.id)), now):
        return False
    queue_mail(connection, MailKind.data_export, subscriber, now, about=subscriber.id)
    return True
