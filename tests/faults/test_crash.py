"""kill -9, two senders at once, a list that changes under way, a disk that is full.

The journal is right after each.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.delivery import control
from newsletter.domain.delivery import DeliveryState
from newsletter.domain.issue import IssueState
from newsletter.domain.subscriber import SuppressionReason
from newsletter.engine import send_run
from newsletter.errors import AlreadySendingError
from newsletter.store.database import open_database
from newsletter.store.tables import deliveries, subscribers
from newsletter.subscribers.suppression import suppress
from tests.delivery.scripted_server import Action, ScriptedServer
from tests.delivery.send_harness import (
    build_run,
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    read_states,
    send,
    start,
    utc_now,
)
from tests.waiting import HANG_SECONDS

#: How much more than in CI.
FAULT_FACTOR = int(os.environ.get("FAULTS", "1"))
SENDER_CODE = """
import sys
sys.path.insert(0, {root!r})
from tests.delivery.send_harness import build_send_options, send, read_counts
from newsletter.store.database import open_database
database = open_database({url!r})
send(database, build_send_options({port}, connections=3, per_connection=50, rate={rate}))
print(read_counts(database))
"""


def start_sender(folder: Path, port: int, rate: float | None = None) -> "subprocess.Popen[bytes]":
    """Start a process of its own that sends."""
    code = SENDER_CODE.format(
        root=str(Path(__file__).parents[2]),
        url=f"sqlite:///{folder}/newsletter.db",
        port=port,
        rate=rate,
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize(
    "seed",
    range(int(os.environ.get("SEED", "1")), int(os.environ.get("SEED", "1")) + 2 * FAULT_FACTOR),
)
def test_killed_at_random_up_to_five_times(tmp_path: Path, seed: int) -> None:
    """Kill -9 when the server has seen so many messages, and the same again.

    Nobody twice, nobody lost, few unknown.
    """
    chance = random.Random(seed)
    readers, connections, kills = 600, 3, 3 if FAULT_FACTOR == 1 else 5
    database = populate(tmp_path, readers)
    points = sorted(chance.sample(range(5, readers - 50), kills))
    running: list[subprocess.Popen[bytes]] = []

    def script(at: str, argument: str, taken: int) -> object:
        if (
            at == chance.choice(("mail", "data", "dot", "after"))
            and points
            and len(server.accepted) >= points[0]
            and running
        ):
            points.pop(0)
            os.kill(running[-1].pid, signal.SIGKILL)
        return None

    with ScriptedServer(script) as server:
        start(database)
        for attempt in range(kills + 1):
            running.append(start_sender(tmp_path, server.port))
            out, err = running[-1].communicate(timeout=HANG_SECONDS)
            send_run.lock_and_recover(database, utc_now())
            check_invariants(database, server.accepted, readers)
            if running[-1].returncode == 0:
                break
            assert running[-1].returncode == -signal.SIGKILL, err.decode()
            unknown = read_counts(database).get("unknown", 0)
            assert unknown <= (attempt + 1) * 4 * connections, json.dumps(
                {"seed": seed, "unknown": unknown}
            )
        assert running[-1].returncode == 0, (out, err)
        check_invariants(database, server.accepted, readers)
    found = read_counts(database)
    assert set(found) <= {"accepted", "unknown"}
    assert len(running) >= 2


def test_unknown_goes_out_again_only_when_staff_say_so(tmp_path: Path) -> None:
    """With the Message-ID of the first time, so that the receiver can recognise it."""
    database = populate(tmp_path, 5)
    left = [1]

    def script(at: str, argument: str, taken: int) -> object:
        if at == "after" and left[0]:
            left[0] -= 1
            return Action.CLOSE
        return None

    with ScriptedServer(script) as server:
        start(database)
        send(database, build_send_options(server.port, connections=1), wait=timedelta(seconds=5))
        assert read_counts(database) == {"accepted": 4, "unknown": 1}
        (doubtful,) = [
            who for who, state in read_states(database).items() if state is DeliveryState.unknown
        ]
        control.resume(database, "2026-12", utc_now(), resend_unknown=True)
        assert (
            send(database, build_send_options(server.port, connections=1)).state is IssueState.sent
        )
        assert read_counts(database) == {"accepted": 5}
        both = [one.content for one in server.accepted if one.recipient == doubtful]
    assert len(both) == 2
    assert (
        len(
            {
                line
                for content in both
                for line in content.split(b"\r\n")
                if line.startswith(b"Message-ID")
            }
        )
        == 1
    )


def test_two_senders_at_once(tmp_path: Path) -> None:
    """The second is refused in words; a lock of a dead process holds nobody up."""
    readers = 300
    database = populate(tmp_path, readers)
    refused: list[str] = []

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and not refused and len(server.accepted) > 20:
            with pytest.raises(AlreadySendingError, match="is sending") as error:
                send(
                    open_database(f"sqlite:///{tmp_path}/newsletter.db"),
                    build_send_options(server.port),
                )
            refused.append(str(error.value))
        return None

    with ScriptedServer(script) as server:
        start(database)
        send(database, build_send_options(server.port))
        check_invariants(database, server.accepted, readers)
    assert str(os.getpid()) in refused[0]
    assert read_counts(database) == {"accepted": readers}
    send_run.lock_and_recover(database, utc_now())


def test_a_link_to_a_database_is_no_second_one(tmp_path: Path) -> None:
    """Another path to the same file has the same lock."""
    populate(tmp_path, 1).close()
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "other.db").symlink_to(tmp_path / "newsletter.db")
    databases = [
        open_database(f"sqlite:///{tmp_path}/{name}") for name in ("newsletter.db", "link/other.db")
    ]
    with (
        send_run.hold_single_sender_lock(databases[0]),
        pytest.raises(AlreadySendingError),
        send_run.hold_single_sender_lock(databases[1]),
    ):
        pass
    for database in databases:
        database.close()


def test_a_process_that_was_taken_over_changes_nothing(tmp_path: Path) -> None:
    """Two runs without the lock (as on two hosts).

    Claims are disjoint, results fenced, nobody gets it twice.
    """
    import asyncio

    from newsletter.delivery.journal_batch import JournalWriter
    from newsletter.delivery.send import IssueSender
    from tests.delivery.send_harness import RENDERED, compile_test_issue

    readers = 200
    database = populate(tmp_path, readers)
    start(database)
    issue = control.find_issue(database, "2026-12")
    assert issue is not None

    async def _run_both_senders(port: int) -> None:
        runs = [
            IssueSender(
                JournalWriter(database=database, issue_id=issue.id, owner=owner),
                compile_test_issue(RENDERED),
                build_run(build_send_options(port, connections=2)),
            )
            for owner in ("one", "two")
        ]
        await asyncio.gather(*(run.run() for run in runs))

    with ScriptedServer() as server:
        asyncio.run(_run_both_senders(server.port))
        check_invariants(database, server.accepted, readers)
    assert read_counts(database) == {"accepted": readers}


def test_a_slow_domain_stands_in_nobodys_way(tmp_path: Path) -> None:
    """Its readers come first in the list and get one a second.

    All the others have theirs before it has got ten.
    """
    database = populate(tmp_path, 0)
    with database.begin() as connection:
        new = {
            "name": "Läsare",
            "language": "sv",
            "tags": [],
            "fields": {},
            "status": "active",
            "created": utc_now(),
        }
        keys = [
            f"reader{number}@{'slow' if number < 60 else 'quick'}.example.org"
            for number in range(120)
        ]
        connection.execute(
            sa.insert(subscribers), [{**new, "email": key, "key": key} for key in keys]
        )
    start(database)
    stop = threading.Event()

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and sum("quick" in one for one in server.recipients) == 59:
            stop.set()
        return None

    with ScriptedServer(script) as server:
        to = replace(build_send_options(server.port), domain_rates={"slow.example.org": 1.0})
        send(database, to, stop=stop)
        check_invariants(database, server.accepted, 120)
    slow = sum("slow" in one for one in server.recipients)
    assert 1 <= slow < 10
    assert read_counts(database) == {"accepted": 60 + slow, "planned": 60 - slow}


def test_rows_that_another_process_took_over_hold_nobody_up(tmp_path: Path) -> None:
    """A second process takes us for dead (its lock was on another host).

    The send comes to an end, nobody gets it twice.
    """
    database = populate(tmp_path, 60)
    taken_over: list[tuple[int, int]] = []

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and not taken_over and "reader20@" in argument:
            taken_over.append(send_run.recover(database, utc_now()))
        return None

    with ScriptedServer(script) as server:
        start(database)
        assert (
            send(database, build_send_options(server.port, connections=2)).state is IssueState.sent
        )
        check_invariants(database, server.accepted, 60)
    assert sum(taken_over[0]) > 0
    assert len(server.accepted) == 60


def test_a_database_that_is_locked_for_a_while(tmp_path: Path) -> None:
    """Another program holds the database: the sending waits, and nothing goes out unrecorded."""
    readers = 200
    database = populate(tmp_path, readers)
    other = open_database(f"sqlite:///{tmp_path}/newsletter.db")
    held: list[threading.Thread] = []

    def _hold() -> None:
        with other.begin() as connection:
            connection.execute(sa.text("SELECT 1"))
            time.sleep(1.0)

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and not held and len(server.accepted) > 20:
            held.append(threading.Thread(target=_hold))
            held[0].start()
        return None

    with ScriptedServer(script) as server:
        start(database)
        send(database, build_send_options(server.port))
        check_invariants(database, server.accepted, readers)
    held[0].join()
    assert read_counts(database) == {"accepted": readers}


def test_a_rate_is_kept(tmp_path: Path) -> None:
    """100 a second: 120 messages take more than a tenth of a second.

    The first hundred come at once.
    """
    database = populate(tmp_path, 60)
    with ScriptedServer() as server:
        start(database)
        began = time.monotonic()
        send(database, build_send_options(server.port, rate=30.0))
        took = time.monotonic() - began
        check_invariants(database, server.accepted, 60)
    assert took >= 0.95  # 60 less the 1 to 30 that the bucket holds, at 30 a second


def test_a_process_that_was_frozen_reads_what_came_meanwhile(tmp_path: Path) -> None:
    """Ctrl-Z for longer than any patience, and fg.

    The server has answered long ago, so of nobody is nothing known.
    """
    database = populate(tmp_path, 300)
    processes: list[subprocess.Popen[bytes]] = []
    thaw = threading.Timer(3.0, lambda: processes[0].send_signal(signal.SIGCONT))

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and len(server.accepted) == 60:
            processes[0].send_signal(signal.SIGSTOP)
            thaw.start()
        return None

    with ScriptedServer(script) as server:
        start(database)
        processes.append(start_sender(tmp_path, server.port))
        _, err = processes[0].communicate(timeout=HANG_SECONDS)
        thaw.join()
        assert processes[0].returncode == 0, err.decode()
        check_invariants(database, server.accepted, 300)
    assert read_counts(database) == {"accepted": 300}


def test_sigterm_ends_cleanly(tmp_path: Path) -> None:
    """A process that is told to end (by the command line's own handler) leaves no row under way."""
    database = populate(tmp_path, 500)
    code = SENDER_CODE.replace(
        "send(database, build_send_options(",
        "from newsletter.cli.send_output import catch_stop_signals\nwith catch_stop_signals() as"
        " stop: send(database, build_send_options(",
    ).replace("rate={rate}))", "rate={rate}), stop=stop)")
    text = code.format(
        root=str(Path(__file__).parents[2]),
        url=f"sqlite:///{tmp_path}/newsletter.db",
        port="{port}",
        rate=None,
    )
    processes: list[subprocess.Popen[bytes]] = []

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and len(server.accepted) == 50:
            processes[0].send_signal(signal.SIGTERM)
        return None

    with ScriptedServer(script) as server:
        start(database)
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", text.replace("{port}", str(server.port))],
                cwd=Path(__file__).parents[2],
                stderr=subprocess.PIPE,
            )
        )
        _, err = processes[0].communicate(timeout=HANG_SECONDS)
        assert processes[0].returncode == 0, err.decode()
        check_invariants(database, server.accepted, 500)
    assert set(read_counts(database)) == {"accepted", "planned"}


def test_thousands_leave_during_a_send(tmp_path: Path) -> None:
    """Four at a time, each of them answered on its own.

    Who leaves before her row is claimed gets nothing, however close it is.

    Ten thousand where there is time (`make faults`).
    """
    leaving = 1_200 if FAULT_FACTOR == 1 else 10_000
    readers = leaving + 300
    database = populate(tmp_path, readers)
    start(database)
    numbers = iter(range(readers, readers - leaving, -1))
    turn = threading.Lock()
    in_time: set[str] = set()

    def _leave() -> None:
        while True:
            with turn:
                number = next(numbers, None)
            if number is None:
                return
            key = f"reader{number}@d{number % 7}.example.org"
            with database.begin() as connection:
                suppress(connection, key, SuppressionReason.unsubscribed, utc_now())
                row = sa.select(deliveries.c.state).where(
                    deliveries.c.issue == 1, deliveries.c.subscriber == number
                )
                planned = connection.execute(row).scalar_one() == DeliveryState.planned
            if planned:
                in_time.add(key)

    with ScriptedServer() as server:
        threads = [threading.Thread(target=_leave) for _ in range(4)]
        for thread in threads:
            thread.start()
        while (
            send(database, build_send_options(server.port, connections=2, rate=100.0)).state
            is not IssueState.sent
        ):
            pass
        for thread in threads:
            thread.join()
        check_invariants(database, server.accepted, readers, suppressed=frozenset(in_time))
    found = read_counts(database)
    assert found["accepted"] + found["suppressed"] == readers
    assert len(in_time) == found["suppressed"] > 100
