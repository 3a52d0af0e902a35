"""The engine of the outbox: each mail goes once, waits, or is given up with its reason."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.delivery.smtp_relay import SmtpRelay
from newsletter.domain.confirmation import CONFIRMATION_LIFETIME, MailId, MailKind, QueuedMail
from newsletter.engine import outbox as engine
from newsletter.engine.send_run import hold_single_sender_lock
from newsletter.errors import ServerError
from newsletter.store import outbox
from newsletter.store.database import Database
from tests.delivery.scripted_server import Action, ScriptedServer
from tests.delivery.send_harness import build_send_options, populate

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Return a database with an empty outbox."""
    opened = populate(tmp_path, 0)
    yield opened
    opened.close()


def put(database: Database, *emails: str, created: datetime = NOW) -> None:
    with database.begin() as connection:
        for email in emails:
            mail = QueuedMail(
                id=MailId(0),
                kind=MailKind.confirm,
                email=email,
                language="sv",
                confirmation=None,
                subscriber=None,
                attempts=0,
                created=created,
            )
            outbox.put(connection, mail)


def build_mail(mail: QueuedMail) -> bytes | None:
    """Return a mail; none for those who mustn't be written to any more."""
    if mail.email.startswith("blocked@"):
        return None
    return f"To: {mail.email}\r\nSubject: Hej\r\n\r\nHej\r\n".encode()


def drain(
    database: Database,
    port: int,
    *,
    now: datetime = NOW,
    stop: threading.Event | None = None,
) -> int:
    relay: SmtpRelay = build_send_options(port).relay
    return engine.drain(database, relay, "n@example.org", build_mail, clock=lambda: now, stop=stop)


def read_counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return outbox.count_by_state(connection)


def test_every_mail_that_is_due_goes_over_one_connection(database: Database) -> None:
    """In the order in which they were asked for, and nothing is left."""
    emails = [f"r{number}@example.org" for number in range(5)]
    put(database, *emails)
    with ScriptedServer() as server:
        assert drain(database, server.port) == 5
        assert server.recipients == emails
        assert server.seen.connections == 1
        assert drain(database, server.port) == 0
        assert server.seen.connections == 1
    assert read_counts(database) == {}


@pytest.mark.parametrize(
    ("reply", "counts"),
    [
        ("550 5.1.1 no such user", {}),
        ("451 4.7.1 greylisted", {"waiting": 1}),
        ("554 5.7.1 policy", {"waiting": 1}),
        (Action.CLOSE, {"unknown": 1}),
    ],
    ids=["refused", "later", "our fault", "no answer to the dot"],
)
def test_what_the_server_says_decides_what_becomes_of_it(
    database: Database, reply: object, counts: dict[str, int]
) -> None:
    """Refused is over, later waits; what nobody knows isn't sent a second time."""
    put(database, "a@example.org")
    phase_of_reply = "dot" if reply is Action.CLOSE else "rcpt"
    with ScriptedServer(lambda phase, *_: reply if phase == phase_of_reply else None) as server:
        assert drain(database, server.port) == 0
        assert read_counts(database) == counts
        server.script = lambda *_: None
        again = drain(database, server.port, now=NOW + timedelta(hours=1))
    assert again == counts.get("waiting", 0)


def test_a_mail_that_must_wait_waits_longer_each_time(database: Database) -> None:
    """By the pauses of a send, and a little by chance, so that not all come back at once."""
    put(database, "a@example.org")
    now = NOW
    with ScriptedServer(lambda phase, *_: "451 no" if phase == "rcpt" else None) as server:
        for minutes in (5, 15, 60):
            drain(database, server.port, now=now)
            with database.read() as connection:
                assert not outbox.is_due(connection, now + timedelta(minutes=minutes, seconds=-1))
                now += timedelta(minutes=minutes, seconds=31)
                assert outbox.is_due(connection, now)


def test_a_mail_that_makes_no_sense_any_more_is_taken_away_unsent(database: Database) -> None:
    """The others go."""
    put(database, "blocked@example.org", "a@example.org")
    with ScriptedServer() as server:
        assert drain(database, server.port) == 1
        assert server.recipients == ["a@example.org"]
    assert read_counts(database) == {}


def test_a_server_that_cannot_be_reached_takes_nothing_out(database: Database) -> None:
    """The error names the server; all wait."""
    put(database, "a@example.org", "b@example.org")
    with (
        ScriptedServer(lambda phase, *_: "554 no" if phase == "connect" else None) as server,
        pytest.raises(ServerError, match=r"takes no mail from us \(554"),
    ):
        drain(database, server.port)
    assert read_counts(database) == {"waiting": 2}


def test_while_another_process_is_at_it_nothing_is_done(database: Database) -> None:
    """Its lock is the outbox's own: a send of an issue holds it up for nobody."""
    put(database, "a@example.org")
    with ScriptedServer() as server:
        with hold_single_sender_lock(database, "outbox"):
            assert drain(database, server.port) == 0
            assert server.seen.connections == 0
        with hold_single_sender_lock(database):
            assert drain(database, server.port) == 1


def test_what_a_crash_left_is_not_sent_again(database: Database) -> None:
    """What stands as `sending` when nobody sends is unknown."""
    put(database, "a@example.org", "b@example.org")
    with database.begin() as connection:
        outbox.take(connection, NOW)
    with ScriptedServer() as server:
        assert drain(database, server.port) == 1
        assert server.recipients == ["b@example.org"]
    assert read_counts(database) == {"unknown": 1}


def test_mails_of_long_ago_are_forgotten(database: Database) -> None:
    """Their links are dead; nobody is surprised by one."""
    put(database, "old@example.org", created=NOW - 2 * CONFIRMATION_LIFETIME - timedelta(seconds=1))
    put(database, "new@example.org")
    with ScriptedServer() as server:
        drain(database, server.port)
        assert server.recipients == ["new@example.org"]
    assert read_counts(database) == {}


def test_stopping_leaves_the_rest_for_later(database: Database) -> None:
    """What is under way is finished."""
    put(database, *(f"r{number}@example.org" for number in range(4)))
    stop = threading.Event()

    def stop_at_the_second(phase: str, argument: str, taken: int) -> None:
        if phase == "dot" and taken == 1:
            stop.set()

    with ScriptedServer(stop_at_the_second) as server:
        assert drain(database, server.port, stop=stop) == 2
    assert read_counts(database) == {"waiting": 2}


def test_an_empty_outbox_asks_no_server(database: Database) -> None:
    """It is looked at every second."""
    assert drain(database, 1) == 0
