"""Sign up by a page or the API (double opt-in): ask, get a mail, press a button.

    request_signup:  rate limits | pending confirmation | a mail waits
    confirm_signup:  pending confirmation | consent | on the list | welcome

Until it is confirmed nobody is on the list.

Whoever asks learns nothing of who is on the list: an address that is known, unknown or never to be
written to gets the same rows written, and the same answer after the same time.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

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
    union_tags,
)
from newsletter.mail.address import get_domain, parse_address
from newsletter.store import address_status, confirmations, subscribers, suppressions
from newsletter.store.address_status import AddressStatus
from newsletter.subscribers import consent, rate_limits, suppression
from newsletter.subscribers.transactional_mails import queue_mail

#: What a confirmed mail is called among the proofs of consent.
CONFIRMED_CONSENT_SOURCE = "confirmed by mail"


class SignUpResult(StrEnum):
    """What became of a sign-up."""

    #: A mail is on its way, or was within the last day; or none may go there. Nobody is told which.
    accepted = "taken"
    #: Too many from this client or for this domain.
    too_many = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRequest:
    """What a person says who wants the newsletter."""

    email: str
    name: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    #: The words that they say yes to, and where.
    wording: str = ""
    source: str = "form"


def request_signup(
    connection: sa.Connection,
    sign_up_request: SignUpRequest,
    keyed_hash: KeyedHash,
    now: datetime,
    *,
    client_address: str = "",
) -> SignUpResult:
    """Take a sign-up: a confirmation will go to its address (double opt-in).

    `client_address` is the network address of who asks; "" counts for none. Raises AddressError
    where `email` is none.
    """
    address = parse_address(sign_up_request.email)
    domain = get_domain(address.key)
    if client_address and rate_limits.SIGNUPS_PER_CLIENT.hit(
        connection, keyed_hash(client_address), now
    ):
        return SignUpResult.too_many
    if rate_limits.SIGNUPS_PER_DOMAIN.hit(connection, keyed_hash(domain), now):
        return SignUpResult.too_many
    if rate_limits.CONFIRMATIONS_PER_ADDRESS.hit(connection, keyed_hash(address.key), now):
        return SignUpResult.accepted
    known = address_status.get_address_status(connection, address.key, domain)
    confirmation = PendingConfirmation(
        id=ConfirmationId(0),
        kind=ConfirmationKind.sign_up,
        email=address.email,
        key=address.key,
        name=sign_up_request.name,
        language=sign_up_request.language,
        tags=sign_up_request.tags,
        wording=sign_up_request.wording,
        source=sign_up_request.source,
        created=now,
    )
    queue_mail(
        connection,
        _choose_mail_kind(known),
        _to_subscriber(confirmation),
        now,
        confirmation=confirmations.add(connection, confirmation),
        about=known.subscriber,
    )
    return SignUpResult.accepted


def _choose_mail_kind(address_status: AddressStatus) -> MailKind:
    if is_blocked(address_status):
        return MailKind.decoy
    if address_status.status is SubscriberStatus.active and address_status.reason is None:
        return MailKind.already_subscribed
    return MailKind.confirm


def is_blocked(address_status: AddressStatus) -> bool:
    """Return True if nothing may be sent to an address, whoever asks for it."""
    reason = address_status.reason
    return address_status.domain_blocked or (reason is not None and reason.blocks_signup)


def confirm_signup(
    connection: sa.Connection,
    confirmation: PendingConfirmation,
    keyed_hash: KeyedHash,
    now: datetime,
    *,
    send_welcome: bool = False,
) -> SubscriberId | None:
    """Complete a sign-up: consent is kept, and the person is on the list.

    Returns who; None where they aren't on it.

    A link works once, and for 48 hours; pressed again it says how things stand.
    """
    known = subscribers.find_by_key(connection, confirmation.key)
    was_active = known is not None and known.status is SubscriberStatus.active
    if not confirmation.is_pending(now):
        completed = confirmation.completed_at is not None
        return known.id if known is not None and was_active and completed else None
    domain = get_domain(confirmation.key)
    if is_blocked(address_status.get_address_status(connection, confirmation.key, domain)):
        return None
    asked = Consent(
        at=confirmation.created, source=confirmation.source, wording=confirmation.wording
    )
    suppressions.lift(connection, keyed_hash(confirmation.key))
    subscriber_id = _subscribe(connection, confirmation, known, asked, now)
    subscribers.add_consent(
        connection, subscriber_id, Consent(at=now, source=CONFIRMED_CONSENT_SOURCE)
    )
    confirmations.complete(connection, confirmation.id, subscriber_id, now)
    if send_welcome and not was_active:
        to = _to_subscriber(confirmation)
        queue_mail(connection, MailKind.welcome, to, now, about=subscriber_id)
    return subscriber_id


def _to_subscriber(confirmation: PendingConfirmation) -> Subscriber:
    """Return the subscriber whom a sign-up makes, without an id."""
    return Subscriber(
        id=SubscriberId(0),
        email=confirmation.email,
        name=confirmation.name,
        language=confirmation.language,
        tags=confirmation.tags,
    )


def _subscribe(
    connection: sa.Connection,
    confirmation: PendingConfirmation,
    subscriber: Subscriber | None,
    proof: Consent,
    now: datetime,
) -> SubscriberId:
    if subscriber is None:
        suppressions.lift(connection, confirmation.key)
        new = replace(_to_subscriber(confirmation), created=now)
        return consent.add_with_consent(connection, new, confirmation.key, proof)
    merged = replace(
        subscriber,
        name=subscriber.name or confirmation.name,
        language=confirmation.language or subscriber.language,
        tags=union_tags(subscriber.tags, confirmation.tags),
        paused_until=None,
    )
    suppression.resubscribe(connection, merged, confirmation.key, proof)
    return subscriber.id
