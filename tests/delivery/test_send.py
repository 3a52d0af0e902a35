"""A run: what stands on disk when, who is told, and how it ends."""

import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.delivery import control
from newsletter.domain.delivery import Delivery, DeliveryState, SendProgress
from newsletter.domain.issue import IssueState
from newsletter.mail.compile import Recipient
from newsletter.store.database import Database, open_database
from newsletter.store.tables import deliveries
from tests.delivery.scripted_server import ScriptedServer
from tests.delivery.send_harness import (
    Clock,
    build_reader,
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    read_sent_issue,
    read_states,
    send,
    start,
    utc_now,
)


@pytest.fixture
def ten_readers(tmp_path: Path) -> Database:
    """Return a database whose issue is frozen for ten readers."""
    database = populate(tmp_path, 10)
    start(database)
    return database


@pytest.mark.parametrize("extensions", [("PIPELINING",), ()], ids=["pipelining", "one by one"])
def test_a_row_is_sending_on_disk_before_its_content_leaves(
    tmp_path: Path, extensions: tuple[str, ...]
) -> None:
    """Another process reads it there: after a crash nobody would send it again unasked."""
    database = populate(tmp_path, 40)
    start(database)
    other = open_database(f"sqlite:///{tmp_path}/newsletter.db")
    seen: list[str] = []

    def read_state(phase: str, argument: str, taken: int) -> None:
        if phase == "body":
            with other.read() as connection:
                statement = sa.select(deliveries.c.state).where(deliveries.c.email == argument)
                seen.append(connection.execute(statement).scalar_one())

    with ScriptedServer(read_state, extensions=extensions) as server:
        send(database, build_send_options(server.port))
        check_invariants(database, server.accepted, 40)
    assert seen == ["sending"] * 40
    other.close()


@pytest.mark.parametrize("connections", [1, 3])
def test_a_crash_could_leave_few_in_doubt(tmp_path: Path, connections: int) -> None:
    """At most four rows a connection are between `sending` and their result."""
    database = populate(tmp_path, 60)
    start(database)
    other = open_database(f"sqlite:///{tmp_path}/newsletter.db")
    most = 0

    def count_sending(phase: str, argument: str, taken: int) -> None:
        nonlocal most
        if phase == "rcpt":
            with other.read() as connection:
                statement = sa.select(sa.func.count()).where(deliveries.c.state == "sending")
                most = max(most, connection.execute(statement).scalar_one())

    with ScriptedServer(count_sending) as server:
        send(database, build_send_options(server.port, connections=connections))
    assert 0 < most <= 4 * connections
    assert read_counts(database) == {"accepted": 60}
    other.close()


def test_the_result_says_how_it_ended(ten_readers: Database) -> None:
    """And the issue says that it is sent."""
    with ScriptedServer() as server:
        result = send(ten_readers, build_send_options(server.port))
    assert (result.state, result.was_stopped) == (IssueState.sent, False)
    assert result.progress.counts[DeliveryState.accepted] == 10
    assert result.progress.next_due is None
    assert read_sent_issue(ten_readers).state is IssueState.sent


def test_progress_is_told_and_ends_with_all_of_it(ten_readers: Database) -> None:
    """Counts only grow; the last one is the result's."""
    told: list[SendProgress] = []
    with ScriptedServer() as server:
        result = send(ten_readers, build_send_options(server.port), on_progress=told.append)
    accepted = [progress.counts[DeliveryState.accepted] for progress in told]
    assert accepted == sorted(accepted)
    assert told[-1] == result.progress
    assert accepted[-1] == 10


def test_a_run_that_is_told_to_stop_before_it_begins_sends_nothing(ten_readers: Database) -> None:
    """Every row can be claimed again, and the issue goes on being sent."""
    stop = threading.Event()
    stop.set()
    with ScriptedServer() as server:
        result = send(ten_readers, build_send_options(server.port), stop=stop)
        assert server.recipients == []
    assert (result.state, result.was_stopped) == (IssueState.sending, True)
    assert read_counts(ten_readers) == {"planned": 10}


def test_a_stopped_run_is_finished_by_the_next(tmp_path: Path) -> None:
    """Together they send to everybody, once."""
    database = populate(tmp_path, 200)
    start(database)
    stop = threading.Event()

    def stop_soon(phase: str, argument: str, taken: int) -> None:
        if phase == "dot" and taken >= 5:
            stop.set()

    with ScriptedServer(stop_soon) as server:
        first = send(database, build_send_options(server.port, connections=1), stop=stop)
        assert first.was_stopped
        assert set(read_counts(database)) == {"accepted", "planned"}
        second = send(database, build_send_options(server.port))
        assert second.state is IssueState.sent
        check_invariants(database, server.accepted, 200)


def test_a_deferred_row_is_waited_for_as_long_as_it_is_said(ten_readers: Database) -> None:
    """A lost connection is tried again after a second: within `wait` the same run does it."""
    lost: list[str] = []

    def lose_once(phase: str, argument: str, taken: int) -> object:
        if phase == "mail" and not lost:
            lost.append(argument)
            return "421 4.3.2 going down"
        return None

    with ScriptedServer(lose_once) as server:
        options = build_send_options(server.port, connections=1)
        result = send(ten_readers, options, wait=timedelta(seconds=30))
        check_invariants(ten_readers, server.accepted, 10)
    assert len(lost) == 1
    assert result.state is IssueState.sent


def test_without_waiting_a_deferred_row_is_left_for_a_later_run(ten_readers: Database) -> None:
    """The run ends, the issue doesn't; the result says when to come again."""

    def greylist(phase: str, argument: str, taken: int) -> object:
        return "451 4.7.1 greylisted" if phase == "rcpt" and "reader3@" in argument else None

    clock = Clock()
    with ScriptedServer(greylist) as server:
        result = send(ten_readers, build_send_options(server.port), clock=clock)
        assert result.state is IssueState.sending
        assert read_counts(ten_readers) == {"accepted": 9, "deferred": 1}
        assert result.progress.next_due is not None
        assert timedelta(0) < result.progress.next_due - utc_now() < timedelta(minutes=10)
        server.script = lambda *_: None
        clock.ahead = timedelta(minutes=10)
        assert send(ten_readers, build_send_options(server.port), clock=clock).state is (
            IssueState.sent
        )
        check_invariants(ten_readers, server.accepted, 10)


def test_a_reader_whose_message_cannot_be_written_is_refused_without_a_server(
    ten_readers: Database,
) -> None:
    """The others get theirs; the reason stands in the journal."""

    def personalise(delivery: Delivery) -> Recipient:
        if delivery.email.startswith("reader4@"):
            raise ValueError("a link with a line end")
        return build_reader(delivery)

    with ScriptedServer() as server:
        options = build_send_options(server.port)
        broken = type(options)(
            relay=options.relay, return_path=options.return_path, personalise=personalise
        )
        result = send(ten_readers, broken)
        assert not any(one.startswith("reader4@") for one in server.recipients)
    assert result.state is IssueState.sent
    assert read_counts(ten_readers) == {"accepted": 9, "refused": 1}
    with ten_readers.read() as connection:
        reply = connection.execute(
            sa.select(deliveries.c.reply).where(deliveries.c.state == "refused")
        ).scalar_one()
    assert "can't be written into a message" in reply


def test_a_mistake_in_the_program_ends_the_run_and_marks_nobody(ten_readers: Database) -> None:
    """It is raised, not swallowed; what was claimed can be claimed again."""

    def personalise(delivery: Delivery) -> Recipient:
        raise KeyError(delivery.email)

    with ScriptedServer() as server:
        options = build_send_options(server.port)
        broken = type(options)(
            relay=options.relay, return_path=options.return_path, personalise=personalise
        )
        with pytest.raises(KeyError):
            send(ten_readers, broken)
        assert server.recipients == []
        send(ten_readers, options)
        check_invariants(ten_readers, server.accepted, 10)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "takes no mail from us"), ("sv", "tar inte emot e-post från oss")],
    ids=["English", "Swedish"],
)
def test_where_no_relay_takes_us_the_issue_pauses_with_the_cause(
    ten_readers: Database, language: str, words: str
) -> None:
    """In the language of whoever runs it; nobody is refused for it."""
    with ScriptedServer(lambda phase, *_: "554 no" if phase == "connect" else None) as server:
        result = send(ten_readers, build_send_options(server.port), language=language)
    assert result.state is IssueState.paused
    assert words in (read_sent_issue(ten_readers).cause or "")
    assert read_counts(ten_readers) == {"planned": 10}


def test_a_domain_s_rate_holds_nobody_else_up(tmp_path: Path) -> None:
    """Rows of the slow domain that can't go now are put back, and go in the end."""
    database = populate(tmp_path, 14)
    start(database)
    with ScriptedServer() as server:
        options = build_send_options(server.port)
        slow = type(options)(
            relay=options.relay,
            return_path=options.return_path,
            personalise=options.personalise,
            domain_rates={"d1.example.org": 20.0},
        )
        result = send(database, slow)
        check_invariants(database, server.accepted, 14)
        domains = Counter(one.rpartition("@")[2] for one in server.recipients)
    assert result.state is IssueState.sent
    assert domains["d1.example.org"] == 2


def test_an_issue_that_is_paused_meanwhile_ends_the_run(tmp_path: Path) -> None:
    """What was under way is finished and written; the rest stays planned."""
    database = populate(tmp_path, 300)
    start(database)

    def pause_soon(phase: str, argument: str, taken: int) -> None:
        if phase == "dot" and taken == 3:
            control.pause(database, "2026-12", utc_now())

    with ScriptedServer(pause_soon) as server:
        result = send(database, build_send_options(server.port, connections=1))
        accepted = len(server.accepted)
        check_invariants(database, server.accepted, 300)
    assert result.state is IssueState.paused
    assert read_counts(database) == {"accepted": accepted, "planned": 300 - accepted}


def test_everybody_s_state_is_what_the_server_said(ten_readers: Database) -> None:
    """Accepted, refused, deferred, side by side on one connection."""
    answers = {
        "reader1@": "550 5.1.1 no such user",
        "reader2@": "452 4.2.2 mailbox full",
        "reader3@": "550 5.2.1 disabled",
    }

    def answer(phase: str, argument: str, taken: int) -> object:
        who = argument.partition("<")[2]
        found = next((said for start_, said in answers.items() if who.startswith(start_)), None)
        return found if phase == "rcpt" else None

    with ScriptedServer(answer) as server:
        send(ten_readers, build_send_options(server.port, connections=1))
    states = {email.partition("@")[0]: state for email, state in read_states(ten_readers).items()}
    assert states["reader1"] is states["reader3"] is DeliveryState.refused
    assert states["reader2"] is DeliveryState.deferred
    assert Counter(states.values())[DeliveryState.accepted] == 7
