"""Faults by chance: any reply at any command, hang-ups, pauses, readers who leave, stops, all in one send.

A failure prints its seed; a seed that has failed is kept in KEPT. FAULTS=30 (make faults) draws
thirty times as many.
"""

import os
import random
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from scripted import Do, Scripted
from world import Clock, check_invariants, counts, now, populate, route, send, start

from newsletter.delivery import audience
from newsletter.delivery.smtp import SmtpTimeouts
from newsletter.domain.issue import IssueState
from newsletter.domain.subscriber import SuppressionReason
from newsletter.engine import embedded
from newsletter.subscribers.suppression import suppress

#: Seeds that failed once.
KEPT: list[int] = []
FIRST = int(os.environ.get("SEED", "1"))
SEEDS = [*KEPT, *range(FIRST, FIRST + 4 * int(os.environ.get("FAULTS", "1")))]
READERS = 60
SHORT = SmtpTimeouts(connect=0.5, command=0.4, data=0.4, block=0.4, dot=0.4, quit=0.1)
REPLIES = (
    "421 4.3.2 away", "450 4.2.0 grey", "451 4.3.0 later", "452 4.5.3 too many", "452 4.3.1 full", "550 5.1.1 unknown",
    "552 5.2.2 full", "554 5.6.0 content", "503 5.5.1 what", "550 5.7.1 policy", "535 5.7.8 sign in", "354 go on", "999 what",
)  # fmt: skip
ENDS = (
    Do.CLOSE,
    Do.RESET,
    Do.SILENCE,
    Do.DRIP,
    b"rubbish\r\n",
    b"250-\r\n550 y\r\n",
    b"250-" + b"x" * 9000,
    b"999 what\r\n",
    b"\xff\r\n",
)
STRAYS = ("250 2.0.0 ok", b"250 x\r\n250 y\r\n", b"421 4.0.0\n")
#: What may be answered. Where a message is taken the server tells the truth, or nothing: nobody can
#: tell a lie from its words.
ANSWERS = dict.fromkeys(("connect", "ehlo", "mail", "rcpt", "data", "rset"), REPLIES + ENDS + STRAYS) | {
    "body": ENDS, "dot": REPLIES + ENDS, "after": ENDS,
}  # fmt: skip


class Chance:
    """What one seed makes of a send."""

    def __init__(self, seed: int) -> None:
        self.drawn = random.Random(seed)
        self.quiet = False
        self.stop = threading.Event()
        self.left: list[str] = []

    def script(self, at: str, argument: str, taken: int) -> object:
        """Answer as usual nine times in ten."""
        if self.quiet or at not in ANSWERS or self.drawn.random() > 0.04:
            return None
        if self.drawn.random() < 0.1:
            self.stop.set()
        return self.drawn.choice(ANSWERS[at])


@pytest.mark.parametrize("seed", SEEDS)
def test_faults_by_chance(tmp_path: Path, seed: int) -> None:
    """Whatever happens: nobody twice, nobody lost, nobody who has left.

    In the end every row has an end.
    """
    chance = Chance(seed)
    database = populate(tmp_path, READERS)
    clock = Clock()
    extensions = chance.drawn.choice([("PIPELINING", "SIZE 10000000"), ("PIPELINING",), ()])
    left: set[str] = set()
    with Scripted(chance.script, extensions=extensions) as server:
        start(database)
        for run in range(40):
            chance.quiet = run > 8
            chance.stop = threading.Event()
            to = route(
                server.port,
                connections=chance.drawn.randint(1, 4),
                per_connection=chance.drawn.randint(1, 30),
                timeouts=SHORT,
                patience=timedelta(seconds=0.2),
            )
            ended = send(database, to, clock=clock, stop=chance.stop)
            check_invariants(database, server.accepted, READERS)
            if ended.state is IssueState.paused:
                audience.resume(database, "2026-12", now())
            if ended.state is IssueState.sent:
                break
            got = set(server.recipients)
            number = chance.drawn.randint(1, READERS)
            reader = f"reader{number}@d{number % 7}.example.org"
            if run < 5 and reader not in got:
                with database.begin() as connection:
                    suppress(connection, reader, SuppressionReason.unsubscribed, now())
                left.add(reader)
            clock.ahead += timedelta(minutes=chance.drawn.choice([1, 10, 300]))
        check_invariants(database, server.accepted, READERS, suppressed=frozenset(left))
    assert set(counts(database)) <= {"accepted", "refused", "unknown", "suppressed"}
    assert embedded.lock_and_recover(database, now()) == (0, 0)
