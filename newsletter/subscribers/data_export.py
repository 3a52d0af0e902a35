"""All that is kept of a person, as they may ask for it (GDPR, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from newsletter.domain.confirmation import PendingConfirmation
from newsletter.domain.subscriber import Consent, KeyedHash, Subscriber, Suppression
from newsletter.mail.address import EmailAddress, get_domain, parse_address
from newsletter.store import anonymise, confirmations, subscribers, suppressions
from newsletter.subscribers.exporting import subscriber_to_dict


def export_personal_data(
    connection: sa.Connection, email: str, keyed_hash: KeyedHash
) -> dict[str, Any]:
    """Return all that is kept of an address as a value for JSON; the keys are a contract.

    Raises AddressError.
    """
    address = parse_address(email)
    person = subscribers.find_by_key(connection, address.key)
    suppression = suppressions.find_suppression(
        connection, address.key
    ) or suppressions.find_suppression(connection, keyed_hash(address.key))
    domain = suppressions.find_suppression(connection, f"@{get_domain(address.key)}")
    consents = subscribers.list_consents(connection, person.id) if person is not None else ()
    paused_until = person.paused_until if person is not None else None
    asked = _list_confirmations(connection, address, person)
    return {
        **(subscriber_to_dict(person) if person is not None else {"email": address.email}),
        "paused_until": paused_until.isoformat() if paused_until is not None else None,
        "consents": _consents_to_list(consents),
        "suppression": _suppression_to_dict(suppression),
        "domain_blocked": domain is not None,
        "requests": [_confirmation_to_dict(one) for one in asked],
        "letters": anonymise.list_deliveries(connection, person.id) if person is not None else [],
    }


def _list_confirmations(
    connection: sa.Connection, address: EmailAddress, person: Subscriber | None
) -> list[PendingConfirmation]:
    """Return what was asked for with an address, and by the person for another address."""
    asked = confirmations.list_for_address(connection, address.key)
    if person is None:
        return asked
    by_person = confirmations.list_for_subscriber(connection, person.id)
    return asked + [one for one in by_person if one.key != address.key]


def _consents_to_list(consents: Iterable[Consent]) -> list[dict[str, Any]]:
    """Return proofs of consent as values for JSON."""
    return [
        {
            "at": consent.at.isoformat(),
            "source": consent.source,
            "wording": consent.wording,
            "actor": consent.actor,
        }
        for consent in consents
    ]


def _suppression_to_dict(suppression: Suppression | None) -> dict[str, Any] | None:
    if suppression is None:
        return None
    return {"reason": suppression.reason.value, "at": suppression.at.isoformat()}


def _confirmation_to_dict(confirmation: PendingConfirmation) -> dict[str, Any]:
    return {
        "kind": confirmation.kind.value,
        "email": confirmation.email,
        "source": confirmation.source,
        "at": confirmation.created.isoformat(),
        "confirmed": confirmation.completed_at is not None,
    }
