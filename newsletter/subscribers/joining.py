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

from newsletter.domain.request import (
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
)
from newsletter.mail.address import domain_of, parse_address
from newsletter.store import addresses, outbox, rates, requests, subscribers, suppressions
from newsletter.store.addresses import AddressStatus
from newsletter.subscribers import consent, suppression

#: Makes a keyed hash of an address's key or of a client's address (`Workspace.seal`).
Seal = Callable[[str], str]

#: An address gets one confirmation in this time.
ONE_MAIL = timedelta(hours=24)
#: Sign-ups that a domain and a client may make in an hour.
HOUR = timedelta(hours=1)
MOST_OF_DOMAIN, MOST_OF_CLIENT = 200, 20
#: What a confirmed mail is called among the proofs of consent.
CONFIRMED = "confirmed by mail"
#: Reasons that a sign-up doesn't overcome: who has complained isn't written to because a stranger
#: typed her address.
STAYS_OUT = (SuppressionReason.complained, SuppressionReason.manual)


class Asked(StrEnum):
    """What became of a sign-up."""

    #: A mail is on its way, or was within the last day; or none may go there. Nobody is told which.
    taken = "taken"
    #: Too many from this client or for this domain.
    too_many = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person says who wants the letter."""

    email: str
    name: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    #: The words that she says yes to, and where she does.
    wording: str = ""
    source: str = "form"


def ask(
    connection: sa.Connection, wish: Wish, seal: Seal, now: datetime, *, client: str = ""
) -> Asked:
    """Take a sign-up: a confirmation will go to its address.

    `client` is who asks, by its address; "" counts for none.

    Raises AddressError where the address is none.
    """
    address = parse_address(wish.email)
    if client and rates.hit(connection, f"client:{seal(client)}", now, HOUR) > MOST_OF_CLIENT:
        return Asked.too_many
    if rates.hit(connection, f"domain:{seal(domain_of(address.key))}", now, HOUR) > MOST_OF_DOMAIN:
        return Asked.too_many
    if rates.hit(connection, f"address:{seal(address.key)}", now, ONE_MAIL) > 1:
        return Asked.taken
    known = addresses.get_address_status(connection, address.key, domain_of(address.key))
    number = requests.add(
        connection,
        PendingConfirmation(
            id=ConfirmationId(0), kind=ConfirmationKind.sign_up, email=address.email, key=address.key, name=wish.name, language=wish.language,
            tags=wish.tags, wording=wish.wording, source=wish.source, created=now,
        ),
    )  # fmt: skip
    mail = QueuedMail(
        id=MailId(0), kind=_kind(known), email=address.email, language=wish.language, confirmation=number,
        subscriber=known.subscriber, created=now,
    )  # fmt: skip
    outbox.put(connection, mail)
    return Asked.taken


def _kind(known: AddressStatus) -> MailKind:
    if stays_out(known):
        return MailKind.decoy
    return (
        MailKind.already_subscribed
        if known.status is SubscriberStatus.active and known.reason is None
        else MailKind.confirm
    )


def stays_out(known: AddressStatus) -> bool:
    """Say whether nothing may be sent to an address, whoever asks for it."""
    return known.domain_blocked or known.reason in STAYS_OUT


def confirm(
    connection: sa.Connection,
    request: PendingConfirmation,
    seal: Seal,
    now: datetime,
    *,
    welcome: bool = False,
) -> SubscriberId | None:
    """Let a sign-up come true: consent is kept, and the person on the list.

    Returns who; None where she isn't.

    A link works once, and for 48 hours; pressed again it says how things stand.
    """
    known = subscribers.find_by_key(connection, request.key)
    if not request.is_pending(now):
        return (
            known.id
            if request.completed_at is not None
            and known is not None
            and known.status is SubscriberStatus.active
            else None
        )
    if stays_out(addresses.get_address_status(connection, request.key, domain_of(request.key))):
        return None
    proofs = (
        Consent(at=request.created, source=request.source, wording=request.wording),
        Consent(at=now, source=CONFIRMED),
    )
    suppressions.lift(connection, seal(request.key))
    number = _join(connection, request, known, proofs[0], now)
    subscribers.add_consent(connection, number, proofs[1])
    requests.complete(connection, request.id, number, now)
    if welcome and (known is None or known.status is not SubscriberStatus.active):
        mail = QueuedMail(
            id=MailId(0),
            kind=MailKind.welcome,
            email=request.email,
            language=request.language,
            subscriber=number,
            created=now,
        )
        outbox.put(connection, mail)
    return number


def _join(
    connection: sa.Connection,
    request: PendingConfirmation,
    known: Subscriber | None,
    proof: Consent,
    now: datetime,
) -> SubscriberId:
    if known is None:
        suppressions.lift(connection, request.key)
        new = Subscriber(
            id=SubscriberId(0),
            email=request.email,
            name=request.name,
            language=request.language,
            tags=request.tags,
            created=now,
        )
        return consent.admit(connection, new, request.key, proof)
    there = {tag.casefold() for tag in known.tags}
    merged = replace(
        known,
        name=known.name or request.name,
        language=request.language or known.language,
        tags=(*known.tags, *(tag for tag in request.tags if tag.casefold() not in there)),
        paused_until=None,
    )
    suppression.readmit(connection, merged, request.key, proof)
    return known.id
