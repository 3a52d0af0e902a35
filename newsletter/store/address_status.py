"""What is known of an address, in one row whether there is anything or not.

The time that it takes tells nothing.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from newsletter.domain.subscriber import SubscriberId, SubscriberStatus, SuppressionReason
from newsletter.store.tables import subscribers, suppressions


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressStatus:
    """What is known of an address."""

    #: Whose it is, and how they stand; None where it is nobody's.
    subscriber: SubscriberId | None
    status: SubscriberStatus | None
    #: Why it is never to be mailed.
    reason: SuppressionReason | None
    #: Whether its whole domain is.
    domain_blocked: bool


def get_address_status(connection: sa.Connection, key: str, domain: str) -> AddressStatus:
    """Return what is known of an address by `mail.address.address_key`, and of its domain."""
    number, status, reason, of_domain = connection.execute(
        _build_status_query(), {"key_": key, "domain_key": f"@{domain}"}
    ).one()
    return AddressStatus(
        subscriber=SubscriberId(number) if number is not None else None,
        status=SubscriberStatus(status) if status is not None else None,
        reason=SuppressionReason(reason) if reason is not None else None,
        domain_blocked=of_domain is not None,
    )


@cache
def _build_status_query() -> sa.Select[Any]:
    def select_subscriber_column(column: sa.Column[Any]) -> Any:
        return sa.select(column).where(subscribers.c.key == sa.bindparam("key_")).scalar_subquery()

    def select_reason(key_parameter: str) -> Any:
        return (
            sa.select(suppressions.c.reason)
            .where(suppressions.c.key == sa.bindparam(key_parameter))
            .scalar_subquery()
        )

    return sa.select(
        select_subscriber_column(subscribers.c.id),
        select_subscriber_column(subscribers.c.status),
        select_reason("key_"),
        select_reason("domain_key"),
    )
