"""The outbox: a mail is taken once, waits, or is given up; never sent twice after a crash."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.domain.confirmation import MailId, MailKind, QueuedMail
from newsletter.domain.subscriber import SubscriberId
from newsletter.store import outbox
from newsletter.store.database import Database

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def build_mail(email: str, created: datetime = NOW, subscriber: int | None = None) -> QueuedMail:
    return QueuedMail(
        id=MailId(0),
        kind=MailKind.welcome,
        email=email,
        language="sv",
        confirmation=None,
        subscriber=SubscriberId(subscriber) if subscriber is not None else None,
        attempts=0,
        created=created,
    )


def put(database: Database, *mails: QueuedMail) -> list[MailId]:
    with database.begin() as connection:
        return [outbox.put(connection, mail) for mail in mails]


def take(database: Database, now: datetime = NOW) -> QueuedMail | None:
    with database.begin() as connection:
        return outbox.take(connection, now)


def read_counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return outbox.count_by_state(connection)


def test_mails_are_taken_in_the_order_in_which_they_came(empty_database: Database) -> None:
    """Each once, with its attempt counted, and `sending` on disk."""
    one, two = put(empty_database, build_mail("a@example.org"), build_mail("b@example.org"))
    first, second = take(empty_database), take(empty_database)
    assert first is not None
    assert second is not None
    assert (first.id, first.email, first.attempts) == (one, "a@example.org", 1)
    assert (second.id, second.email, second.attempts) == (two, "b@example.org", 1)
    assert take(empty_database) is None
    assert read_counts(empty_database) == {"sending": 2}


def test_a_mail_comes_back_as_it_was_put(empty_database: Database) -> None:
    """Kind, language and subscriber included."""
    put(empty_database, build_mail("a@example.org", subscriber=7))
    taken = take(empty_database)
    assert taken is not None
    assert (taken.kind, taken.language) == (MailKind.welcome, "sv")
    assert (taken.subscriber, taken.confirmation, taken.created) == (7, None, NOW)


def test_a_deferred_mail_waits_for_its_time(empty_database: Database) -> None:
    """And then its attempts go on."""
    (number,) = put(empty_database, build_mail("a@example.org"))
    take(empty_database)
    with empty_database.begin() as connection:
        outbox.defer(connection, number, NOW + 5 * MINUTE)
        assert not outbox.is_due(connection, NOW + 4 * MINUTE)
        assert outbox.is_due(connection, NOW + 5 * MINUTE)
    assert take(empty_database, NOW + 4 * MINUTE) is None
    again = take(empty_database, NOW + 5 * MINUTE)
    assert again is not None
    assert again.attempts == 2


@pytest.mark.parametrize(
    ("how", "counts"),
    [("remove", {}), ("unknown", {"unknown": 1}), ("recover", {"unknown": 1})],
)
def test_what_was_taken_never_comes_back_by_itself(
    empty_database: Database, how: str, counts: dict[str, int]
) -> None:
    """The server has it, nobody knows, or the program died: none of them is sent again."""
    (number,) = put(empty_database, build_mail("a@example.org"))
    take(empty_database)
    with empty_database.begin() as connection:
        if how == "remove":
            outbox.remove(connection, number)
        elif how == "unknown":
            outbox.mark_unknown(connection, number)
        else:
            assert outbox.recover(connection) == 1
            assert outbox.recover(connection) == 0
    assert read_counts(empty_database) == counts
    assert take(empty_database, NOW + timedelta(days=9)) is None


def test_recovering_leaves_what_waits(empty_database: Database) -> None:
    """Only what was being sent is in doubt."""
    put(empty_database, build_mail("a@example.org"), build_mail("b@example.org"))
    take(empty_database)
    with empty_database.begin() as connection:
        assert outbox.recover(connection) == 1
    assert read_counts(empty_database) == {"unknown": 1, "waiting": 1}


def test_a_person_s_mails_go_with_them(empty_database: Database) -> None:
    """By any of their addresses, and by their number; others' stay."""
    put(
        empty_database,
        build_mail("a@example.org"),
        build_mail("old@example.org"),
        build_mail("new@example.org", subscriber=7),
        build_mail("b@example.org", subscriber=8),
    )
    with empty_database.begin() as connection:
        outbox.delete_for_person(connection, ["a@example.org", "old@example.org"], SubscriberId(7))
    left = take(empty_database)
    assert left is not None
    assert left.email == "b@example.org"
    assert take(empty_database) is None


def test_a_stranger_s_address_takes_only_their_own_mails(empty_database: Database) -> None:
    """Without a number no other row without one is touched."""
    put(empty_database, build_mail("a@example.org"), build_mail("b@example.org"))
    with empty_database.begin() as connection:
        outbox.delete_for_person(connection, ["a@example.org"], None)
    assert read_counts(empty_database) == {"waiting": 1}


def test_old_mails_are_taken_away(empty_database: Database) -> None:
    """What was put before a moment; on it stays."""
    put(empty_database, build_mail("a@example.org", NOW - MINUTE), build_mail("b@example.org"))
    with empty_database.begin() as connection:
        assert outbox.delete_before(connection, NOW) == 1
    assert read_counts(empty_database) == {"waiting": 1}
