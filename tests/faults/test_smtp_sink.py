"""Postfix's smtp-sink with the faults that it has built in: a server that nobody here wrote.

It keeps each message that it has taken whole; what it has is compared with the journal. Then a
sound one takes the rest.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.delivery.peers import Peers, find_cache_folder
from newsletter.delivery import control
from newsletter.delivery.smtp_relay import SmtpTimeouts
from newsletter.domain.issue import IssueState
from tests.delivery.send_harness import (
    Clock,
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    read_sent_issue,
    send,
    start,
)

PEERS = Peers(folder=find_cache_folder())
READERS = 8
SHORT_TIMEOUTS = SmtpTimeouts(connect=1, command=0.6, data=0.6, block=0.6, dot=0.6, quit=0.1)
pytestmark = pytest.mark.skipif(
    not PEERS.smtp_sink.is_file(), reason="smtp-sink isn't there: .ci/system-packages fetches it"
)


@dataclass
class SinkMessage:
    """A message in smtp-sink's folder."""

    recipient: str
    content: bytes


@contextmanager
def run_smtp_sink(folder: Path, *options: str) -> Iterator[int]:
    """Run it as nobody, on loopback; lend its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder.mkdir(exist_ok=True)
    user = ["-u", "root"] if os.geteuid() == 0 else []
    command = [
        str(PEERS.smtp_sink),
        *user,
        "-d",
        f"{folder}/mail.",
        *options,
        f"127.0.0.1:{port}",
        "64",
    ]
    process = subprocess.Popen(
        command,
        env={**os.environ, **PEERS.postfix_environment},
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        yield port
    finally:
        process.kill()
        process.communicate()


def read_messages(folder: Path) -> list[SinkMessage]:
    """Return the messages that are whole."""
    found = []
    for file in folder.glob("mail.*"):
        head, _, content = file.read_bytes().partition(b"From: ")
        if content.rstrip().endswith(b"--"):
            recipient = (
                head.partition(b"X-Rcpt-Args: ")[2].partition(b"<")[2].partition(b">")[0].decode()
            )
            found.append(
                SinkMessage(
                    recipient, b"From: " + content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                )
            )
    return found


FAULTS = [
    *[((f"-{how}", phase), 0) for how in "qQ" for phase in ("CONNECT", "MAIL", "RCPT", "DATA")],
    *[
        ((f"-{how}", phase), 0)
        for how in "rf"
        for phase in ("CONNECT", "MAIL", "RCPT", "DATA", ".")
    ],
    (("-q", "."), 4),
    (("-Q", "."), 0),
    (("-W", ".:3"), None),  # it answers at once where the next command is there already
    (("-e",), 0),
    (("-8", "-E"), 0),
    (("-m", "1"), 0),
]
#: Without PIPELINING the same code reads most of the answers: the rest is enough.
IN_STEP = [(("-p", *options), doubt) for options, doubt in FAULTS if options[-1] in (".", "RCPT")]


@pytest.mark.parametrize(("options", "in_doubt"), [*FAULTS, *IN_STEP], ids=str)
def test_its_own_faults(tmp_path: Path, options: tuple[str, ...], in_doubt: int | None) -> None:
    """Hang-ups, 421, 4xx, 5xx at each command, answers that come too late, no ESMTP.

    One connection: and then all is well.
    """
    database = populate(tmp_path, READERS)
    clock = Clock()
    folder = tmp_path / "taken"
    start(database)
    # It writes down what it refuses at the dot, too: that isn't taken.
    refuses = options[-1] == "." and "-q" not in options
    with run_smtp_sink(tmp_path / "refused" if refuses else folder, *options) as port:
        send(
            database,
            build_send_options(
                port, connections=2, timeouts=SHORT_TIMEOUTS, patience=timedelta(seconds=0.3)
            ),
            clock=clock,
        )
        check_invariants(database, read_messages(folder), READERS)
    if read_sent_issue(database).state is IssueState.paused:
        control.resume(database, "2026-12", clock())
    if read_sent_issue(database).state is IssueState.sending:
        clock.ahead += timedelta(days=1)
        with run_smtp_sink(folder) as port:
            send(database, build_send_options(port, connections=2), clock=clock)
    check_invariants(database, read_messages(folder), READERS)
    found = read_counts(database)
    assert set(found) <= {"accepted", "refused", "unknown"}
    assert in_doubt is None or bool(found.get("unknown")) == bool(in_doubt)
    assert bool(found.get("refused")) <= ("-f" in options)
