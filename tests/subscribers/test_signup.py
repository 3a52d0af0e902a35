"""Sign up (double opt-in): what is written, what is mailed, and what nobody learns."""

from datetime import timedelta

import pytest

from newsletter.domain.confirmation import (
    CONFIRMATION_LIFETIME,
    ConfirmationKind,
    MailKind,
    PendingConfirmation,
)
from newsletter.domain.subscriber import (
    Consent,
    Subscriber,
    SubscriberId,
    SubscriberStatus,
    SuppressionReason,
)
from newsletter.errors import AddressError
from newsletter.store import confirmations, subscribers, suppressions
from newsletter.subscribers import rate_limits, suppression
from newsletter.subscribers.signup import (
    CONFIRMED_CONSENT_SOURCE,
    SignUpRequest,
    SignUpResult,
    confirm_signup,
    request_signup,
)
from tests.subscribers.conftest import START, SubscriberList, make_keyed_hash

ANNA = "anna@example.org"


def ask(
    subscriber_list: SubscriberList, email: str = ANNA, client: str = "", **said: object
) -> SignUpResult:
    """Ask for the newsletter."""
    with subscriber_list.database.begin() as connection:
        return request_signup(
            connection,
            SignUpRequest(email=email, **said),  # type: ignore[arg-type]
            make_keyed_hash,
            subscriber_list.now,
            client_address=client,
        )


def find_pending(subscriber_list: SubscriberList, key: str = ANNA) -> PendingConfirmation:
    """Return the newest sign-up of an address."""
    with subscriber_list.database.read() as connection:
        return confirmations.list_for_address(connection, key)[-1]


def confirm(subscriber_list: SubscriberList, key: str = ANNA, **more: bool) -> SubscriberId | None:
    """Press the button in the newest mail."""
    pending = find_pending(subscriber_list, key)
    with subscriber_list.database.begin() as connection:
        return confirm_signup(connection, pending, make_keyed_hash, subscriber_list.now, **more)


def suppress(subscriber_list: SubscriberList, key: str, reason: SuppressionReason) -> None:
    """Take an address off."""
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, key, reason, subscriber_list.now)


def list_consents(subscriber_list: SubscriberList, number: SubscriberId | None) -> list[Consent]:
    """Return the proofs of a subscriber."""
    assert number is not None
    with subscriber_list.database.read() as connection:
        return list(subscribers.list_consents(connection, number))


def test_nobody_is_on_the_list_before_they_confirm(subscriber_list: SubscriberList) -> None:
    """One confirmation waits, and one mail."""
    said = {"name": "Anna", "language": "sv", "tags": ("press",), "wording": "Ja!", "source": "api"}
    assert ask(subscriber_list, "Anna@Example.ORG", **said) is SignUpResult.accepted
    assert subscriber_list.read_subscribers() == {}
    pending = find_pending(subscriber_list)
    assert (pending.kind, pending.email, pending.key) == (
        ConfirmationKind.sign_up, "Anna@example.org", ANNA,
    )  # fmt: skip
    assert {name: getattr(pending, name) for name in said} == said
    assert pending.is_pending(START)
    assert subscriber_list.list_mails() == [(MailKind.confirm, "Anna@example.org")]


def test_confirming_makes_a_subscriber_with_two_proofs(subscriber_list: SubscriberList) -> None:
    """When they asked and for which words, and when they confirmed."""
    ask(subscriber_list, name="Anna", language="sv", tags=("press",), wording="Ja!")
    subscriber_list.now += timedelta(hours=3)
    number = confirm(subscriber_list)
    (anna,) = subscriber_list.read_subscribers().values()
    assert (anna.id, anna.name, anna.language, anna.tags, anna.status, anna.created) == (
        number, "Anna", "sv", ("press",), SubscriberStatus.active, subscriber_list.now,
    )  # fmt: skip
    assert list_consents(subscriber_list, number) == [
        Consent(at=START, source="form", wording="Ja!"),
        Consent(at=subscriber_list.now, source=CONFIRMED_CONSENT_SOURCE),
    ]
    assert find_pending(subscriber_list).subscriber == number


@pytest.mark.parametrize(
    ("after", "is_in_time"),
    [
        (timedelta(0), True),
        (CONFIRMATION_LIFETIME, True),
        (CONFIRMATION_LIFETIME + timedelta(seconds=1), False),
    ],
    ids=["at once", "in the last second", "a second late"],
)
def test_a_link_works_for_48_hours(
    subscriber_list: SubscriberList, after: timedelta, is_in_time: bool
) -> None:
    """A second later nobody is on the list, and a new sign-up is needed."""
    ask(subscriber_list)
    subscriber_list.now += after
    assert (confirm(subscriber_list) is not None) is is_in_time
    assert bool(subscriber_list.read_subscribers()) is is_in_time


def test_a_link_pressed_again_changes_nothing(subscriber_list: SubscriberList) -> None:
    """It says that they are on the list; no further proof, no second welcome."""
    ask(subscriber_list)
    first = confirm(subscriber_list, send_welcome=True)
    assert confirm(subscriber_list, send_welcome=True) == first
    assert len(list_consents(subscriber_list, first)) == 2
    assert [kind for kind, _ in subscriber_list.list_mails()] == [
        MailKind.confirm, MailKind.welcome,
    ]  # fmt: skip


def test_an_old_link_brings_nobody_back(subscriber_list: SubscriberList) -> None:
    """Who has confirmed and left stays off, whoever presses it."""
    ask(subscriber_list)
    confirm(subscriber_list)
    suppress(subscriber_list, ANNA, SuppressionReason.unsubscribed)
    assert confirm(subscriber_list) is None
    assert subscriber_list.read_subscribers()[ANNA].status is SubscriberStatus.unsubscribed


@pytest.mark.parametrize("status", [SubscriberStatus.active, SubscriberStatus.pending])
def test_who_is_known_is_completed_and_not_overwritten(
    subscriber_list: SubscriberList, status: SubscriberStatus
) -> None:
    """Name and tags stay, the language is the new one, a pause ends."""
    subscriber_list.add(
        Subscriber(
            id=SubscriberId(0), email=ANNA, name="Anna Lind", language="en", tags=("Press",),
            fields={"Ort": "Umeå"}, status=status, created=START,
            paused_until=START + timedelta(days=90),
        )
    )  # fmt: skip
    ask(subscriber_list, name="A", language="sv", tags=("press", "kultur"))
    confirm(subscriber_list)
    anna = subscriber_list.read_subscribers()[ANNA]
    assert (anna.name, anna.language, anna.tags) == ("Anna Lind", "sv", ("Press", "kultur"))
    assert (anna.fields, anna.status) == ({"Ort": "Umeå"}, SubscriberStatus.active)
    assert anna.paused_until is None


def test_who_is_on_the_list_gets_another_mail_and_no_welcome(
    subscriber_list: SubscriberList,
) -> None:
    """It says that they are on it already."""
    subscriber_list.add(Subscriber(id=SubscriberId(0), email=ANNA, created=START))
    assert ask(subscriber_list) is SignUpResult.accepted
    confirm(subscriber_list, send_welcome=True)
    assert subscriber_list.list_mails() == [(MailKind.already_subscribed, ANNA)]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (SuppressionReason.unsubscribed, MailKind.confirm),
        (SuppressionReason.bounced, MailKind.confirm),
        (SuppressionReason.complained, MailKind.decoy),
        (SuppressionReason.manual, MailKind.decoy),
    ],
)
def test_who_is_suppressed(
    subscriber_list: SubscriberList, reason: SuppressionReason, kind: MailKind
) -> None:
    """Who has left may come back; who complained or was blocked gets nothing, unseen."""
    subscriber_list.add(Subscriber(id=SubscriberId(0), email=ANNA, created=START))
    suppress(subscriber_list, ANNA, reason)
    assert ask(subscriber_list) is SignUpResult.accepted
    assert subscriber_list.list_mails() == [(kind, ANNA)]
    comes_back = kind is MailKind.confirm
    assert (confirm(subscriber_list) is not None) is comes_back
    status = SubscriberStatus.active if comes_back else reason.status
    assert subscriber_list.read_subscribers()[ANNA].status is status
    with subscriber_list.database.read() as connection:
        assert (suppressions.find_suppression(connection, ANNA) is None) is comes_back


def test_a_blocked_domain_gets_no_mail(subscriber_list: SubscriberList) -> None:
    """For all of its addresses, in any spelling."""
    suppress(subscriber_list, "@example.org", SuppressionReason.manual)
    assert ask(subscriber_list, "Ny@EXAMPLE.org") is SignUpResult.accepted
    assert subscriber_list.list_mails() == [(MailKind.decoy, "Ny@example.org")]
    assert confirm(subscriber_list, "ny@example.org") is None


def test_who_is_blocked_after_asking_is_not_let_in(subscriber_list: SubscriberList) -> None:
    """The mail had left already; pressing its button does nothing."""
    ask(subscriber_list)
    suppress(subscriber_list, ANNA, SuppressionReason.manual)
    assert confirm(subscriber_list) is None
    assert subscriber_list.read_subscribers() == {}


def test_who_was_erased_can_come_back_by_themselves(subscriber_list: SubscriberList) -> None:
    """Their pseudonym goes: the next list may name them again."""
    suppress(subscriber_list, make_keyed_hash(ANNA), SuppressionReason.erased)
    ask(subscriber_list)
    assert confirm(subscriber_list) is not None
    with subscriber_list.database.read() as connection:
        assert suppressions.find_suppression(connection, make_keyed_hash(ANNA)) is None


def test_one_mail_a_day_for_an_address(subscriber_list: SubscriberList) -> None:
    """However often somebody types it, and with the same answer."""
    for spelling in (ANNA, "ANNA@example.org", "Anna@EXAMPLE.org"):
        assert ask(subscriber_list, spelling) is SignUpResult.accepted
    assert len(subscriber_list.list_mails()) == 1
    subscriber_list.now += timedelta(days=1, seconds=1)
    ask(subscriber_list)
    assert len(subscriber_list.list_mails()) == 2


@pytest.mark.parametrize(
    ("maximum", "client", "build_email"),
    [
        (rate_limits.SIGNUPS_PER_CLIENT.maximum, "192.0.2.1", "a@d{number}.example"),
        (rate_limits.SIGNUPS_PER_DOMAIN.maximum, "", "a{number}@example.org"),
    ],
    ids=["client", "domain"],
)
def test_so_many_an_hour(
    subscriber_list: SubscriberList, maximum: int, client: str, build_email: str
) -> None:
    """One more writes nothing; an hour later there is room again."""
    for number in range(maximum):
        email = build_email.format(number=number)
        assert ask(subscriber_list, email, client) is SignUpResult.accepted
    one_more = build_email.format(number=maximum)
    assert ask(subscriber_list, one_more, client) is SignUpResult.too_many
    assert len(subscriber_list.list_mails()) == maximum
    subscriber_list.now += timedelta(hours=1, seconds=1)
    assert ask(subscriber_list, one_more, client) is SignUpResult.accepted


def test_another_client_has_a_count_of_its_own(subscriber_list: SubscriberList) -> None:
    """And neither addresses nor clients stand in the counters."""
    for number in range(rate_limits.SIGNUPS_PER_CLIENT.maximum + 1):
        ask(subscriber_list, f"a@d{number}.example", "192.0.2.1")
    assert ask(subscriber_list, ANNA, "192.0.2.2") is SignUpResult.accepted
    counters = [line for line in subscriber_list.dump_database() if 'INTO "rates"' in line]
    assert counters
    assert not any("192.0.2" in line or "example" in line for line in counters)


@pytest.mark.parametrize("email", ["", "anna", "a@b@c", "anna@example.org\r\nBcc: x@example.org"])
def test_what_is_no_address_writes_nothing(subscriber_list: SubscriberList, email: str) -> None:
    """Not even a count."""
    before = subscriber_list.dump_database()
    with pytest.raises(AddressError):
        ask(subscriber_list, email, "192.0.2.1")
    assert subscriber_list.dump_database() == before
