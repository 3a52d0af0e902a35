"""Leaving as people ask, many at once, with a mail that it is done; taking it back for a day."""

from datetime import timedelta

import pytest

from newsletter.domain.confirmation import MailKind
from newsletter.domain.subscriber import (
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    Suppression,
    SuppressionReason,
)
from newsletter.store import subscribers, suppressions
from newsletter.subscribers import suppression
from tests.subscribers.conftest import START, SubscriberList, make_keyed_hash

ANNA, BO = "anna@example.org", "bo@example.org"
DAY = timedelta(days=1)
NOBODY = SubscriberId(99)


def add(subscriber_list: SubscriberList, *emails: str) -> list[SubscriberId]:
    return [
        subscriber_list.add(Subscriber(id=SubscriberId(0), email=email, created=START)).id
        for email in emails
    ]


def suppress(subscriber_list: SubscriberList, email: str, reason: SuppressionReason) -> None:
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, email, reason, START)


def read_status(subscriber_list: SubscriberList, email: str) -> SubscriberStatus:
    return subscriber_list.read_subscribers()[email].status


def test_many_leave_at_once(subscriber_list: SubscriberList) -> None:
    """Each with status, reason and time; who isn't known is left out of the answer."""
    anna, bo = add(subscriber_list, ANNA, BO)
    with subscriber_list.database.begin() as connection:
        results = suppression.unsubscribe_all(connection, [anna, bo, NOBODY], START)
        found = [suppressions.find_suppression(connection, email) for email in (ANNA, BO)]
    assert set(results) == {anna, bo}
    for number, email, stored in ((anna, ANNA, found[0]), (bo, BO, found[1])):
        result = results[number]
        assert result.changed
        assert result.suppression == stored
        assert stored == Suppression(key=email, reason=SuppressionReason.unsubscribed, at=START)
        assert result.subscriber.status is SubscriberStatus.unsubscribed
        assert read_status(subscriber_list, email) is SubscriberStatus.unsubscribed


@pytest.mark.parametrize(
    ("first", "is_changed", "status"),
    [
        (None, True, SubscriberStatus.unsubscribed),
        (SuppressionReason.bounced, True, SubscriberStatus.unsubscribed),
        (SuppressionReason.unsubscribed, False, SubscriberStatus.unsubscribed),
        (SuppressionReason.manual, False, SubscriberStatus.manual),
        (SuppressionReason.complained, False, SubscriberStatus.complained),
    ],
    ids=str,
)
def test_what_stands_against_them_already_stays_where_it_is_as_strong(
    subscriber_list: SubscriberList,
    first: SuppressionReason | None,
    is_changed: bool,
    status: SubscriberStatus,
) -> None:
    """With its time; and a status that had lost it gets it back."""
    (anna,) = add(subscriber_list, ANNA)
    if first is not None:
        with subscriber_list.database.begin() as connection:
            suppressions.put(connection, Suppression(key=ANNA, reason=first, at=START))
    with subscriber_list.database.begin() as connection:
        (result,) = suppression.unsubscribe_all(connection, [anna], START + DAY).values()
    assert result.changed is is_changed
    assert result.suppression.at == (START + DAY if is_changed else START)
    assert result.subscriber.status is read_status(subscriber_list, ANNA) is status


def test_one_leaves_and_another_has_left_already(subscriber_list: SubscriberList) -> None:
    """In one call each keeps what is theirs."""
    anna, bo = add(subscriber_list, ANNA, BO)
    suppress(subscriber_list, BO, SuppressionReason.complained)
    with subscriber_list.database.begin() as connection:
        results = suppression.unsubscribe_all(connection, [anna, bo], START + DAY)
    assert [results[one].changed for one in (anna, bo)] == [True, False]
    assert read_status(subscriber_list, ANNA) is SubscriberStatus.unsubscribed
    assert read_status(subscriber_list, BO) is SubscriberStatus.complained


@pytest.mark.parametrize("send_goodbye", [True, False])
def test_who_has_just_left_gets_a_mail_that_it_is_done(
    subscriber_list: SubscriberList, send_goodbye: bool
) -> None:
    """Where the newsletter sends it; not the second time, and not who had left before."""
    anna, bo = add(subscriber_list, ANNA, BO)
    suppress(subscriber_list, BO, SuppressionReason.unsubscribed)
    for _ in range(2):
        with subscriber_list.database.begin() as connection:
            suppression.unsubscribe_many(connection, [anna, bo], START, send_goodbye=send_goodbye)
    assert subscriber_list.list_mails() == ([(MailKind.goodbye, ANNA)] if send_goodbye else [])


@pytest.mark.parametrize(
    ("reason", "age", "can_undo"),
    [
        (None, timedelta(0), False),
        (SuppressionReason.unsubscribed, timedelta(0), True),
        (SuppressionReason.unsubscribed, DAY, True),
        (SuppressionReason.unsubscribed, DAY + timedelta(seconds=1), False),
        (SuppressionReason.bounced, timedelta(0), False),
        (SuppressionReason.manual, timedelta(0), False),
        (SuppressionReason.complained, timedelta(0), False),
        (SuppressionReason.erased, timedelta(0), False),
    ],
    ids=str,
)
def test_only_their_own_leaving_can_be_taken_back_for_a_day(
    subscriber_list: SubscriberList,
    reason: SuppressionReason | None,
    age: timedelta,
    can_undo: bool,
) -> None:
    """And it is a consent of its own."""
    known = reason and Suppression(key=ANNA, reason=reason, at=START)
    assert suppression.can_undo(known, START + age) is can_undo
    if reason is None:
        return
    (anna,) = add(subscriber_list, ANNA)
    suppress(subscriber_list, ANNA, reason)
    with subscriber_list.database.begin() as connection:
        assert suppression.undo_unsubscribe(connection, anna, START + age) is can_undo
        left = suppressions.find_suppression(connection, ANNA)
        consents = subscribers.list_consents(connection, anna)
    assert left == (None if can_undo else known)
    assert [(one.source, one.at) for one in consents] == [("undo", START + age)] * can_undo
    assert (read_status(subscriber_list, ANNA) is SubscriberStatus.active) is can_undo


@pytest.mark.parametrize(
    ("status", "is_on_the_list"),
    [(SubscriberStatus.active, True), (SubscriberStatus.pending, False)],
    ids=str,
)
def test_where_nothing_stands_against_them_nothing_is_taken_back(
    subscriber_list: SubscriberList, status: SubscriberStatus, is_on_the_list: bool
) -> None:
    """A second press on "undo" finds them on the list."""
    added = subscriber_list.add(
        Subscriber(id=SubscriberId(0), email=ANNA, status=status, created=START)
    )
    with subscriber_list.database.begin() as connection:
        assert suppression.undo_unsubscribe(connection, added.id, START) is is_on_the_list
        assert not suppression.undo_unsubscribe(connection, NOBODY, START)
    assert read_status(subscriber_list, ANNA) is status


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("@example.org", SuppressionReason.manual),
        (ANNA, SuppressionReason.complained),
        (make_keyed_hash(ANNA), SuppressionReason.erased),
        (BO, None),
    ],
    ids=["domain", "address", "erased", "another's"],
)
def test_whatever_stands_against_an_address_is_found(
    subscriber_list: SubscriberList, key: str, reason: SuppressionReason | None
) -> None:
    """Its domain's, its own, or that it was erased."""
    suppress(subscriber_list, key, reason or SuppressionReason.manual)
    with subscriber_list.database.read() as connection:
        found = suppression.find_any_suppression(connection, ANNA, make_keyed_hash)
    assert (found and (found.key, found.reason)) == (reason and (key, reason))
