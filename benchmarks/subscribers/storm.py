"""Two hundred readers leave at once while an issue goes out to 50,000, again and again.

`newsletter serve` sends and answers, as it does for real; the mail server and those who leave are
processes of their own. Told are the times of the answers, from asking for a connection to the last
byte, and whether anybody got the letter whose answer had come before her letter was claimed. Who is
about to get it leaves first.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.delivery.servers import run_own_sink
from benchmarks.subscribers.example_workspace import HOST, create_workspace
from benchmarks.subscribers.serving import serve
from newsletter.app import Workspace
from newsletter.domain.delivery import DeliveryState
from newsletter.domain.issue import RenderedIssue
from newsletter.domain.segment import Everyone
from newsletter.domain.subscriber import SubscriberId
from newsletter.mail.tokens import Purpose
from newsletter.store import issues, journal, journal_counts

STORM_SIZE = 200
#: Seconds between two storms, and milliseconds that 99 of 100 may wait at most.
STORM_INTERVAL_SECONDS, MAX_P99_MS = 2.0, 250
#: Seconds that a letter may lie claimed: an answer before the claim is honoured, one after it comes
#: too late for this letter.
MAX_CLAIM_SECONDS = 1.0
LETTER = RenderedIssue(
    subject="Nyhetsbrev",
    preheader="",
    language="sv",
    html="<p>XunsubX</p>",
    text="XunsubX",
    mjml="",
    slots={"unsubscribe_url": "XunsubX"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What those who left at once were told."""

    #: Milliseconds until each answer was there.
    times: list[float]
    #: Letters that had gone out by then.
    sent: int

    def compute_quantile(self, of: float) -> float:
        """Return what so many of them waited at most."""
        return sorted(self.times)[max(0, int(len(self.times) * of) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StormResults:
    """What came out."""

    readers: int
    storms: list[Storm]
    #: Answers that weren't a yes, and letters that were begun after their reader's answer.
    refused: int
    late: int
    #: Letters a second meanwhile.
    rate: float

    @property
    def p99(self) -> float:
        """The storms' middle."""
        return statistics.median(storm.compute_quantile(0.99) for storm in self.storms)

    @property
    def reached(self) -> bool:
        """Whether it is as it should be."""
        return not self.refused and not self.late and self.p99 <= MAX_P99_MS

    def describe(self) -> Iterator[str]:
        """Return it in words."""
        for storm in self.storms:
            p50, p99, last = (
                storm.compute_quantile(0.5),
                storm.compute_quantile(0.99),
                storm.compute_quantile(1),
            )
            yield (
                f"{storm.sent:7,} letters gone: half waited {p50:.0f} ms at most, 99 of 100"
                f" {p99:.0f} ms, the last {last:.0f} ms"
            )
        said = (
            f"99 of 100 waited {self.p99:.0f} ms (≤ {MAX_P99_MS}) in the middle storm,"
            f" at {self.rate:,.0f}"
            " letters/s"
        )
        yield f"{'ok ' if self.reached else 'NO '} {said}"
        yield (
            f"    not answered with yes: {self.refused};"
            f" letters begun more than {MAX_CLAIM_SECONDS:.0f} s"
            f" after the answer: {self.late}"
        )


def measure(readers: int, storms: int) -> StormResults:
    """Let the storms come over a send."""
    with run_own_sink() as port, create_workspace(readers, port) as made:
        number = _freeze_issue(made)
        with serve(made.folder) as pages:
            _run_storm(pages, _sign_paths(made, [readers]))
            began = time.monotonic()
            found, answers = [], {}
            for _ in range(storms):
                time.sleep(STORM_INTERVAL_SECONDS)
                leaving = _pick_leavers(_count_sent(made, number), readers, answers)
                if len(leaving) < STORM_SIZE:
                    break
                answered = _run_storm(pages, _sign_paths(made, leaving))
                found.append(
                    Storm(times=[took for took, _, _ in answered], sent=_count_sent(made, number))
                )
                answers.update(zip(leaving, answered, strict=True))
            rate = found[-1].sent / (time.monotonic() - began)
            _wait_for_end(made, number)
        late = sum(_is_late(made, reader, yes, when) for reader, (_, yes, when) in answers.items())
    refused = sum(not yes for _, yes, _ in answers.values())
    return StormResults(readers=readers, storms=found, refused=refused, late=late, rate=rate)


def _freeze_issue(made: Workspace) -> int:
    """Freeze an issue to everybody; `serve` goes on with it."""
    with made.database.begin() as connection:
        number = issues.add(connection, "12", LETTER, segment="", now=made.clock())
        journal.freeze(connection, number, Everyone(), made.clock())
    return number


def _pick_leavers(sent: int, readers: int, gone: Collection[int]) -> list[int]:
    """Return readers who are about to get their letter, in the order of their turn.

    Those whose turn is now come first.
    """
    return list(
        islice((one for one in range(sent + 100, readers, 20) if one not in gone), STORM_SIZE)
    )


def _sign_paths(made: Workspace, readers: list[int]) -> list[str]:
    return [f"/u/{made.token_keys.sign(Purpose.unsubscribe, SubscriberId(one))}" for one in readers]


def _count_sent(made: Workspace, number: int) -> int:
    with made.database.read() as connection:
        return journal_counts.count_by_state(connection, number)[DeliveryState.accepted]


def _wait_for_end(made: Workspace, number: int) -> None:
    while True:
        with made.database.read() as connection:
            if not journal.is_sending(connection, number):
                return
        time.sleep(0.2)


def _is_late(made: Workspace, reader: int, yes: bool, when: datetime) -> bool:
    with made.database.read() as connection:
        tried = connection.exec_driver_sql(
            "SELECT first_tried FROM deliveries WHERE subscriber = ?", (reader,)
        ).scalar_one()
    return (
        yes
        and tried is not None
        and (datetime.fromisoformat(tried).replace(tzinfo=UTC) - when).total_seconds()
        > MAX_CLAIM_SECONDS
    )


def _run_storm(port: int, paths: list[str]) -> list[tuple[float, bool, datetime]]:
    command = [sys.executable, str(Path(__file__).with_name("leaving.py")), str(port), HOST]
    done = subprocess.run(
        command, input=json.dumps(paths), capture_output=True, text=True, check=True
    )
    return [
        (took, yes, datetime.fromisoformat(when)) for took, yes, when in json.loads(done.stdout)
    ]
