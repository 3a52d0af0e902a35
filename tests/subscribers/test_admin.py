"""What staff do with one address: what they are told, and what they can't do."""

from datetime import timedelta

import pytest

from newsletter.domain.subscriber import (
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    SuppressionReason,
)
from newsletter.errors import AddressError, ListError
from newsletter.store import subscribers, suppressions
from newsletter.subscribers import admin, suppression
from tests.subscribers.conftest import START, SubscriberList, make_keyed_hash

ANNA = "anna@example.org"


def add(subscriber_list: SubscriberList, email: str = ANNA, **said: object) -> bool:
    """Add somebody a day after everything else."""
    details = admin.SubscriberDetails(email=email, **said)  # type: ignore[arg-type]
    with subscriber_list.database.begin() as connection:
        return admin.add(connection, details, START + timedelta(days=1), make_keyed_hash)


def suppress(subscriber_list: SubscriberList, key: str, reason: SuppressionReason) -> None:
    """Take an address off."""
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, key, reason, START)


@pytest.mark.parametrize(
    ("key", "reason", "consent", "english", "swedish"),
    [
        (ANNA, SuppressionReason.unsubscribed, "", "say how: --consent TEXT",
         "ange hur: --consent TEXT"),
        (ANNA, SuppressionReason.bounced, "", "since 2026-12-01 (bounced)",
         "sedan 2026-12-01 (bounced)"),
        (ANNA, SuppressionReason.complained, "phoned", "has reported a letter as spam (2026-12-01)",
         "anmält ett brev som skräppost"),
        (make_keyed_hash(ANNA), SuppressionReason.erased, "phoned",
         "can only sign up herself", "Bara personen själv kan anmäla sig igen"),
        ("@example.org", SuppressionReason.manual, "phoned", "all of @example.org is blocked",
         "@example.org"),
    ],
    ids=["unsubscribed", "bounced", "complained", "erased", "domain"],
)  # fmt: skip
def test_why_somebody_stays_off(
    subscriber_list: SubscriberList,
    key: str,
    reason: SuppressionReason,
    consent: str,
    english: str,
    swedish: str,
) -> None:
    """One sentence with what can be done; nothing is written."""
    suppress(subscriber_list, key, reason)
    before = subscriber_list.dump_database()
    with pytest.raises(ListError) as raised:
        add(subscriber_list, consent=consent)
    assert english in raised.value.translate("en")
    assert swedish in raised.value.translate("sv")
    assert subscriber_list.dump_database() == before


@pytest.mark.parametrize(
    "reason", [reason for reason in SuppressionReason if reason.allows_staff_consent]
)
@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
def test_a_new_consent_brings_back(
    subscriber_list: SubscriberList, reason: SuppressionReason, is_known: bool
) -> None:
    """The suppression is lifted, and the proof is kept; True where they weren't on the list."""
    if is_known:
        subscriber_list.add(Subscriber(id=SubscriberId(0), email=ANNA, created=START))
    suppress(subscriber_list, ANNA, reason)
    assert add(subscriber_list, consent="phoned on 2 December", actor="maria") is not is_known
    with subscriber_list.database.read() as connection:
        record = admin.get_address_record(connection, ANNA)
    assert (record.status, record.suppression) == (SubscriberStatus.active, None)
    (proof,) = record.consents
    assert (proof.wording, proof.actor, proof.at) == (
        "phoned on 2 December", "maria", START + timedelta(days=1),
    )  # fmt: skip


def test_what_is_known_is_completed(subscriber_list: SubscriberList) -> None:
    """What isn't said stays; tags are added; no proof is made up."""
    anna = subscriber_list.add(
        Subscriber(
            id=SubscriberId(0), email=ANNA, name="Anna", language="sv", tags=("press",),
            fields={"Ort": "Umeå"}, created=START,
        )
    )  # fmt: skip
    assert not add(subscriber_list, name="Anna Lind", tags=("PRESS", "kultur"))
    known = subscriber_list.read_subscribers()[ANNA]
    assert (known.name, known.language, known.tags, known.fields) == (
        "Anna Lind", "sv", ("press", "kultur"), {"Ort": "Umeå"},
    )  # fmt: skip
    with subscriber_list.database.read() as connection:
        assert list(subscribers.list_consents(connection, anna.id)) == []


def test_a_sign_up_that_waits_is_completed(subscriber_list: SubscriberList) -> None:
    """Staff say that the person is on the list: then they are, with the staff's proof."""
    subscriber_list.add(
        Subscriber(id=SubscriberId(0), email=ANNA, status=SubscriberStatus.pending, created=START)
    )
    assert not add(subscriber_list)
    assert subscriber_list.read_subscribers()[ANNA].status is SubscriberStatus.active


@pytest.mark.parametrize("reason", [None, *SuppressionReason])
def test_a_record_says_how_an_address_stands(
    subscriber_list: SubscriberList, reason: SuppressionReason | None
) -> None:
    """The suppression decides, whatever the subscriber's own row says."""
    if reason is not None:
        suppress(subscriber_list, ANNA, reason)
    anna = subscriber_list.add(Subscriber(id=SubscriberId(0), email=ANNA, created=START))
    with subscriber_list.database.read() as connection:
        record = admin.get_address_record(connection, " ANNA@example.org ")
    assert record.status is (reason.status if reason else SubscriberStatus.active)
    assert (record.email, record.suppression is None) == (ANNA, reason is None)
    assert record.subscriber is not None
    assert record.subscriber.id == anna.id


def test_who_is_not_there(subscriber_list: SubscriberList) -> None:
    """With the command that helps on."""
    with subscriber_list.database.begin() as connection:
        with pytest.raises(ListError, match="newsletter subscribers list") as raised:
            admin.get_address_record(connection, ANNA)
        assert "finns inte på listan" in raised.value.translate("sv")
        with pytest.raises(ListError, match=f"newsletter subscribers suppress {ANNA}"):
            admin.unsubscribe(connection, ANNA, START)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (" Anna@Example.ORG ", ANNA),
        ("@Example.ORG", "@example.org"),
        ("@räksmörgås.example", "@xn--rksmrgs-5wao1o.example"),
    ],
)
def test_addresses_and_domains_are_blocked(
    subscriber_list: SubscriberList, typed: str, key: str
) -> None:
    """In any spelling; once is enough."""
    with subscriber_list.database.begin() as connection:
        assert admin.suppress(connection, typed, START)
        assert not admin.suppress(connection, typed, START)
        found = suppressions.find_suppression(connection, key)
    assert found is not None
    assert found.reason is SuppressionReason.manual


@pytest.mark.parametrize("typed", ["", "@", "anna", "@exa mple", "@a@b"])
def test_what_is_no_address_is_not_blocked(subscriber_list: SubscriberList, typed: str) -> None:
    """A slip must not block half of the world."""
    with subscriber_list.database.begin() as connection:
        with pytest.raises(AddressError):
            admin.suppress(connection, typed, START)
        assert suppressions.count_by_reason(connection) == {}


def test_erasing_says_whether_anything_was_kept(subscriber_list: SubscriberList) -> None:
    """In any spelling of the address."""
    subscriber_list.add(Subscriber(id=SubscriberId(0), email=ANNA, created=START))
    with subscriber_list.database.begin() as connection:
        assert admin.erase(connection, "ANNA@example.org", START, make_keyed_hash)
        assert not admin.erase(connection, ANNA, START, make_keyed_hash)
    assert subscriber_list.read_subscribers() == {}
