"""Who said yes, when, and how."""

from pathlib import Path

import pytest

from newsletter.domain.subscriber import Consent, Subscriber, SubscriberId
from newsletter.store import subscribers
from newsletter.subscribers.consent import (
    add_with_consent,
    build_import_consent,
    build_staff_consent,
)
from tests.subscribers.conftest import START, SubscriberList


@pytest.mark.parametrize(
    "path", ["list.csv", "/home/maria/private/list.csv", "../list.csv"], ids=["name", "abs", "rel"]
)
def test_an_import_is_named_by_its_file_alone(path: str) -> None:
    """Where it lay on somebody's disk is no proof, and nobody's business."""
    proof = build_import_consent(Path(path), START, wording="Ja!", actor="maria")
    assert proof == Consent(at=START, source="import list.csv", wording="Ja!", actor="maria")


def test_staff_say_how_somebody_asked() -> None:
    """And who of them says it."""
    assert build_staff_consent("phoned", START, actor="maria") == Consent(
        at=START, source="staff", wording="phoned", actor="maria"
    )


def test_subscriber_and_proof_are_written_together(subscriber_list: SubscriberList) -> None:
    """The id that they got is the proof's."""
    new = Subscriber(id=SubscriberId(0), email="Anna@example.org", name="Anna", created=START)
    proof = build_staff_consent("phoned", START)
    with subscriber_list.database.begin() as connection:
        number = add_with_consent(connection, new, "anna@example.org", proof)
        assert subscribers.find_key(connection, number) == "anna@example.org"
        assert list(subscribers.list_consents(connection, number)) == [proof]
    assert list(subscriber_list.read_subscribers()) == ["Anna@example.org"]
