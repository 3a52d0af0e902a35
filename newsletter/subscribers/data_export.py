"""All that is kept of a person, as she may ask for it (GDPR, articles 15 and 20)."""

from typing import Any

import sqlalchemy as sa

from newsletter.mail.address import get_domain, parse_address
from newsletter.store import anonymise, confirmations, subscribers, suppressions
from newsletter.subscribers.exporting import subscriber_to_dict
from newsletter.subscribers.signup import KeyedHash


def export_personal_data(
    connection: sa.Connection, email: str, keyed_hash: KeyedHash
) -> dict[str, Any]:
    """Return all that is kept of an address as a value for JSON; the keys are a contract.

    Raises AddressError.
    """
    address = parse_address(email)
    person = subscribers.find_by_key(connection, address.key)
    blocked = suppressions.find_suppression(
        connection, address.key
    ) or suppressions.find_suppression(connection, keyed_hash(address.key))
    domain = suppressions.find_suppression(connection, f"@{get_domain(address.key)}")
    asked = confirmations.list_for_address(connection, address.key)
    asked += (
        [
            one
            for one in confirmations.list_for_subscriber(connection, person.id)
            if one.key != address.key
        ]
        if person
        else []
    )
    value: dict[str, Any] = (
        subscriber_to_dict(person) if person is not None else {"email": address.email}
    )
    value["paused_until"] = (
        person.paused_until.isoformat() if person and person.paused_until else None
    )
    value["consents"] = [
        {
            "at": proof.at.isoformat(),
            "source": proof.source,
            "wording": proof.wording,
            "actor": proof.actor,
        }
        for proof in (subscribers.list_consents(connection, person.id) if person else ())
    ]
    value["suppression"] = (
        {"reason": blocked.reason.value, "at": blocked.at.isoformat()} if blocked else None
    )
    value["domain_blocked"] = domain is not None
    value["requests"] = [
        {
            "kind": one.kind.value,
            "email": one.email,
            "source": one.source,
            "at": one.created.isoformat(),
            "confirmed": one.completed_at is not None,
        }
        for one in asked
    ]
    value["letters"] = anonymise.list_deliveries(connection, person.id) if person else []
    return value
