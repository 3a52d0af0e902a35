"""What staff do with one address: add it, look at it, take it off."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.subscriber import (
    Consent,
    KeyedHash,
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    Suppression,
    SuppressionReason,
    union_tags,
)
from newsletter.errors import ListError
from newsletter.mail.address import get_domain, parse_address
from newsletter.store import subscribers, suppressions
from newsletter.subscribers import consent, erasure, suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberDetails:
    """What staff say of a person."""

    email: str
    name: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    #: How they asked for the newsletter, in words: brings a person back who had left.
    consent: str = ""
    #: Who of the staff says it.
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRecord:
    """All that is kept of an address."""

    email: str
    status: SubscriberStatus
    subscriber: Subscriber | None
    suppression: Suppression | None
    consents: tuple[Consent, ...] = ()


def add(
    connection: sa.Connection,
    details: SubscriberDetails,
    now: datetime,
    keyed_hash: KeyedHash,
) -> bool:
    """Add a person, or what is new of them; return True if they are new.

    Raises AddressError, and ListError where they have left, were blocked with all of their domain,
    or erased, and no consent is given.
    """
    address = parse_address(details.email)
    found = subscribers.find_by_key(connection, address.key)
    blocked = suppression.find_any_suppression(connection, address.key, keyed_hash)
    if blocked is not None and not _can_resubscribe(blocked, details):
        raise _build_suppressed_error(address.email, blocked)
    given = consent.build_staff_consent(details.consent, now, actor=details.actor)
    if found is None:
        suppressions.lift(connection, address.key)
        new = Subscriber(
            id=SubscriberId(0),
            email=address.email,
            name=details.name,
            language=details.language,
            tags=details.tags,
            created=now,
        )
        consent.add_with_consent(connection, new, address.key, given)
        return True
    merged = replace(
        found,
        name=details.name or found.name,
        language=details.language or found.language,
        tags=union_tags(found.tags, details.tags),
    )
    if details.consent or (found.status is not SubscriberStatus.active and blocked is None):
        suppression.resubscribe(connection, merged, address.key, given)
    else:
        subscribers.update(connection, merged)
    return False


def get_address_record(connection: sa.Connection, email: str) -> AddressRecord:
    """Return all that is kept of an address.

    Raises AddressError, and ListError where nothing is.
    """
    address = parse_address(email)
    found = subscribers.find_by_key(connection, address.key)
    blocked = suppressions.find_suppression(connection, address.key)
    if found is None and (blocked is None or blocked.reason is SuppressionReason.erased):
        raise ListError(
            "{email} isn't on the list. Look for it with: newsletter subscribers list",
            email=address.email,
        )
    proofs = tuple(subscribers.list_consents(connection, found.id)) if found is not None else ()
    status = found.status if found is not None else SubscriberStatus.active
    if blocked is not None:
        status = blocked.reason.status
    return AddressRecord(
        email=found.email if found else address.email,
        status=status,
        subscriber=found,
        suppression=blocked,
        consents=proofs,
    )


def unsubscribe(connection: sa.Connection, email: str, now: datetime) -> bool:
    """Take a subscriber off who has asked staff for it; return True if anything changed.

    Raises AddressError, ListError.
    """
    address = parse_address(email)
    found = subscribers.find_by_key(connection, address.key)
    if found is None:
        raise ListError(
            "{email} isn't on the list. To keep it out of lists to come: newsletter subscribers"
            " suppress {email}",
            email=address.email,
        )
    return suppression.unsubscribe(connection, found.id, now)


def suppress(
    connection: sa.Connection,
    email: str,
    now: datetime,
    reason: SuppressionReason = SuppressionReason.manual,
) -> bool:
    """See to it that an address, or with "@example.org" all of a domain, is never mailed.

    On the list or not. Returns True if anything changed. Raises AddressError.
    """
    text = email.strip()
    key = (
        f"@{get_domain(parse_address(f'a{text}').key)}"
        if text.startswith("@")
        else parse_address(text).key
    )
    return suppression.suppress(connection, key, reason, now)


def erase(connection: sa.Connection, email: str, now: datetime, keyed_hash: KeyedHash) -> bool:
    """Forget a person; return True if anything was kept of them. Raises AddressError."""
    return erasure.erase(connection, parse_address(email).key, keyed_hash, now)


def _can_resubscribe(suppression_found: Suppression, details: SubscriberDetails) -> bool:
    of_domain = suppression_found.key.startswith("@")
    return bool(details.consent) and suppression_found.reason.allows_staff_consent and not of_domain


def _build_suppressed_error(email: str, suppression_found: Suppression) -> ListError:
    if suppression_found.key.startswith("@"):
        return ListError(
            "{email} stays off the list: all of {domain} is blocked.",
            email=email,
            domain=suppression_found.key,
        )
    if suppression_found.reason is SuppressionReason.complained:
        return ListError(
            "{email} has reported a letter as spam ({day}) and stays off the list.",
            email=email,
            day=suppression_found.at.date(),
        )
    if suppression_found.reason is SuppressionReason.erased:
        return ListError(
            "{email} has been erased and stays off the list: the person can only sign up herself.",
            email=email,
        )
    return ListError(
        "{email} is off the list since {day} ({reason}). If the person has asked for the letter"
        " again, say how: --consent TEXT",
        email=email,
        day=suppression_found.at.date(),
        reason=suppression_found.reason.value,
    )
