"""Faults by chance: any reply at any command, hang-ups, pauses, readers who leave, stops.

All in one send.

A failure prints its seed; a seed that has failed is kept in KEPT. FAULTS=30 (make faults) draws
thirty times as many.
"""

import os
import random
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.delivery import control
from newsletter.delivery.smtp_relay import SmtpTimeouts
from newsletter.domain.issue import IssueState
from newsletter.domain.subscriber import SuppressionReason
from newsletter.engine import send_run
from newsletter.subscribers.suppression import suppress
from tests.delivery.scripted_server import Action, ScriptedServer
from tests.delivery.send_harness import (
    Clock,
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    send,
    start,
    utc_now,
)

#: Seeds that failed once.
FAILED_SEEDS: list[int] = []
FIRST_SEED = int(os.environ.get("SEED", "1"))
SEEDS = [*FAILED_SEEDS, *range(FIRST_SEED, FIRST_SEED + 4 * int(os.environ.get("FAULTS", "1")))]
READERS = 60
SHORT_TIMEOUTS = SmtpTimeouts(connect=0.5, command=0.4, data=0.4, block=0.4, dot=0.4, quit=0.1)
REPLIES = (
    "421 4.3.2 away",
    "450 4.2.0 grey",
    "451 4.3.0 later",
    "452 4.5.3 too many",
    "452 4.3.1 full",
    "550 5.1.1 unknown",
    "552 5.2.2 full",
    "554 5.6.0 content",
    "503 5.5.1 what",
    "550 5.7.1 policy",
    "535 5.7.8 sign in",
    "354 go on",
    "999 what",
)
BROKEN_REPLIES = (
    Action.CLOSE,
    Action.RESET,
    Action.SILENCE,
    Action.DRIP,
    b"rubbish\r\n",
    b"250-\r\n550 y\r\n",
    b"250-" + b"x" * 9000,
    b"999 what\r\n",
    b"\xff\r\n",
)
STRAY_REPLIES = ("250 2.0.0 ok", b"250 x\r\n250 y\r\n", b"421 4.0.0\n")
#: What may be answered. Where a message is taken the server tells the truth, or nothing: nobody can
#: tell a lie from its words.
REPLIES_BY_PHASE = dict.fromkeys(
    ("connect", "ehlo", "mail", "rcpt", "data", "rset"), REPLIES + BROKEN_REPLIES + STRAY_REPLIES
) | {
    "body": BROKEN_REPLIES,
    "dot": REPLIES + BROKEN_REPLIES,
    "after": BROKEN_REPLIES,
}


class RandomFaults:
    """What one seed makes of a send."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.quiet = False
        self.stop = threading.Event()
        self.left: list[str] = []

    def choose_reply(self, at: str, argument: str, taken: int) -> object:
        """Answer as usual nine times in ten."""
        if self.quiet or at not in REPLIES_BY_PHASE or self.random.random() > 0.04:
            return None
        if self.random.random() < 0.1:
            self.stop.set()
        return self.random.choice(REPLIES_BY_PHASE[at])


@pytest.mark.parametrize("seed", SEEDS)
def test_faults_by_chance(tmp_path: Path, seed: int) -> None:
    """Whatever happens: nobody twice, nobody lost, nobody who has left.

    In the end every row has an end.
    """
    chance = RandomFaults(seed)
    database = populate(tmp_path, READERS)
    clock = Clock()
    extensions = chance.random.choice([("PIPELINING", "SIZE 10000000"), ("PIPELINING",), ()])
    left: set[str] = set()
    with ScriptedServer(chance.choose_reply, extensions=extensions) as server:
        start(database)
        for run in range(40):
            chance.quiet = run > 8
            chance.stop = threading.Event()
            to = build_send_options(
                server.port,
                connections=chance.random.randint(1, 4),
                per_connection=chance.random.randint(1, 30),
                timeouts=SHORT_TIMEOUTS,
                patience=timedelta(seconds=0.2),
            )
            ended = send(database, to, clock=clock, stop=chance.stop)
            check_invariants(database, server.accepted, READERS)
            if ended.state is IssueState.paused:
                control.resume(database, "2026-12", utc_now())
            if ended.state is IssueState.sent:
                break
            got = set(server.recipients)
            number = chance.random.randint(1, READERS)
            reader = f"reader{number}@d{number % 7}.example.org"
            if run < 5 and reader not in got:
                with database.begin() as connection:
                    suppress(connection, reader, SuppressionReason.unsubscribed, utc_now())
                left.add(reader)
            clock.ahead += timedelta(minutes=chance.random.choice([1, 10, 300]))
        check_invariants(database, server.accepted, READERS, suppressed=frozenset(left))
    assert set(read_counts(database)) <= {"accepted", "refused", "unknown", "suppressed"}
    assert send_run.lock_and_recover(database, utc_now()) == (0, 0)
