"""All that is kept of a person, as JSON: its keys are a contract."""

import json
from datetime import timedelta
from typing import Any

import pytest

from newsletter.domain.subscriber import (
    Consent,
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    SuppressionReason,
)
from newsletter.errors import AddressError
from newsletter.store import confirmations, subscribers
from newsletter.subscribers import suppression
from newsletter.subscribers.data_export import export_personal_data
from newsletter.subscribers.preferences import request_address_change
from newsletter.subscribers.signup import SignUpRequest, confirm_signup, request_signup
from tests.subscribers.conftest import START, SubscriberList, make_keyed_hash

ANNA = "anna@example.org"
NOTHING: dict[str, Any] = {
    "paused_until": None,
    "consents": [],
    "suppression": None,
    "domain_blocked": False,
    "requests": [],
    "letters": [],
}


def export(subscriber_list: SubscriberList, email: str = ANNA) -> dict[str, Any]:
    """Return what is kept, as a program reads it."""
    with subscriber_list.database.read() as connection:
        found = export_personal_data(connection, email, make_keyed_hash)
    read: dict[str, Any] = json.loads(json.dumps(found))
    assert read == found
    return read


def test_where_nothing_is_kept(subscriber_list: SubscriberList) -> None:
    """Every key but those of a subscriber is there; looking leaves no trace."""
    before = subscriber_list.dump_database()
    assert export(subscriber_list, "Anna@Example.org") == {"email": "Anna@example.org", **NOTHING}
    assert subscriber_list.dump_database() == before


def test_a_subscriber_with_all_that_is_known(subscriber_list: SubscriberList) -> None:
    """With their proofs of consent, oldest first, and who of the staff wrote them."""
    anna = subscriber_list.add(
        Subscriber(
            id=SubscriberId(0), email=ANNA, name="Anna Lind", language="sv", tags=("press", "vip"),
            fields={"Ort": "Umeå"}, created=START, paused_until=START + timedelta(days=30),
        )
    )  # fmt: skip
    proofs = [
        Consent(at=START, source="import list.csv", wording="Ja, tack!", actor="maria"),
        Consent(at=START + timedelta(hours=1), source="form"),
    ]
    with subscriber_list.database.begin() as connection:
        for proof in proofs:
            subscribers.add_consent(connection, anna.id, proof)
    assert export(subscriber_list) == {
        **NOTHING,
        "email": ANNA,
        "name": "Anna Lind",
        "language": "sv",
        "tags": ["press", "vip"],
        "status": "active",
        "fields": {"Ort": "Umeå"},
        "created": "2026-12-01T08:00:00+00:00",
        "paused_until": "2026-12-31T08:00:00+00:00",
        "consents": [
            {
                "at": "2026-12-01T08:00:00+00:00",
                "source": "import list.csv",
                "wording": "Ja, tack!",
                "actor": "maria",
            },
            {"at": "2026-12-01T09:00:00+00:00", "source": "form", "wording": "", "actor": ""},
        ],
    }


@pytest.mark.parametrize("reason", SuppressionReason)
@pytest.mark.parametrize("is_hashed", [False, True], ids=["in plain", "hashed"])
def test_a_suppression_is_shown(
    subscriber_list: SubscriberList, reason: SuppressionReason, is_hashed: bool
) -> None:
    """Its reason and its time; also that of somebody who was erased."""
    key = make_keyed_hash(ANNA) if is_hashed else ANNA
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, key, reason, START)
    assert export(subscriber_list) == {
        **NOTHING,
        "email": ANNA,
        "suppression": {"reason": reason.value, "at": "2026-12-01T08:00:00+00:00"},
    }


def test_a_blocked_domain_is_shown(subscriber_list: SubscriberList) -> None:
    """And that of another one isn't."""
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, "@example.org", SuppressionReason.manual, START)
    assert export(subscriber_list)["domain_blocked"] is True
    assert export(subscriber_list, "anna@sub.example.org")["domain_blocked"] is False


def test_a_sign_up_is_shown_before_and_after(subscriber_list: SubscriberList) -> None:
    """Once, with when it was and whether it was confirmed."""
    with subscriber_list.database.begin() as connection:
        request_signup(connection, SignUpRequest(email=ANNA, source="api"), make_keyed_hash, START)
    waiting = {
        "kind": "sign_up",
        "email": ANNA,
        "source": "api",
        "at": "2026-12-01T08:00:00+00:00",
        "confirmed": False,
    }
    assert export(subscriber_list) == {**NOTHING, "email": ANNA, "requests": [waiting]}
    with subscriber_list.database.begin() as connection:
        (pending,) = confirmations.list_for_address(connection, ANNA)
        confirm_signup(connection, pending, make_keyed_hash, START)
    after = export(subscriber_list)
    assert after["requests"] == [{**waiting, "confirmed": True}]
    assert [proof["source"] for proof in after["consents"]] == ["api", "confirmed by mail"]
    assert after["status"] == SubscriberStatus.active


def test_a_change_of_address_is_shown_to_both(subscriber_list: SubscriberList) -> None:
    """To who asked, under their old address, and to whose the new one is; only the request."""
    anna = subscriber_list.add(Subscriber(id=SubscriberId(0), email=ANNA, created=START))
    with subscriber_list.database.begin() as connection:
        request_address_change(connection, anna, "lind@new.example", make_keyed_hash, START)
    old, new = export(subscriber_list), export(subscriber_list, "lind@new.example")
    assert old["requests"] == new["requests"]
    assert [one["kind"] for one in old["requests"]] == ["move"]
    assert "name" not in new


def test_nothing_of_anybody_else_is_shown(subscriber_list: SubscriberList) -> None:
    """Though they share a domain, a name and a list."""
    subscriber_list.import_text(f"email,name\n{ANNA},Anna\nbo@example.org,Bo Okänd\n")
    with subscriber_list.database.begin() as connection:
        request_signup(connection, SignUpRequest(email="c@example.org"), make_keyed_hash, START)
    shown = json.dumps(export(subscriber_list))
    assert "Bo" not in shown
    assert "c@example.org" not in shown


@pytest.mark.parametrize("email", ["", "anna", "@example.org"])
def test_what_is_no_address_is_told(subscriber_list: SubscriberList, email: str) -> None:
    """A whole domain isn't a person."""
    with pytest.raises(AddressError):
        export(subscriber_list, email)
