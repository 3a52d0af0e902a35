"""Off is off: by the reader, by staff, and for whatever reason."""

from datetime import timedelta

import pytest

from newsletter.domain.subscriber import (
    SubscriberId,
    SubscriberStatus,
    Suppression,
    SuppressionReason,
)
from newsletter.errors import AddressError, ListError
from newsletter.store import subscribers, suppressions
from newsletter.subscribers import admin, suppression
from tests.subscribers.conftest import SubscriberList, make_keyed_hash

REASONS = list(SuppressionReason)


def test_every_reason_has_a_status() -> None:
    """And none of them gets mail."""
    statuses = {reason: reason.status for reason in SuppressionReason}
    assert set(statuses) == set(SuppressionReason)
    assert not {SubscriberStatus.active, SubscriberStatus.pending} & set(statuses.values())
    assert all(status.is_suppressed for status in statuses.values())


@pytest.mark.parametrize("first", REASONS)
@pytest.mark.parametrize("second", REASONS)
def test_the_stronger_reason_stays(
    subscriber_list: SubscriberList, first: SuppressionReason, second: SuppressionReason
) -> None:
    """A person's own no outlives a bounce, a complaint outlives both.

    In whatever order they come.
    """
    order = ["bounced", "unsubscribed", "manual", "complained", "erased"]
    subscriber_list.import_text("email\na@example.org\n")
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, "a@example.org", first, subscriber_list.now)
        changed = suppression.suppress(
            connection, "a@example.org", second, subscriber_list.now + timedelta(days=1)
        )
        found = suppressions.find_suppression(connection, "a@example.org")
    strongest = max(first, second, key=order.index)
    assert found == Suppression(
        key="a@example.org", reason=strongest, at=subscriber_list.now + timedelta(days=changed)
    )
    assert changed is (order.index(second) > order.index(first))
    assert subscriber_list.read_subscribers()["a@example.org"].status is strongest.status


def test_unsubscribing_somebody_who_is_not_there(subscriber_list: SubscriberList) -> None:
    """An erased reader's link changes nothing and breaks nothing."""
    with subscriber_list.database.begin() as connection:
        assert not suppression.unsubscribe(connection, SubscriberId(9), subscriber_list.now)
        assert not suppression.undo_unsubscribe(connection, SubscriberId(9), subscriber_list.now)


def test_staff_add_show_and_take_off(subscriber_list: SubscriberList) -> None:
    """One address at a time, in any spelling, with the proof of who said yes."""
    with subscriber_list.database.begin() as connection:
        assert admin.add(
            connection,
            admin.SubscriberDetails(email="Anna@Example.org", name="Anna", tags=("press",)),
            subscriber_list.now,
            make_keyed_hash,
        )
        assert not admin.add(
            connection,
            admin.SubscriberDetails(
                email="anna@example.ORG", language="sv", tags=("Press", "kultur")
            ),
            subscriber_list.now,
            make_keyed_hash,
        )
        known = admin.get_address_record(connection, "ANNA@example.org")
        assert known.subscriber is not None
        assert (known.email, known.subscriber.name, known.subscriber.tags) == (
            "Anna@example.org",
            "Anna",
            ("press", "kultur"),
        )
        assert [proof.source for proof in known.consents] == ["staff"]
        assert admin.unsubscribe(connection, "anna@example.org", subscriber_list.now)
        assert not admin.unsubscribe(connection, "anna@example.org", subscriber_list.now)
        assert (
            admin.get_address_record(connection, "anna@example.org").status
            is SubscriberStatus.unsubscribed
        )


def test_staff_bring_back_only_with_the_persons_word(subscriber_list: SubscriberList) -> None:
    """Unsubscribed: not without a proof. Complained or erased: not at all."""
    subscriber_list.import_text("email\na@example.org\nb@example.org\n")
    with subscriber_list.database.begin() as connection:
        suppression.suppress(
            connection, "a@example.org", SuppressionReason.unsubscribed, subscriber_list.now
        )
        suppression.suppress(
            connection, "b@example.org", SuppressionReason.complained, subscriber_list.now
        )
        suppression.suppress(
            connection, "c@example.org", SuppressionReason.erased, subscriber_list.now
        )
        with pytest.raises(ListError, match="--consent"):
            admin.add(
                connection,
                admin.SubscriberDetails(email="a@example.org"),
                subscriber_list.now,
                make_keyed_hash,
            )
        for email in ("b@example.org", "c@example.org"):
            with pytest.raises(ListError):
                admin.add(
                    connection,
                    admin.SubscriberDetails(email=email, consent="ringde"),
                    subscriber_list.now,
                    make_keyed_hash,
                )
        admin.add(
            connection,
            admin.SubscriberDetails(email="a@example.org", consent="ringde 1 december"),
            subscriber_list.now,
            make_keyed_hash,
        )
        found = admin.get_address_record(connection, "a@example.org")
    assert (found.status, found.suppression) == (SubscriberStatus.active, None)
    assert [proof.wording for proof in found.consents] == ["", "ringde 1 december"]


def test_staff_block_an_address_that_isnt_on_the_list(subscriber_list: SubscriberList) -> None:
    """It then is kept out of lists to come; and a list can't hide it."""
    with subscriber_list.database.begin() as connection:
        assert admin.suppress(connection, "x@example.org", subscriber_list.now)
        assert not admin.suppress(connection, "X@example.org", subscriber_list.now)
        assert (
            admin.get_address_record(connection, "x@example.org").status is SubscriberStatus.manual
        )
        with pytest.raises(ListError):
            admin.get_address_record(connection, "y@example.org")
        with pytest.raises(ListError, match="suppress"):
            admin.unsubscribe(connection, "y@example.org", subscriber_list.now)
        with pytest.raises(AddressError):
            admin.add(
                connection,
                admin.SubscriberDetails(email="a@b>\r\nRCPT TO:<x"),
                subscriber_list.now,
                make_keyed_hash,
            )
    subscriber_list.import_text("email\nx@example.org\n")
    assert subscriber_list.read_subscribers()["x@example.org"].status is SubscriberStatus.manual


def test_an_erased_address_is_not_shown(subscriber_list: SubscriberList) -> None:
    """That she once was here is nobody's business any more."""
    with subscriber_list.database.begin() as connection:
        suppression.suppress(
            connection, "x@example.org", SuppressionReason.erased, subscriber_list.now
        )
        with pytest.raises(ListError, match="isn't on the list"):
            admin.get_address_record(connection, "x@example.org")


def test_counts_are_of_all_statuses(subscriber_list: SubscriberList) -> None:
    """Those that nobody has too."""
    subscriber_list.import_text(
        "email,language,tags\na@example.org,sv,press\nb@example.org,en,press\nc@example.org,,\n"
    )
    with subscriber_list.database.begin() as connection:
        admin.unsubscribe(connection, "b@example.org", subscriber_list.now)
        assert subscribers.count_by_status(connection)[SubscriberStatus.active] == 2
        assert set(subscribers.count_by_status(connection)) == set(SubscriberStatus)
        assert subscribers.count_by_language(connection) == {"sv": 1, "": 1}
        assert subscribers.count_by_tag(connection) == {"press": 1}
        assert suppressions.count_by_reason(connection) == {"unsubscribed": 1}
