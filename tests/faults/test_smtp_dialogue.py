"""How a server talks and lets us talk.

Odd words, no end, no room for many, an offer that it can't keep.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.delivery.smtp_relay import SmtpTimeouts
from newsletter.domain.issue import IssueState
from tests.delivery.scripted_server import Action, ScriptedServer
from tests.delivery.send_harness import (
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    read_sent_issue,
    send,
    start,
)

NO_EXTENSIONS = ()
PIPELINED = ("PIPELINING", "SIZE 10000000")
BOTH_MODES = pytest.mark.parametrize(
    "extensions", [PIPELINED, NO_EXTENSIONS], ids=["pipelined", "in-step"]
)
SHORT_TIMEOUTS = SmtpTimeouts(connect=1, command=0.6, data=0.6, block=0.6, dot=0.6, quit=0.1)


@BOTH_MODES
@pytest.mark.parametrize(
    ("phase", "answer"), [("mail", "421 4.7.0 enough"), ("rcpt", "452 4.5.3 too many recipients")]
)
def test_a_server_that_takes_three_messages_a_connection(
    tmp_path: Path, extensions: tuple[str, ...], phase: str, answer: str
) -> None:
    """A limit that nobody told us about, said by hanging up or by a code.

    All arrive, over more connections.
    """
    database = populate(tmp_path, 10)

    def script(at: str, argument: str, taken: int) -> object:
        return answer if at == phase and taken >= 3 else None

    with ScriptedServer(script, extensions=extensions) as server:
        start(database)
        send(database, build_send_options(server.port, connections=2), wait=timedelta(seconds=20))
        check_invariants(database, server.accepted, 10)
    assert read_counts(database) == {"accepted": 10}


@BOTH_MODES
@pytest.mark.parametrize("goodbye", ["421 4.3.2 one is enough", "rubbish"])
def test_a_server_that_takes_one_message_a_connection_is_in_no_trouble(
    tmp_path: Path, extensions: tuple[str, ...], goodbye: str
) -> None:
    """It says 250 and goodbye in one breath.

    The next connection follows at once, nothing is held, however little patience there is.
    """
    database = populate(tmp_path, 8)
    with ScriptedServer(
        lambda at, *_: f"250 2.0.0 taken\r\n{goodbye}" if at == "dot" else None,
        extensions=extensions,
    ) as server:
        start(database)
        to = build_send_options(server.port, connections=1, patience=timedelta(0))
        assert send(database, to, wait=timedelta(seconds=20)).state is IssueState.sent
        check_invariants(database, server.accepted, 8)
        assert extensions or server.seen.commands.count("mail") == 8
    assert read_counts(database) == {"accepted": 8}


def test_a_server_that_allows_two_connections_at_once(tmp_path: Path) -> None:
    """The third is sent away at the door.

    The two do all of it, nothing is held up, nobody is unknown.
    """
    database = populate(tmp_path, 80)
    at_once = [0]

    def script(at: str, argument: str, taken: int) -> object:
        if at == "connect":
            at_once[0] += 1
            return "421 4.7.0 too many connections" if at_once[0] > 2 else None
        if at == "quit":
            at_once[0] -= 1
        return None

    with ScriptedServer(script) as server:
        start(database)
        assert (
            send(database, build_send_options(server.port, connections=6)).state is IssueState.sent
        )
        check_invariants(database, server.accepted, 80)
    assert read_counts(database) == {"accepted": 80}


def test_stray_replies_are_no_acceptance(tmp_path: Path) -> None:
    """A 250 too many, before the message: not counted as its answer."""
    database = populate(tmp_path, 4)
    left = [1]

    def script(at: str, argument: str, taken: int) -> object:
        if at == "data" and taken == 1 and left[0]:
            left[0] -= 1
            return b"354 go on\r\n250 2.0.0 taken\r\n"
        return None

    with ScriptedServer(script) as server:
        start(database)
        send(database, build_send_options(server.port, connections=1), wait=timedelta(seconds=8))
        check_invariants(database, server.accepted, 4)


@BOTH_MODES
@pytest.mark.parametrize("how", [Action.DRIP, Action.FLOOD], ids=["drip", "flood"])
def test_a_server_that_never_comes_to_an_end(
    tmp_path: Path, extensions: tuple[str, ...], how: object
) -> None:
    """An octet now and then, or replies without number.

    The patience is for whole replies that were asked for.
    """
    database = populate(tmp_path, 30)
    # Not instead of the answer to a dot: nobody can tell a lie from its words.
    left = ["mail", "rcpt", "data", "after", *(["body"] if how is Action.DRIP else [])]

    def script(at: str, argument: str, taken: int) -> object:
        if at in left and taken:
            left.remove(at)
            return how
        return None

    with ScriptedServer(script, extensions=extensions) as server:
        start(database)
        send(
            database,
            build_send_options(server.port, connections=3, timeouts=SHORT_TIMEOUTS),
            wait=timedelta(seconds=20),
        )
        check_invariants(database, server.accepted, 30)
        assert not left
        assert not server.seen.unstopped_replies
    assert read_counts(database)["accepted"] >= 28


@pytest.mark.parametrize("ahead", [Action.RESET, Action.FORGET], ids=["resets", "forgets"])
def test_a_server_that_offers_pipelining_and_cannot_do_it(tmp_path: Path, ahead: object) -> None:
    """It hangs up on commands that come early, or throws them away.

    After a few tries it is spoken to in step.
    """
    database = populate(tmp_path, 40)
    with ScriptedServer(on_early_commands=ahead) as server:
        start(database)
        assert (
            send(
                database,
                build_send_options(server.port, connections=2, timeouts=SHORT_TIMEOUTS),
                wait=timedelta(seconds=20),
            ).state
            is IssueState.sent
        )
        check_invariants(database, server.accepted, 40)
    assert read_counts(database) == {"accepted": 40}
    assert server.seen.connections < 20


@pytest.mark.parametrize(
    ("phase", "answer", "extensions"),
    [("mail", "421 4.3.2 much to do", PIPELINED), ("rcpt", Action.CLOSE, NO_EXTENSIONS)],
    ids=["421", "close"],
)
def test_a_server_that_answers_nobody_is_not_stormed(
    tmp_path: Path, phase: str, answer: object, extensions: tuple[str, ...]
) -> None:
    """It lets us in and sends us away at each message: asked ever more seldom.

    Then the issue is held with its words.
    """
    database = populate(tmp_path, 300)
    with ScriptedServer(
        lambda at, *_: answer if at == phase else None, extensions=extensions
    ) as server:
        start(database)
        send(
            database,
            build_send_options(server.port, connections=4, patience=timedelta(seconds=0.5)),
            wait=timedelta(seconds=20),
        )
    assert read_sent_issue(database).state is IssueState.paused
    assert ("421 4.3.2 much to do" if phase == "mail" else "it hung up") in read_sent_issue(
        database
    ).cause
    assert set(read_counts(database)) == {"planned", "deferred"}
    assert server.seen.connections <= 20


@pytest.mark.parametrize(
    "size", ["SIZE", "SIZE ²", "SIZE -1", "SIZE 1e9", "SIZE " + "9" * 5000, "SIZE 0"]
)
def test_a_size_that_makes_no_sense_is_none(tmp_path: Path, size: str) -> None:
    """No end of the program, and no limit."""
    database = populate(tmp_path, 3)
    with ScriptedServer(extensions=("PIPELINING", size)) as server:
        start(database)
        assert send(database, build_send_options(server.port)).state is IssueState.sent
    assert read_counts(database) == {"accepted": 3}


ODD_REPLIES = (
    b"250\r\n",
    b"250 ok\n",
    b"250-\n250\n",
    b"250 t\xe5ckar \xff\r\n",
    b"250 \x1b[2J\x00\r\n",
    b"250-2.0.0 a\r\n250-b\r\n250 c\r\n",
    b"250 " + b"x" * 8000 + b"\r\n",
    b"250-a\r\n" * 900 + b"250 b\r\n",
    b"259 what\r\n",
)
INVALID_REPLIES = (
    b"250-a\r\n550 b\r\n",
    b"999 ok\r\n",
    b"25\r\n",
    b"2500 ok\r\n",
    b"250_ok\r\n",
    b" 250 ok\r\n",
    b"\r\n",
    b"\xff\xfe\r\n",
    b"354 go on\r\n",
    b"250 " + b"x" * 200_000 + b"\r\n",
    b"250-a\r\n" * 9000,
    b"\xd9\xa2\xd9\xa5\xd9\xa0 ok\r\n",
    b"HTTP/1.1 200 OK\r\n",
)


@BOTH_MODES
@pytest.mark.parametrize(
    ("answers", "state"),
    [(ODD_REPLIES, "accepted"), (INVALID_REPLIES, "unknown")],
    ids=["odd", "wrong"],
)
def test_replies_of_any_form(
    tmp_path: Path, extensions: tuple[str, ...], answers: tuple[bytes, ...], state: str
) -> None:
    """No text, bare LF, other alphabets, many lines are an answer.

    Two codes in one, no code, no end are none: nobody knows then.
    """
    database = populate(tmp_path, len(answers))
    left = list(answers)
    with ScriptedServer(
        lambda at, *_: left.pop() if at == "dot" else None, extensions=extensions
    ) as server:
        start(database)
        # One message each, on connections of their own: a server that says such things again and
        # again is asked ever more seldom.
        send(database, build_send_options(server.port, connections=len(answers), per_connection=1))
        check_invariants(database, server.accepted, len(answers))
    assert read_counts(database) == {state: len(answers)}
