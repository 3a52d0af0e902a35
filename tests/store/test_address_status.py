"""What is known of an address comes in one row, whether there is anything or not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.domain.subscriber import (
    Consent,
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    SuppressionReason,
)
from newsletter.store import address_status
from newsletter.store.address_status import AddressStatus
from newsletter.store.database import open_database
from newsletter.subscribers.consent import add_with_consent
from newsletter.subscribers.suppression import suppress

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ANNA = SubscriberId(1)


@pytest.mark.parametrize(
    ("key", "known"),
    [
        (
            "anna@example.org",
            AddressStatus(
                subscriber=ANNA,
                status=SubscriberStatus.complained,
                reason=SuppressionReason.complained,
                domain_blocked=False,
            ),
        ),
        (
            "bo@example.net",
            AddressStatus(subscriber=None, status=None, reason=None, domain_blocked=True),
        ),
        (
            "nobody@example.org",
            AddressStatus(subscriber=None, status=None, reason=None, domain_blocked=False),
        ),
    ],
)
def test_what_is_known(tmp_path: Path, key: str, known: AddressStatus) -> None:
    """A reader who complained, an address at a blocked domain, and nobody."""
    database = open_database(f"sqlite:///{tmp_path / 'newsletter.db'}")
    with database.begin() as connection:
        new = Subscriber(id=SubscriberId(0), email="Anna@example.org", created=NOW)
        add_with_consent(connection, new, "anna@example.org", Consent(at=NOW, source="form"))
        suppress(connection, "anna@example.org", SuppressionReason.complained, NOW)
        suppress(connection, "@example.net", SuppressionReason.manual, NOW)
        assert address_status.get_address_status(connection, key, key.partition("@")[2]) == known
    database.close()
