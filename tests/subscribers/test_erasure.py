"""Nothing of a person is left but a keyed hash, and nothing of what is old."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from newsletter.domain.confirmation import CONFIRMATION_LIFETIME
from newsletter.domain.delivery import FINAL_STATES, DeliveryState
from newsletter.domain.subscriber import SubscriberStatus, Suppression, SuppressionReason
from newsletter.store import idempotency_keys, suppressions, tables
from newsletter.subscribers import erasure, suppression
from newsletter.subscribers.preferences import request_address_change, request_data_export
from newsletter.subscribers.signup import SignUpRequest, SignUpResult, request_signup
from tests.subscribers.conftest import START, SubscriberList, make_keyed_hash

ANNA, OTHER = "anna@example.org", "bo@example.org"


def erase(subscriber_list: SubscriberList, key: str = ANNA) -> bool:
    """Forget an address."""
    with subscriber_list.database.begin() as connection:
        return erasure.erase(connection, key, make_keyed_hash, subscriber_list.now)


def purge(subscriber_list: SubscriberList, keep_days: int | None) -> erasure.RetentionResult:
    """Remove what is old."""
    with subscriber_list.database.begin() as connection:
        return erasure.purge_expired(connection, make_keyed_hash, subscriber_list.now, keep_days)


def sign_up(subscriber_list: SubscriberList, email: str) -> SignUpResult:
    """Ask for the newsletter."""
    with subscriber_list.database.begin() as connection:
        return request_signup(
            connection, SignUpRequest(email=email), make_keyed_hash, subscriber_list.now
        )


def add_delivery(
    subscriber_list: SubscriberList,
    email: str,
    state: DeliveryState = DeliveryState.accepted,
    at: datetime = START,
) -> None:
    """Write a line of the journal, of an issue of its own."""
    found = subscriber_list.read_subscribers().get(email)
    with subscriber_list.database.begin() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(tables.issues)).scalar()
        issue = connection.execute(
            sa.insert(tables.issues)
            .values(name=f"issue-{count}", state="sent", cause="", segment="")
            .returning(tables.issues.c.id)
        ).scalar_one()
        connection.execute(
            sa.insert(tables.deliveries).values(
                issue=issue, subscriber=int(found.id) if found else 99, email=email, key=email,
                state=state.value, attempts=1, at=at, code=250, status="2.0.0",
                reply=f"250 {email}",
            )
        )  # fmt: skip


def list_journal(subscriber_list: SubscriberList) -> list[tuple[str, str, str, str]]:
    """Return address, key, reply and state of each line of the journal."""
    columns = tables.deliveries.c
    with subscriber_list.database.read() as connection:
        rows = connection.execute(
            sa.select(columns.email, columns.key, columns.reply, columns.state).order_by(columns.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


def test_nothing_is_left_in_any_table(subscriber_list: SubscriberList) -> None:
    """Subscriber, consent, sign-ups, address changes, waiting mails, journal, counters."""
    subscriber_list.import_text(f"email,name\n{ANNA},Anna Lind\n{OTHER},Bo\n")
    anna = subscriber_list.read_subscribers()[ANNA]
    sign_up(subscriber_list, ANNA)
    with subscriber_list.database.begin() as connection:
        request_address_change(
            connection, anna, "lind@new.example", make_keyed_hash, subscriber_list.now
        )
        request_data_export(connection, anna, subscriber_list.now)
    add_delivery(subscriber_list, ANNA)
    assert erase(subscriber_list)
    dump = "\n".join(subscriber_list.dump_database()).lower()
    assert not [word for word in ("anna", "lind", "new.example") if word in dump]
    assert list(subscriber_list.read_subscribers()) == [OTHER]
    with subscriber_list.database.read() as connection:
        assert list(suppressions.iter_suppressions(connection)) == [
            Suppression(
                key=make_keyed_hash(ANNA), reason=SuppressionReason.erased, at=subscriber_list.now
            )
        ]


def test_the_journal_is_counted_on_without_a_name(subscriber_list: SubscriberList) -> None:
    """How many issues went out is the newsletter's own."""
    subscriber_list.import_text(f"email\n{ANNA}\n{OTHER}\n")
    add_delivery(subscriber_list, ANNA)
    add_delivery(subscriber_list, OTHER, DeliveryState.refused)
    erase(subscriber_list)
    assert list_journal(subscriber_list) == [
        ("", "", "", "accepted"), (OTHER, OTHER, f"250 {OTHER}", "refused"),
    ]  # fmt: skip


def test_lines_under_a_former_address_lose_their_name(subscriber_list: SubscriberList) -> None:
    """Those of the person, and those of the address when it was somebody else's."""
    subscriber_list.import_text(f"email\n{ANNA}\n")
    add_delivery(subscriber_list, ANNA)
    with subscriber_list.database.begin() as connection:
        former = sa.update(tables.deliveries).values(email="a@old.example", key="a@old.example")
        connection.execute(former)
    add_delivery(subscriber_list, ANNA)
    with subscriber_list.database.begin() as connection:
        others = sa.update(tables.deliveries).where(tables.deliveries.c.key == ANNA)
        connection.execute(others.values(subscriber=77))
    erase(subscriber_list)
    assert list_journal(subscriber_list) == [("", "", "", "accepted")] * 2


def test_who_only_asked_is_forgotten_too(subscriber_list: SubscriberList) -> None:
    """A sign-up that nobody confirmed is kept of them."""
    sign_up(subscriber_list, ANNA)
    assert erase(subscriber_list)
    assert subscriber_list.list_mails() == []


def test_who_was_only_blocked_is_forgotten_too(subscriber_list: SubscriberList) -> None:
    """The address in plain goes; the hash takes its place."""
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, ANNA, SuppressionReason.complained, START)
    assert erase(subscriber_list)
    with subscriber_list.database.read() as connection:
        assert suppressions.count_by_reason(connection) == {"erased": 1}


def test_where_nothing_was_kept(subscriber_list: SubscriberList) -> None:
    """False, also the second time; the hash is kept all the same: no list to come names them."""
    assert not erase(subscriber_list)
    assert not erase(subscriber_list)
    subscriber_list.import_text(f"email\n{ANNA}\n")
    assert subscriber_list.read_subscribers() == {}
    assert [row.code for row in subscriber_list.refused] == ["erased"]


def test_the_others_of_a_household_stay(subscriber_list: SubscriberList) -> None:
    """Another address of the same domain, with its mails."""
    sign_up(subscriber_list, ANNA)
    sign_up(subscriber_list, OTHER)
    erase(subscriber_list)
    assert [email for _, email in subscriber_list.list_mails()] == [OTHER]


def test_who_was_erased_may_sign_up_at_once(subscriber_list: SubscriberList) -> None:
    """The count of their mails goes with them."""
    sign_up(subscriber_list, ANNA)
    erase(subscriber_list)
    assert sign_up(subscriber_list, ANNA) is SignUpResult.accepted
    assert [email for _, email in subscriber_list.list_mails()] == [ANNA]


@pytest.mark.parametrize(
    ("age", "is_kept"),
    [(CONFIRMATION_LIFETIME, True), (CONFIRMATION_LIFETIME + timedelta(seconds=1), False)],
    ids=["in time", "over"],
)
def test_sign_ups_that_nobody_confirmed_go(
    subscriber_list: SubscriberList, age: timedelta, is_kept: bool
) -> None:
    """As soon as their link doesn't work any more, whatever the settings keep."""
    sign_up(subscriber_list, ANNA)
    subscriber_list.now += age
    assert purge(subscriber_list, None).confirmations == (not is_kept)
    assert any(ANNA in line for line in subscriber_list.dump_database() if "requests" in line) is (
        is_kept
    )


def test_mails_counters_and_idempotency_keys_go(subscriber_list: SubscriberList) -> None:
    """Each when its time is over, without any setting."""
    sign_up(subscriber_list, ANNA)
    with subscriber_list.database.begin() as connection:
        response = idempotency_keys.IdempotentResponse("asked", 200, "{}")
        idempotency_keys.save_response(connection, "key", response, START)
    subscriber_list.now += 2 * CONFIRMATION_LIFETIME + timedelta(seconds=1)
    purge(subscriber_list, None)
    for table in (tables.outbox, tables.rates, tables.answers):
        with subscriber_list.database.read() as connection:
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0


def test_who_left_long_ago_is_erased(subscriber_list: SubscriberList) -> None:
    """Who left yesterday and who is active stay."""
    subscriber_list.import_text(f"email\n{ANNA}\n{OTHER}\nc@example.org\n")
    with subscriber_list.database.begin() as connection:
        for key, days in ((ANNA, 0), (OTHER, 20)):
            suppression.suppress(
                connection, key, SuppressionReason.unsubscribed, START + timedelta(days=days)
            )
    subscriber_list.now = START + timedelta(days=31)
    assert purge(subscriber_list, 30).subscribers == 1
    people = subscriber_list.read_subscribers()
    assert list(people) == [OTHER, "c@example.org"]
    assert people[OTHER].status is SubscriberStatus.unsubscribed
    assert purge(subscriber_list, 30).subscribers == 0


def test_one_batch_at_a_time(
    subscriber_list: SubscriberList, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oldest first; called again until there are none."""
    monkeypatch.setattr(erasure, "ERASE_BATCH_SIZE", 2)
    subscriber_list.import_text("email\n" + "".join(f"a{n}@example.org\n" for n in range(5)))
    with subscriber_list.database.begin() as connection:
        for number in range(5):
            suppression.suppress(
                connection, f"a{number}@example.org", SuppressionReason.bounced,
                START - timedelta(days=number),
            )  # fmt: skip
    subscriber_list.now = START + timedelta(days=400)
    assert purge(subscriber_list, 30).subscribers == 2
    assert len(subscriber_list.read_subscribers()) == 3
    assert "a4@example.org" not in subscriber_list.read_subscribers()
    assert [purge(subscriber_list, 30).subscribers for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize("state", DeliveryState)
def test_old_lines_of_the_journal_lose_their_name(
    subscriber_list: SubscriberList, state: DeliveryState
) -> None:
    """Unless they are still to be sent: then the address is needed."""
    add_delivery(subscriber_list, ANNA, state)
    add_delivery(subscriber_list, OTHER, DeliveryState.accepted, START + timedelta(days=20))
    subscriber_list.now = START + timedelta(days=31)
    is_final = state in FINAL_STATES
    assert purge(subscriber_list, 30).deliveries == is_final
    assert [row[0] for row in list_journal(subscriber_list)] == ["" if is_final else ANNA, OTHER]


def test_without_the_setting_people_and_journal_are_kept(subscriber_list: SubscriberList) -> None:
    """However old they are."""
    subscriber_list.import_text(f"email\n{ANNA}\n")
    add_delivery(subscriber_list, ANNA)
    with subscriber_list.database.begin() as connection:
        suppression.suppress(connection, ANNA, SuppressionReason.unsubscribed, START)
    subscriber_list.now = START + timedelta(days=4000)
    assert purge(subscriber_list, None) == erasure.RetentionResult()
    assert list(subscriber_list.read_subscribers()) == [ANNA]
