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
from newsletter.subscribers import staff, suppression
from tests.subscribers.conftest import SubscriberList

REASONS = list(SuppressionReason)


def test_every_reason_has_a_status() -> None:
    """And none of them gets mail."""
    assert set(suppression.STATUS) == set(SuppressionReason)
    assert not {SubscriberStatus.active, SubscriberStatus.pending} & set(
        suppression.STATUS.values()
    )


@pytest.mark.parametrize("first", REASONS)
@pytest.mark.parametrize("second", REASONS)
def test_the_stronger_reason_stays(
    book: SubscriberList, first: SuppressionReason, second: SuppressionReason
) -> None:
    """A person's own no outlives a bounce, a complaint outlives both.

    In whatever order they come.
    """
    order = ["bounced", "unsubscribed", "manual", "complained", "erased"]
    book.import_text("email\na@example.org\n")
    with book.database.begin() as connection:
        suppression.suppress(connection, "a@example.org", first, book.now)
        changed = suppression.suppress(
            connection, "a@example.org", second, book.now + timedelta(days=1)
        )
        found = suppressions.find_suppression(connection, "a@example.org")
    strongest = max(first, second, key=order.index)
    assert found == Suppression(
        key="a@example.org", reason=strongest, at=book.now + timedelta(days=changed)
    )
    assert changed is (order.index(second) > order.index(first))
    assert book.read_subscribers()["a@example.org"].status is suppression.STATUS[strongest]


def test_unsubscribing_somebody_who_is_not_there(book: SubscriberList) -> None:
    """An erased reader's link changes nothing and breaks nothing."""
    with book.database.begin() as connection:
        assert not suppression.unsubscribe(connection, SubscriberId(9), book.now)
        assert not suppression.undo(connection, SubscriberId(9), book.now)


def test_staff_add_show_and_take_off(book: SubscriberList) -> None:
    """One address at a time, in any spelling, with the proof of who said yes."""
    with book.database.begin() as connection:
        assert staff.add(
            connection,
            staff.Wanted(email="Anna@Example.org", name="Anna", tags=("press",)),
            book.now,
        )
        assert not staff.add(
            connection,
            staff.Wanted(email="anna@example.ORG", language="sv", tags=("Press", "kultur")),
            book.now,
        )
        known = staff.show(connection, "ANNA@example.org")
        assert known.subscriber is not None
        assert (known.email, known.subscriber.name, known.subscriber.tags) == (
            "Anna@example.org",
            "Anna",
            ("press", "kultur"),
        )
        assert [proof.source for proof in known.consents] == ["staff"]
        assert staff.unsubscribe(connection, "anna@example.org", book.now)
        assert not staff.unsubscribe(connection, "anna@example.org", book.now)
        assert staff.show(connection, "anna@example.org").status is SubscriberStatus.unsubscribed


def test_staff_bring_back_only_with_the_persons_word(book: SubscriberList) -> None:
    """Unsubscribed: not without a proof. Complained or erased: not at all."""
    book.import_text("email\na@example.org\nb@example.org\n")
    with book.database.begin() as connection:
        suppression.suppress(connection, "a@example.org", SuppressionReason.unsubscribed, book.now)
        suppression.suppress(connection, "b@example.org", SuppressionReason.complained, book.now)
        suppression.suppress(connection, "c@example.org", SuppressionReason.erased, book.now)
        with pytest.raises(ListError, match="--consent"):
            staff.add(connection, staff.Wanted(email="a@example.org"), book.now)
        for email in ("b@example.org", "c@example.org"):
            with pytest.raises(ListError):
                staff.add(connection, staff.Wanted(email=email, consent="ringde"), book.now)
        staff.add(
            connection, staff.Wanted(email="a@example.org", consent="ringde 1 december"), book.now
        )
        found = staff.show(connection, "a@example.org")
    assert (found.status, found.suppression) == (SubscriberStatus.active, None)
    assert [proof.wording for proof in found.consents] == ["", "ringde 1 december"]


def test_staff_block_an_address_that_isnt_on_the_list(book: SubscriberList) -> None:
    """It then is kept out of lists to come; and a list can't hide it."""
    with book.database.begin() as connection:
        assert staff.suppress(connection, "x@example.org", book.now)
        assert not staff.suppress(connection, "X@example.org", book.now)
        assert staff.show(connection, "x@example.org").status is SubscriberStatus.manual
        with pytest.raises(ListError):
            staff.show(connection, "y@example.org")
        with pytest.raises(ListError, match="suppress"):
            staff.unsubscribe(connection, "y@example.org", book.now)
        with pytest.raises(AddressError):
            staff.add(connection, staff.Wanted(email="a@b>\r\nRCPT TO:<x"), book.now)
    book.import_text("email\nx@example.org\n")
    assert book.read_subscribers()["x@example.org"].status is SubscriberStatus.manual


def test_an_erased_address_is_not_shown(book: SubscriberList) -> None:
    """That she once was here is nobody's business any more."""
    with book.database.begin() as connection:
        suppression.suppress(connection, "x@example.org", SuppressionReason.erased, book.now)
        with pytest.raises(ListError, match="isn't on the list"):
            staff.show(connection, "x@example.org")


def test_counts_are_of_all_statuses(book: SubscriberList) -> None:
    """Those that nobody has too."""
    book.import_text(
        "email,language,tags\na@example.org,sv,press\nb@example.org,en,press\nc@example.org,,\n"
    )
    with book.database.begin() as connection:
        staff.unsubscribe(connection, "b@example.org", book.now)
        assert subscribers.count_by_status(connection)[SubscriberStatus.active] == 2
        assert set(subscribers.count_by_status(connection)) == set(SubscriberStatus)
        assert subscribers.count_by_language(connection) == {"sv": 1, "": 1}
        assert subscribers.count_by_tag(connection) == {"press": 1}
        assert suppressions.count_by_reason(connection) == {"unsubscribed": 1}
