"""What subscribers change by themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.domain.confirmation import (
    CONFIRMATION_LIFETIME,
    ConfirmationKind,
    MailKind,
    PendingConfirmation,
)
from newsletter.domain.subscriber import (
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    SuppressionReason,
)
from newsletter.errors import AddressError
from newsletter.store import confirmations, subscribers, suppressions
from newsletter.subscribers import rate_limits, suppression
from newsletter.subscribers.preferences import (
    PreferencesUpdate,
    confirm_address_change,
    request_address_change,
    request_data_export,
    update_preferences,
)
from tests.subscribers.conftest import START, SubscriberList, make_keyed_hash

OLD, NEW = "anna@example.org", "anna@new.example"


@pytest.fixture
def anna(subscriber_list: SubscriberList) -> Subscriber:
    """Return a subscriber with tags and a field."""
    return subscriber_list.add(
        Subscriber(
            id=SubscriberId(0), email=OLD, name="Anna", language="sv", tags=("Press", "vip"),
            fields={"Ort": "Umeå"}, created=START,
        )
    )  # fmt: skip


def request_change(
    subscriber_list: SubscriberList, subscriber: Subscriber, email: str = NEW
) -> bool:
    """Ask for another address."""
    with subscriber_list.database.begin() as connection:
        return request_address_change(
            connection, subscriber, email, make_keyed_hash, subscriber_list.now
        )


def confirm(subscriber_list: SubscriberList, *ends: str, key: str = NEW) -> PendingConfirmation:
    """Press the buttons of the mails to these ends."""
    with subscriber_list.database.begin() as connection:
        pending = confirmations.list_for_address(connection, key)[-1]
        for end in ends:
            pending = confirm_address_change(
                connection, pending, f"{end}_confirmed_at", subscriber_list.now
            )
        return pending


def test_tags_that_were_not_offered_stay(subscriber_list: SubscriberList, anna: Subscriber) -> None:
    """The tag “vip” is nobody's choice but the staff's; whatever case the offer is written in."""
    update = PreferencesUpdate(language="en", tags=("kultur",))
    with subscriber_list.database.begin() as connection:
        changed = update_preferences(connection, anna, update, ["PRESS", "kultur"], START)
    assert (changed.language, changed.tags) == ("en", ("vip", "kultur"))
    assert subscriber_list.read_subscribers() == {OLD: changed}
    assert (changed.name, changed.fields) == ("Anna", {"Ort": "Umeå"})


@pytest.mark.parametrize(
    ("days", "paused_until"),
    [
        (None, START + timedelta(days=7)),
        (0, None),
        (30, START + timedelta(days=30)),
        (180, START + timedelta(days=180)),
    ],
    ids=["as it is", "ends", "30", "180"],
)
def test_a_pause(
    subscriber_list: SubscriberList, anna: Subscriber, days: int | None, paused_until: object
) -> None:
    """It counts from now, and is left as it is where nothing is said of it."""
    paused = replace(anna, paused_until=START + timedelta(days=7))
    update = PreferencesUpdate(language="sv", tags=("press",), pause_days=days)
    with subscriber_list.database.begin() as connection:
        subscribers.update(connection, paused)
        update_preferences(connection, paused, update, ["press"], START)
    assert subscriber_list.read_subscribers()[OLD].paused_until == paused_until


def test_choosing_the_same_again_writes_nothing(
    subscriber_list: SubscriberList, anna: Subscriber
) -> None:
    """And the very same subscriber comes back."""
    update = PreferencesUpdate(language="sv", tags=("vip",))
    with subscriber_list.database.begin() as connection:
        sqlite = connection.connection.driver_connection
        assert sqlite is not None
        before = sqlite.total_changes
        assert update_preferences(connection, anna, update, ["vip"], START) == anna
        assert sqlite.total_changes == before


def test_both_ends_get_a_mail(subscriber_list: SubscriberList, anna: Subscriber) -> None:
    """The old one too: or else who reads somebody's link could take their subscription."""
    assert request_change(subscriber_list, anna, "Anna@NEW.example")
    assert subscriber_list.list_mails() == [
        (MailKind.move_from, OLD), (MailKind.move_to, "Anna@new.example"),
    ]  # fmt: skip
    pending = confirm(subscriber_list)
    assert (pending.kind, pending.email, pending.subscriber) == (
        ConfirmationKind.move, "Anna@new.example", anna.id,
    )  # fmt: skip


@pytest.mark.parametrize("ends", [("old", "new"), ("new", "old")], ids="+".join)
def test_the_second_end_completes_the_change(
    subscriber_list: SubscriberList, anna: Subscriber, ends: tuple[str, str]
) -> None:
    """In either order; everything else of the subscriber stays, with one proof more."""
    request_change(subscriber_list, anna)
    assert confirm(subscriber_list, ends[0]).completed_at is None
    assert list(subscriber_list.read_subscribers()) == [OLD]
    assert confirm(subscriber_list, ends[1]).completed_at == START
    assert subscriber_list.read_subscribers() == {NEW: replace(anna, email=NEW)}
    with subscriber_list.database.read() as connection:
        (proof,) = subscribers.list_consents(connection, anna.id)
    assert proof.source == "address changed, confirmed at both ends"


def test_one_end_twice_is_one_end(subscriber_list: SubscriberList, anna: Subscriber) -> None:
    """Pressing again doesn't stand for the other one."""
    request_change(subscriber_list, anna)
    assert confirm(subscriber_list, "new", "new").completed_at is None
    assert list(subscriber_list.read_subscribers()) == [OLD]


def test_a_change_waits_two_days(subscriber_list: SubscriberList, anna: Subscriber) -> None:
    """What was confirmed at one end only is over then."""
    request_change(subscriber_list, anna)
    confirm(subscriber_list, "old")
    subscriber_list.now += CONFIRMATION_LIFETIME + timedelta(seconds=1)
    assert confirm(subscriber_list, "new").new_confirmed_at is None
    assert list(subscriber_list.read_subscribers()) == [OLD]


def test_a_completed_change_is_not_done_again(
    subscriber_list: SubscriberList, anna: Subscriber
) -> None:
    """Pressed a day later, when they may have gone on to a third address."""
    request_change(subscriber_list, anna)
    confirm(subscriber_list, "old", "new")
    with subscriber_list.database.begin() as connection:
        subscribers.change_address(connection, anna.id, "third@example.org", "third@example.org")
    confirm(subscriber_list, "old", "new")
    assert list(subscriber_list.read_subscribers()) == ["third@example.org"]


def test_an_address_that_is_anothers_is_not_taken(
    subscriber_list: SubscriberList, anna: Subscriber
) -> None:
    """Its owner is told that they are on the list; nobody else is told anything."""
    other = subscriber_list.add(Subscriber(id=SubscriberId(0), email=NEW, created=START))
    assert request_change(subscriber_list, anna)
    assert subscriber_list.list_mails()[1] == (MailKind.already_subscribed, NEW)
    assert confirm(subscriber_list, "old", "new").completed_at is None
    assert subscriber_list.read_subscribers() == {OLD: anna, NEW: other}


@pytest.mark.parametrize(
    ("key", "reason", "kind"),
    [
        (NEW, SuppressionReason.complained, MailKind.decoy),
        (NEW, SuppressionReason.manual, MailKind.decoy),
        ("@new.example", SuppressionReason.manual, MailKind.decoy),
        (NEW, SuppressionReason.unsubscribed, MailKind.move_to),
        (NEW, SuppressionReason.bounced, MailKind.move_to),
    ],
    ids=["complained", "blocked", "domain", "left", "bounced"],
)
def test_an_address_that_is_suppressed(
    subscriber_list: SubscriberList,
    anna: Subscriber,
    key: str,
    reason: SuppressionReason,
    kind: MailKind,
) -> None:
    """Who was blocked isn't written to; an unsubscribing is the owner's, who now says otherwise."""
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, key, reason, START)
    request_change(subscriber_list, anna)
    assert subscriber_list.list_mails()[1] == (kind, NEW)
    confirm(subscriber_list, "old", "new")
    moves = kind is MailKind.move_to
    assert list(subscriber_list.read_subscribers()) == [NEW if moves else OLD]
    with subscriber_list.database.read() as connection:
        assert (suppressions.find_suppression(connection, key) is None) is moves


@pytest.mark.parametrize(
    "status", [status for status in SubscriberStatus if status is not SubscriberStatus.active]
)
def test_who_is_not_active_does_not_move(
    subscriber_list: SubscriberList, anna: Subscriber, status: SubscriberStatus
) -> None:
    """Another address doesn't bring anybody back."""
    request_change(subscriber_list, anna)
    with subscriber_list.database.begin() as connection:
        subscribers.set_status(connection, OLD, status)
    assert confirm(subscriber_list, "old", "new").completed_at is None
    assert list(subscriber_list.read_subscribers()) == [OLD]


def test_who_was_erased_meanwhile_does_not_come_back(
    subscriber_list: SubscriberList, anna: Subscriber
) -> None:
    """A link may still be in somebody's mailbox."""
    request_change(subscriber_list, anna)
    with subscriber_list.database.begin() as connection:
        subscribers.delete(connection, anna.id)
    confirm(subscriber_list, "old", "new")
    assert subscriber_list.read_subscribers() == {}


def test_changes_are_asked_for_three_times_a_day(
    subscriber_list: SubscriberList, anna: Subscriber
) -> None:
    """Then no mail goes out at all; the next day again."""
    maximum = rate_limits.ADDRESS_CHANGES.maximum
    asked = [request_change(subscriber_list, anna, f"a{n}@new.example") for n in range(maximum + 1)]
    assert asked == [True] * maximum + [False]
    assert len(subscriber_list.list_mails()) == 2 * maximum
    subscriber_list.now += timedelta(days=1, seconds=1)
    assert request_change(subscriber_list, anna)


def test_a_stranger_gets_one_mail_a_day(subscriber_list: SubscriberList, anna: Subscriber) -> None:
    """Whoever names their address, a subscriber or a form."""
    request_change(subscriber_list, anna)
    request_change(subscriber_list, anna)
    kinds = [kind for kind, email in subscriber_list.list_mails() if email == NEW]
    assert kinds == [MailKind.move_to, MailKind.decoy]


@pytest.mark.parametrize("email", ["", "anna", "a b@example.org"])
def test_what_is_no_address_is_told(
    subscriber_list: SubscriberList, anna: Subscriber, email: str
) -> None:
    """And counts for nothing."""
    before = subscriber_list.dump_database()
    with pytest.raises(AddressError):
        request_change(subscriber_list, anna, email)
    assert subscriber_list.dump_database() == before


def test_data_are_sent_three_times_a_day(subscriber_list: SubscriberList, anna: Subscriber) -> None:
    """To the subscriber's own address only."""
    with subscriber_list.database.begin() as connection:
        sent = [request_data_export(connection, anna, START) for _ in range(4)]
    assert sent == [True, True, True, False]
    assert subscriber_list.list_mails() == [(MailKind.data_export, OLD)] * 3
