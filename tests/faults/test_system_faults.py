"""Faults of the machine: killed at any system call, a disk that is full or broken.

Clocks that jump; the journal is right after each.

strace injects them. FAULTS=30 (make faults) takes thirty times as many places; seeds are printed.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.domain.issue import IssueState
from newsletter.engine import send_run
from newsletter.errors import StoreError
from newsletter.store.database import open_database
from tests.delivery.scripted_server import ScriptedServer
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
from tests.waiting import HANG_SECONDS

ROOT = Path(__file__).parents[2]
#: How much more than in CI.
FAULT_FACTOR = int(os.environ.get("FAULTS", "1"))
CONNECTIONS = 3
SENDER_CODE = """
import sys
from datetime import timedelta
sys.path.insert(0, {root!r})
from tests.delivery.send_harness import build_send_options, send, read_counts
from newsletter.errors import StoreError
from newsletter.store.database import open_database
database = open_database({url!r})
try:
    send(database, build_send_options({port}, connections=3, per_connection=9, patience=timedelta(seconds={patience})))
except StoreError as error:
    print(error)
    sys.exit(1)
"""


def can_trace() -> bool:
    """Say whether strace is there and allowed to look."""
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=none", "true"]
    return (
        bool(shutil.which("strace"))
        and subprocess.run(command, capture_output=True).returncode == 0
    )


needs_strace = pytest.mark.skipif(
    not can_trace(), reason="strace isn't there, or may not trace: sudo apt install strace"
)


def run_sender_under_strace(
    folder: Path, port: int, inject: str, patience: float = 5
) -> "subprocess.CompletedProcess[str]":
    """Send in a process of its own, in which strace injects a fault."""
    code = SENDER_CODE.format(
        root=str(ROOT),
        url=f"sqlite:///{folder}/newsletter.db",
        port=port,
        patience=patience,
    )
    call = inject.partition(":")[0]
    # With --seccomp-bpf it is quicker, and injects errors but no signals.
    quick = [] if "signal" in inject else ["--seccomp-bpf"]
    tracer = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        *quick,
        "-e",
        f"trace={call}",
        "-e",
        f"inject={inject}",
    ]
    return subprocess.run(
        [*tracer, sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        cwd=ROOT,
    )


#: System calls that move a send on, and how often the busiest thread makes each in a send of 30.
SYSTEM_CALLS = {
    "openat": 500,
    "connect": 5,
    "sendto": 45,
    "recvfrom": 70,
    "epoll_wait": 90,
    "futex": 200,
    "fdatasync": 8,
    "pwrite64": 40,
    "pread64": 40,
}


@needs_strace
@pytest.mark.parametrize("call", SYSTEM_CALLS)
def test_killed_at_a_system_call(tmp_path: Path, call: str) -> None:
    """Kill -9 as the call begins, twice and more in one send.

    Nobody twice, nobody lost, few unknown.
    """
    chance = random.Random(f"{call} {os.environ.get('SEED', 1)}")
    hits = 0
    for place in range(FAULT_FACTOR):
        folder = tmp_path / str(place)
        folder.mkdir()
        database = populate(folder, 30)
        kills = 0
        # The first one early: how many there are differs from run to run.
        points = [
            chance.randint(1, SYSTEM_CALLS[call] // (4 if at == 0 else 1))
            for at in range(2 if FAULT_FACTOR == 1 else 5)
        ]
        print(f"killed at {call} number {points}")  # noqa: T201  # a failure shows it
        with ScriptedServer() as server:
            start(database)
            for point in points:
                done = run_sender_under_strace(
                    folder, server.port, f"{call}:signal=KILL:when={point}"
                )
                kills += done.returncode != 0
                assert done.returncode in (0, -signal.SIGKILL, 128 + signal.SIGKILL), done.stderr
                send_run.lock_and_recover(database, utc_now())
                check_invariants(database, server.accepted, 30)
                assert read_counts(database).get("unknown", 0) <= kills * 4 * CONNECTIONS
                if done.returncode == 0:
                    break
            else:
                send(database, build_send_options(server.port))
            check_invariants(database, server.accepted, 30)
        assert set(read_counts(database)) <= {"accepted", "unknown"}
        database.close()
        hits += kills
    assert hits


@needs_strace
def test_a_disk_that_is_full_for_a_while(tmp_path: Path) -> None:
    """ENOSPC at some writes: nothing is sent without a record.

    When there is room the send goes on by itself.
    """
    database = populate(tmp_path, 30)
    with ScriptedServer() as server:
        start(database)
        done = run_sender_under_strace(tmp_path, server.port, "pwrite64:error=ENOSPC:when=20..22")
        assert done.returncode == 0, done.stdout + done.stderr
        check_invariants(database, server.accepted, 30)
    assert read_counts(database) == {"accepted": 30}


@needs_strace
@pytest.mark.parametrize(
    ("call", "when"),
    [
        (f"{call}:error={error}", when)
        for call, error in (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"))
        for when in ((4, 15) if FAULT_FACTOR == 1 else range(4, 40))
    ]
    + [("fdatasync:error=EIO", when) for when in ((2, 5) if FAULT_FACTOR == 1 else range(2, 9))],
)
def test_a_disk_that_fails_for_good(tmp_path: Path, call: str, when: int) -> None:
    """Said in words; no message leaves whose row isn't on disk.

    Once the disk is mended the rest get theirs.
    """
    database = populate(tmp_path, 30)
    with ScriptedServer() as server:
        start(database)
        done = run_sender_under_strace(tmp_path, server.port, f"{call}:when={when}+", patience=0.3)
        assert done.returncode == 1, done.stderr
        assert "newsletter.db" in done.stdout
        send_run.lock_and_recover(database, utc_now())
        check_invariants(database, server.accepted, 30)
        assert len(server.accepted) <= 30 - read_counts(database).get("planned", 0)
        send(database, build_send_options(server.port))
        check_invariants(database, server.accepted, 30)
    assert set(read_counts(database)) <= {"accepted", "unknown"}
    assert read_counts(database).get("unknown", 0) <= 4 * CONNECTIONS


@needs_strace
def test_a_disk_that_breaks_is_not_asked_again(tmp_path: Path) -> None:
    """After a failed fdatasync the kernel may have dropped the pages.

    A second one that says yes proves nothing.
    """
    # Some are the folder's, whose failure SQLite may ignore; which ones differs from run to run.
    # 300 readers need many commits.
    ended = 0
    for when in range(4, 10):
        folder = tmp_path / str(when)
        folder.mkdir()
        database = populate(folder, 300)
        with ScriptedServer() as server:
            start(database)
            done = run_sender_under_strace(folder, server.port, f"fdatasync:error=EIO:when={when}")
            assert done.returncode in (0, 1), done.stdout + done.stderr
            assert (done.returncode == 1) == (len(server.accepted) < 300)
            send_run.lock_and_recover(database, utc_now())
            check_invariants(database, server.accepted, 300)
            ended += done.returncode
        if ended:
            break
    assert ended == 1


def test_a_database_that_may_not_grow(tmp_path: Path) -> None:
    """SQLite's own "full": told as that; nothing is begun that can't be recorded.

    With room it goes on.
    """
    database = populate(tmp_path, 400)
    start(database)
    database.close()
    small = open_database(f"sqlite:///{tmp_path}/newsletter.db")

    @sa.event.listens_for(small.engine, "connect")
    def _forbid_growth(connection: object, _record: object) -> None:
        # the smallest: what it has now
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    small.engine.dispose()
    long = "x" * 200
    with ScriptedServer(lambda at, *_: f"450 4.2.0 {long}" if at == "rcpt" else None) as server:
        with pytest.raises(StoreError, match="disk is full"):
            send(small, build_send_options(server.port, patience=timedelta(seconds=0.5)))
        assert server.accepted == []
    small.close()
    database = open_database(f"sqlite:///{tmp_path}/newsletter.db")
    send_run.lock_and_recover(database, utc_now())
    with ScriptedServer() as server:
        clock = Clock()
        clock.ahead = timedelta(hours=1)
        send(database, build_send_options(server.port), clock=clock)
        check_invariants(database, server.accepted, 400)
    assert set(read_counts(database)) <= {"accepted", "unknown", "refused"}


@pytest.mark.parametrize(
    "jump",
    [
        timedelta(days=1),
        timedelta(days=-1),
        timedelta(days=30),
        timedelta(hours=1),
        timedelta(hours=-1),
    ],
    ids=str,
)
def test_a_clock_that_jumps(tmp_path: Path, jump: timedelta) -> None:
    """Set right in the middle of a send (a virtual machine that slept.

    Daylight saving on a clock in local time): as if nothing were.
    """
    database = populate(tmp_path, 60)
    clock = Clock()
    trouble: list[str] = []

    def script(at: str, argument: str, taken: int) -> object:
        if at == "dot" and "reader30@" in argument:
            clock.ahead += jump
            trouble.extend(["mail", "connect"])
        if at in trouble:
            trouble.remove(at)
            return "421 4.3.2 not now"
        return None

    with ScriptedServer(script) as server:
        start(database)
        ended = send(
            database,
            build_send_options(server.port, connections=2, per_connection=10),
            clock=clock,
            wait=timedelta(seconds=30),
        )
        clock.ahead += timedelta(days=2)  # rows that were put off before a jump backwards
        if ended.state is not IssueState.sent:
            assert ended.state is IssueState.sending
            send(database, build_send_options(server.port), clock=clock)
        check_invariants(database, server.accepted, 60)
    assert read_counts(database) == {"accepted": 60}


def test_memory_stays_where_it_is(tmp_path: Path) -> None:
    """Ten times the readers, the same memory: the audience is never held as a whole."""
    code = """
import resource, sys
sys.path.insert(0, {root!r})
from tests.delivery.send_harness import build_send_options, send
from newsletter.store.database import open_database
send(open_database({url!r}), build_send_options({port}, connections=2))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    used = []
    for readers in (100, 1_000):
        folder = tmp_path / str(readers)
        folder.mkdir()
        database = populate(folder, readers)
        with ScriptedServer() as server:
            start(database)
            text = code.format(
                root=str(ROOT),
                url=f"sqlite:///{folder}/newsletter.db",
                port=server.port,
            )
            done = subprocess.run(
                [sys.executable, "-c", text], capture_output=True, text=True, check=True
            )
            assert len(server.accepted) == readers
        used.append(int(done.stdout))
    assert used[1] - used[0] < 10_000  # KiB
