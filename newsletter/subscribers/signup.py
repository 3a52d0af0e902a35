"""Sign up by a page or the API: ask, get a mail, press a button. Until then nobody is on the list.

    ask:      rates | request | a mail waits                 confirm: the request | consent, on the list, welcome

Whoever asks learns nothing of who is on the list: an address that is known, unknown or never to be
written to gets the same rows written, and the same answer after the same time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from newsletter.domain.confirmation import (
    ConfirmationId,
    ConfirmationKind,
    MailId,
    MailKind,
    PendingConfirmation,
    QueuedMail,
)
from newsletter.domain.subscriber import (
    Consent,
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    SuppressionReason,
    union_tags,
)
from newsletter.mail.address import get_domain, parse_address
from newsletter.store import (
    address_status,
    confirmations,
    outbox,
    rate_counters,
    subscribers,
    suppressions,
)
from newsletter.store.address_status import AddressStatus
from newsletter.subscribers import consent, suppression

#: Makes a keyed hash of an address's key or of a client's address (`Workspace.seal`).
KeyedHash = Callable[[str], str]

#: An address gets one confirmation in this time.
CONFIRMATION_MAIL_INTERVAL = timedelta(hours=24)
#: Sign-ups that a domain and a client may make in an hour.
SIGNUP_RATE_WINDOW = timedelta(hours=1)
MAX_SIGNUPS_PER_DOMAIN, MAX_SIGNUPS_PER_CLIENT = 200, 20
#: What a confirmed mail is called among the proofs of consent.
CONFIRMED_CONSENT_SOURCE = "confirmed by mail"
#: Reasons that a sign-up doesn't overcome: who has complained isn't written to because a stranger
#: typed her address.
BLOCKING_REASONS = (SuppressionReason.complained, SuppressionReason.manual)


class SignUpResult(StrEnum):
    """What became of a sign-up."""

    #: A mail is on its way, or was within the last day; or none may go there. Nobody is told which.
    accepted = "taken"
    #: Too many from this client or for this domain.
    too_many = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRequest:
    """What a person says who wants the letter."""

    email: str
    name: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    #: The words that she says yes to, and where she does.
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
    """Take a sign-up: a confirmation will go to its address.

    `client` is who asks, by its address; "" counts for none.

    Raises AddressError where the address is none.
    """
    address = parse_address(sign_up_request.email)
    if (
        client_address
        and rate_counters.hit(
            connection, f"client:{keyed_hash(client_address)}", now, SIGNUP_RATE_WINDOW
        )
        > MAX_SIGNUPS_PER_CLIENT
    ):
        return SignUpResult.too_many
    if (
        rate_counters.hit(
            connection, f"domain:{keyed_hash(get_domain(address.key))}", now, SIGNUP_RATE_WINDOW
        )
        > MAX_SIGNUPS_PER_DOMAIN
    ):
        return SignUpResult.too_many
    if (
        rate_counters.hit(
            connection, f"address:{keyed_hash(address.key)}", now, CONFIRMATION_MAIL_INTERVAL
        )
        > 1
    ):
        return SignUpResult.accepted
    known = address_status.get_address_status(connection, address.key, get_domain(address.key))
    number = confirmations.add(
        connection,
        PendingConfirmation(
            id=ConfirmationId(0), kind=ConfirmationKind.sign_up, email=address.email, key=address.key, name=sign_up_request.name, language=sign_up_request.language,
            tags=sign_up_request.tags, wording=sign_up_request.wording, source=sign_up_request.source, created=now,
        ),
    )  # fmt: skip
    mail = QueuedMail(
        id=MailId(0), kind=_choose_mail_kind(known), email=address.email, language=sign_up_request.language, confirmation=number,
        subscriber=known.subscriber, created=now,
    )  # fmt: skip
    outbox.put(connection, mail)
    return SignUpResult.accepted


def _choose_mail_kind(address_status: AddressStatus) -> MailKind:
    if is_blocked(address_status):
        return MailKind.decoy
    return (
        MailKind.already_subscribed
        if address_status.status is SubscriberStatus.active and address_status.reason is None
        else MailKind.confirm
    )


def is_blocked(address_status: AddressStatus) -> bool:
    """Say whether nothing may be sent to an address, whoever asks for it."""
    return address_status.domain_blocked or address_status.reason in BLOCKING_REASONS


def confirm_signup(
    connection: sa.Connection,
    confirmation: PendingConfirmation,
    keyed_hash: KeyedHash,
    now: datetime,
    *,
    send_welcome: bool = False,
) -> SubscriberId | None:
    """Let a sign-up come true: consent is kept, and the person on the list.

    Returns who; None where she isn't.

    A link works once, and for 48 hours; pressed again it says how things stand.
    """
    known = subscribers.find_by_key(connection, confirmation.key)
    if not confirmation.is_pending(now):
        return (
            known.id
            if confirmation.completed_at is not None
            and known is not None
            and known.status is SubscriberStatus.active
            else None
        )
    if is_blocked(
        address_status.get_address_status(
            connection, confirmation.key, get_domain(confirmation.key)
        )
    ):
        return None
    proofs = (
        Consent(at=confirmation.created, source=confirmation.source, wording=confirmation.wording),
        Consent(at=now, source=CONFIRMED_CONSENT_SOURCE),
    )
    suppressions.lift(connection, keyed_hash(confirmation.key))
    number = _subscribe(connection, confirmation, known, proofs[0], now)
    subscribers.add_consent(connection, number, proofs[1])
    confirmations.complete(connection, confirmation.id, number, now)
    if send_welcome and (known is None or known.status is not SubscriberStatus.active):
        mail = QueuedMail(
            id=MailId(0),
            kind=MailKind.welcome,
            email=confirmation.email,
            language=confirmation.language,
            subscriber=number,
            created=now,
        )
        outbox.put(connection, mail)
    return number


def _subscribe(
    connection: sa.Connection,
    confirmation: PendingConfirmation,
    subscriber: Subscriber | None,
    proof: Consent,
    now: datetime,
) -> SubscriberId:
    if subscriber is None:
        suppressions.lift(connection, confirmation.key)
        new = Subscriber(
            id=SubscriberId(0),
            email=confirmation.email,
            name=confirmation.name,
            language=confirmation.language,
            tags=confirmation.tags,
            created=now,
        )
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
