"""Whatever the server does: nobody twice, nobody lost, nobody blamed for a fault of ours."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.delivery.smtp_relay import SmtpTimeouts
from newsletter.domain.delivery import DeliveryState
from newsletter.domain.issue import IssueState
from newsletter.domain.subscriber import SuppressionReason
from newsletter.store import suppressions
from tests.delivery.scripted_server import Action, ScriptedServer
from tests.delivery.send_harness import (
    Clock,
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    read_states,
    send,
    start,
    utc_now,
)

NO_EXTENSIONS = ()
PIPELINED = ("PIPELINING", "SIZE 10000000")
BOTH_MODES = pytest.mark.parametrize(
    "extensions", [PIPELINED, NO_EXTENSIONS], ids=["pipelined", "in-step"]
)
SHORT_TIMEOUTS = SmtpTimeouts(connect=1, command=0.6, data=0.6, block=0.6, dot=0.6, quit=0.1)


# a script
def build_failing_script(
    phase: str, answer: object, who: str = "reader5@d5.example.org", times: int = 1
):  # type: ignore[no-untyped-def]
    """Answer so at one phase for one reader, as often as said; as usual otherwise."""
    left = [times]

    def script(at: str, argument: str, taken: int) -> object:
        if at == phase and who in argument and left[0] > 0:
            left[0] -= 1
            return answer
        return None

    return script


@BOTH_MODES
@pytest.mark.parametrize("readers", [1, 2, 3, 40])
def test_everyone_gets_it_once(tmp_path: Path, extensions: tuple[str, ...], readers: int) -> None:
    """The plain case, in both ways of talking, with few messages a connection."""
    database = populate(tmp_path, readers)
    with ScriptedServer(extensions=extensions) as server:
        assert start(database) == readers
        ended = send(database, build_send_options(server.port, connections=2, per_connection=7))
        assert ended.state is IssueState.sent
        check_invariants(database, server.accepted, readers)
    assert read_counts(database) == {"accepted": readers}


@BOTH_MODES
@pytest.mark.parametrize(
    ("phase", "answer", "state", "suppressed"),
    [
        ("rcpt", "550 5.1.1 no such user", "refused", True),
        ("rcpt", "550 5.2.2 full", "refused", False),
        ("rcpt", "450 4.2.0 greylisted", "deferred", False),
        ("rcpt", "452 4.2.2 full for now", "deferred", False),
        ("data", "451 4.3.0 later", "deferred", False),
        ("data", "554 5.6.0 no", "refused", False),
        ("dot", "451 4.3.0 later", "deferred", False),
        ("dot", "552 5.2.2 full", "refused", False),
        ("dot", "554 5.6.0 content", "refused", False),
    ],
)
def test_a_refusal_is_one_readers(  # the others get theirs on the same connection
    tmp_path: Path,
    extensions: tuple[str, ...],
    phase: str,
    answer: str,
    state: str,
    suppressed: bool,
) -> None:
    """4xx and 5xx at each command: that row alone, and only a dead address is suppressed."""
    database = populate(tmp_path, 12)
    with ScriptedServer(
        build_failing_script(phase, answer, times=9), extensions=extensions
    ) as server:
        start(database)
        send(database, build_send_options(server.port, connections=1))
        check_invariants(database, server.accepted, 12)
        assert server.seen.connections == 1
    assert read_counts(database) == {"accepted": 11, state: 1}
    assert read_states(database)["reader5@d5.example.org"] is DeliveryState(state)
    with database.read() as connection:
        found = suppressions.find_suppression(connection, "reader5@d5.example.org")
    assert (found is not None and found.reason is SuppressionReason.bounced) == suppressed


# The silence comes last: a server that swallows what rides along is left alone for a second.
NONSENSE = (
    Action.SILENCE,
    Action.CLOSE,
    Action.RESET,
    b"rubbish\r\n",
    b"250-x\r\n550 y\r\n",
    b"999 x\r\n",
    b"25\r\n",
    b"250-" + b"x" * 9000,
)


@BOTH_MODES
@pytest.mark.parametrize("phase", ["mail", "rcpt", "data", "body", "dot", "after"])
def test_a_lost_connection_is_unknown_only_once_the_dot_has_left(
    tmp_path: Path, extensions: tuple[str, ...], phase: str
) -> None:
    """Closed, reset, silent, or talking nonsense, at each command.

    Before the dot it goes out again, after it nobody knows.
    """
    database = populate(tmp_path, 24)
    left = list(NONSENSE)

    def script(at: str, argument: str, taken: int) -> object:
        return left.pop() if at == phase and taken == 1 and left else None

    with ScriptedServer(script, extensions=extensions) as server:
        start(database)
        send(
            database,
            build_send_options(server.port, connections=1, timeouts=SHORT_TIMEOUTS),
            wait=timedelta(seconds=20),
        )
        check_invariants(database, server.accepted, 24)
    assert not left
    found = read_counts(database)
    if phase == "body":  # what comes together with the 354 is seen before the dot leaves
        assert 1 <= found.pop("unknown") <= len(NONSENSE)
        assert set(found) == {"accepted"}
    elif phase in ("dot", "after"):
        assert found == {"accepted": 24 - len(NONSENSE), "unknown": len(NONSENSE)}
    else:
        assert found == {"accepted": 24}


@BOTH_MODES
@pytest.mark.parametrize("phase", ["mail", "rcpt", "data", "dot"])
def test_421_is_the_connections(tmp_path: Path, extensions: tuple[str, ...], phase: str) -> None:
    """At any command: a new connection, and the reader gets it a moment later."""
    database = populate(tmp_path, 6)
    hit = [0]

    def script(at: str, argument: str, taken: int) -> object:
        if at == phase and taken == 1 and hit[0] < 2:
            hit[0] += 1
            return "421 4.3.2 go away for now"
        return None

    with ScriptedServer(script, extensions=extensions) as server:
        start(database)
        send(database, build_send_options(server.port, connections=1), wait=timedelta(seconds=20))
        check_invariants(database, server.accepted, 6)
    assert read_counts(database) == {"accepted": 6}


@BOTH_MODES
@pytest.mark.parametrize(
    ("phase", "answer", "words"),
    [
        ("mail", "550 5.1.8 bad sender", "bounces.address"),
        ("mail", "530 5.7.0 sign in first", "password"),
        ("rcpt", "550 5.7.1 relaying denied", "resume"),
        ("dot", "554 5.7.1 looks like spam", "resume"),
        ("dot", "552 5.3.4 too big", "larger"),
    ],
)
def test_a_fault_of_ours_pauses_and_blames_nobody(
    tmp_path: Path, extensions: tuple[str, ...], phase: str, answer: str, words: str
) -> None:
    """The issue says why; no row is refused, nobody suppressed.

    When it is mended all the rest get theirs.
    """
    database = populate(tmp_path, 30)
    broken = [True]

    def script(at: str, argument: str, taken: int) -> object:
        return answer if broken[0] and at == phase and taken >= 2 else None

    with ScriptedServer(script, extensions=extensions) as server:
        start(database)
        assert (
            send(database, build_send_options(server.port, connections=2)).state
            is IssueState.paused
        )
        assert set(read_counts(database)) == {"accepted", "planned"}
        from newsletter.delivery import control

        issue = control.find_issue(database, "2026-12")
        assert issue is not None
        assert words in issue.cause
        broken[0] = False
        control.resume(database, "2026-12", utc_now())
        assert (
            send(database, build_send_options(server.port, connections=2)).state is IssueState.sent
        )
        check_invariants(database, server.accepted, 30)
    assert read_counts(database) == {"accepted": 30}


@pytest.mark.parametrize("rcpt", ["250 2.1.5 ok", "550 5.5.0 no"])
def test_an_empty_message_reaches_nobody(tmp_path: Path, rcpt: str) -> None:
    """A server that refuses MAIL or RCPT and still says 354.

    No dot is given to it that could count as a message.
    """
    database = populate(tmp_path, 8)
    answers = {"mail": "451 4.3.0 later", "rcpt": rcpt, "data": "354 go on"}
    with ScriptedServer(
        lambda at, argument, taken: answers.get(at) if taken == 1 else None
    ) as server:
        start(database)
        send(database, build_send_options(server.port, connections=1))
        assert all(one.content for one in server.accepted)
        check_invariants(database, server.accepted, 8)


def test_a_greylisted_reader_gets_it_when_the_clock_has_moved(tmp_path: Path) -> None:
    """450 at first, accepted five minutes later.

    One delivery, and until then the issue isn't finished.
    """
    database = populate(tmp_path, 3)
    clock = Clock()
    with ScriptedServer(
        build_failing_script("rcpt", "450 4.2.0 greylisted", "reader2@d2.example.org")
    ) as server:
        start(database)
        assert (
            send(database, build_send_options(server.port), clock=clock).state is IssueState.sending
        )
        assert read_counts(database) == {"accepted": 2, "deferred": 1}
        clock.ahead = timedelta(minutes=7)
        assert send(database, build_send_options(server.port), clock=clock).state is IssueState.sent
        check_invariants(database, server.accepted, 3)


def test_after_five_days_of_later_it_is_refused(tmp_path: Path) -> None:
    """And nobody is suppressed for it."""
    database = populate(tmp_path, 1)
    clock = Clock()
    with ScriptedServer(
        build_failing_script("rcpt", "450 4.2.0 later", "reader1@d1.example.org", times=99)
    ) as server:
        start(database)
        for minutes in (0, 10, 60, 300):
            clock.ahead = timedelta(minutes=minutes)
            send(database, build_send_options(server.port), clock=clock)
            assert read_counts(database) == {"deferred": 1}
        clock.ahead = timedelta(days=5, minutes=10)
        assert send(database, build_send_options(server.port), clock=clock).state is IssueState.sent
    assert read_counts(database) == {"refused": 1}


def test_a_server_that_is_away_for_a_moment(tmp_path: Path) -> None:
    """421 and hang-ups in place of the greeting: tried again, nobody noticed."""
    database = populate(tmp_path, 5)
    left = [2]

    def script(at: str, argument: str, taken: int) -> object:
        if at == "connect" and left[0]:
            left[0] -= 1
            return "421 4.3.2 not yet" if left[0] else Action.CLOSE
        return None

    with ScriptedServer(script) as server:
        start(database)
        assert (
            send(database, build_send_options(server.port, connections=1)).state is IssueState.sent
        )
        check_invariants(database, server.accepted, 5)


def test_a_server_that_wants_nobody_pauses_the_issue(tmp_path: Path) -> None:
    """554 as the greeting: nothing was begun, and the cause is kept."""
    database = populate(tmp_path, 5)
    with ScriptedServer(
        lambda at, *_: "554 5.3.2 no service here" if at == "connect" else None
    ) as server:
        start(database)
        assert send(database, build_send_options(server.port)).state is IssueState.paused
    assert read_counts(database) == {"planned": 5}


def test_an_address_beyond_ascii_goes_only_where_that_is_offered(tmp_path: Path) -> None:
    """Without SMTPUTF8 that reader is refused in words, and the others get theirs."""
    import sqlalchemy as sa

    from newsletter.store.tables import subscribers

    for extensions, state in (
        (("PIPELINING",), "refused"),
        (("PIPELINING", "SMTPUTF8"), "accepted"),
    ):
        folder = tmp_path / state
        folder.mkdir()
        database = populate(folder, 3)
        with database.begin() as connection:
            changed = {"email": "åsa@example.org", "key": "åsa@example.org"}
            connection.execute(sa.update(subscribers).where(subscribers.c.id == 2).values(changed))
        with ScriptedServer(extensions=extensions) as server:
            start(database)
            send(database, build_send_options(server.port, connections=1))
        assert read_states(database)["åsa@example.org"] is DeliveryState(state)
        assert len(server.accepted) == (3 if state == "accepted" else 2)


def test_a_letter_larger_than_the_server_takes_pauses(tmp_path: Path) -> None:
    """SIZE is read, and nothing is wasted on it."""
    database = populate(tmp_path, 3)
    with ScriptedServer(extensions=("SIZE 1000",)) as server:
        start(database)
        assert send(database, build_send_options(server.port)).state is IssueState.paused
        assert "data" not in server.seen.commands
    assert read_counts(database) == {"planned": 3}


def test_stop_finishes_what_is_under_way(tmp_path: Path) -> None:
    """Ctrl-C: no row is left claimed, sending or unknown; the next run sends the rest."""
    database = populate(tmp_path, 400)
    stop = threading.Event()

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and "reader60@" in argument:
            stop.set()
        return None

    with ScriptedServer(script) as server:
        start(database)
        ended = send(database, build_send_options(server.port, connections=3), stop=stop)
        assert ended.was_stopped
        assert set(read_counts(database)) == {"accepted", "planned"}
        assert ended.state is IssueState.sending
        send(database, build_send_options(server.port))
        check_invariants(database, server.accepted, 400)
    assert read_counts(database) == {"accepted": 400}


@pytest.mark.parametrize("what", ["pause", "cancel"])
def test_pause_and_cancel_hold_at_once(tmp_path: Path, what: str) -> None:
    """Said by another process while it is sending.

    What is on its way arrives, nothing else is begun.
    """
    from newsletter.delivery import control

    database = populate(tmp_path, 400)
    done = [0]

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and not done[0] and "reader50@" in argument:
            getattr(control, what)(database, "2026-12", utc_now())
            done[0] = len(server.accepted)
        return None

    with ScriptedServer(script) as server:
        start(database)
        ended = send(database, build_send_options(server.port, connections=2))
        assert ended.state is (IssueState.paused if what == "pause" else IssueState.cancelled)
        assert len(server.accepted) <= done[0] + 2 * 4 + 1
        check_invariants(database, server.accepted, 400)
    assert set(read_counts(database)) == {"accepted", "planned"}
