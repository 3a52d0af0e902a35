"""What a reader changes by herself: language, tags, a pause, her address.

move:  a mail to each end | both confirmed | the address changes
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.domain.request import (
    ConfirmationId,
    ConfirmationKind,
    MailId,
    MailKind,
    PendingConfirmation,
    QueuedMail,
)
from newsletter.domain.subscriber import Consent, Subscriber, SubscriberId, SubscriberStatus
from newsletter.mail.address import domain_of, parse_address
from newsletter.store import addresses, outbox, rates, requests, subscribers, suppressions
from newsletter.subscribers.joining import Seal, stays_out

#: Days that a reader may pause for.
PAUSES = (30, 90, 180)
#: Address changes and data copies that a reader may ask for in a day.
MOST_IN_A_DAY = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader has chosen."""

    language: str
    #: Of the tags that are offered, those that she wants.
    tags: tuple[str, ...]
    #: Days from now without letters; 0 ends a pause, None leaves it as it is.
    pause: int | None = None


def change(
    connection: sa.Connection,
    person: Subscriber,
    wanted: Wanted,
    offered: Sequence[str],
    now: datetime,
) -> Subscriber:
    """Write what a reader has chosen; tags that weren't offered stay. Returns her as she is now."""
    theirs = {tag.casefold() for tag in offered}
    kept = tuple(tag for tag in person.tags if tag.casefold() not in theirs)
    paused = (
        person.paused_until
        if wanted.pause is None
        else now + timedelta(days=wanted.pause)
        if wanted.pause
        else None
    )
    changed = replace(
        person, language=wanted.language, tags=(*kept, *wanted.tags), paused_until=paused
    )
    if changed != person:
        subscribers.update(connection, changed)
    return changed


def ask_to_move(
    connection: sa.Connection, person: Subscriber, email: str, seal: Seal, now: datetime
) -> bool:
    """Send a mail to a reader's old and to her new address.

    Returns False where she has asked too often today.

    Who has the new address already, or mustn't be written to, isn't told here. Raises AddressError.
    """
    address = parse_address(email)
    if rates.hit(connection, f"move:{int(person.id)}", now, _DAY) > MOST_IN_A_DAY:
        return False
    other = addresses.get_address_status(connection, address.key, domain_of(address.key))
    # One mail a day to an address, whoever asks for it.
    silent = rates.hit(connection, f"address:{seal(address.key)}", now, _DAY) > 1 or stays_out(
        other
    )
    new_kind = (
        MailKind.decoy
        if silent
        else MailKind.move_to
        if other.subscriber in (None, person.id)
        else MailKind.already_subscribed
    )
    number = requests.add(
        connection,
        PendingConfirmation(
            id=ConfirmationId(0),
            kind=ConfirmationKind.move,
            email=address.email,
            key=address.key,
            subscriber=person.id,
            source="page",
            created=now,
        ),
    )
    for kind, to in ((MailKind.move_from, person.email), (new_kind, address.email)):
        whose = other.subscriber if kind is MailKind.already_subscribed else person.id
        mail = QueuedMail(
            id=MailId(0),
            kind=kind,
            email=to,
            language=person.language,
            confirmation=number,
            subscriber=whose,
            created=now,
        )
        outbox.put(connection, mail)
    return True


def confirm_move(
    connection: sa.Connection, request: PendingConfirmation, end: str, now: datetime
) -> PendingConfirmation:
    """Confirm one end ("old_confirmed_at", "new_confirmed_at") of an address change.

    The second one lets it come true. Returns how it stands.
    """
    if request.is_pending(now) and getattr(request, end) is None:
        requests.set_times(connection, request.id, now, end)
        request = requests.find_confirmation(connection, request.id) or request
    if (
        request.is_pending(now)
        and request.old_confirmed_at is not None
        and request.new_confirmed_at is not None
        and _move(connection, request, now)
    ):
        requests.set_times(connection, request.id, now, "completed_at")
        request = requests.find_confirmation(connection, request.id) or request
    return request


def _move(connection: sa.Connection, request: PendingConfirmation, now: datetime) -> bool:
    person = (
        subscribers.find_by_id(connection, request.subscriber)
        if request.subscriber is not None
        else None
    )
    other = addresses.get_address_status(connection, request.key, domain_of(request.key))
    if (
        person is None
        or person.status is not SubscriberStatus.active
        or other.subscriber not in (None, person.id)
        or stays_out(other)
    ):
        return False
    suppressions.lift(connection, request.key)
    subscribers.change_address(connection, person.id, request.email, request.key)
    subscribers.add_consent(
        connection, person.id, Consent(at=now, source="address changed, confirmed at both ends")
    )
    return True


def ask_for_data(connection: sa.Connection, person: Subscriber, now: datetime) -> bool:
    """Send a reader all that is kept of her; returns False where she has asked too often today."""
    if rates.hit(connection, f"data:{int(person.id)}", now, _DAY) > MOST_IN_A_DAY:
        return False
    mail = QueuedMail(
        id=MailId(0),
        kind=MailKind.data_export,
        email=person.email,
        language=person.language,
        subscriber=person.id,
        created=now,
    )
    outbox.put(connection, mail)
    return True


def say_goodbye(connection: sa.Connection, number: SubscriberId, now: datetime) -> None:
    """Put a goodbye into the outbox, for a reader who has just left."""
    person = subscribers.find_by_id(connection, number)
    if person is not None:
        mail = QueuedMail(
            id=MailId(0),
            kind=MailKind.goodbye,
            email=person.email,
            language=person.language,
            created=now,
        )
        outbox.put(connection, mail)
