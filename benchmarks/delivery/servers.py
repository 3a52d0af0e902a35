"""The servers that take the mail, each a process on loopback.

Smtp-sink, our own sink, and the road of some milliseconds.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.delivery.peers import Peers

_HERE = Path(__file__).parent
#: Seconds to wait until a server listens.
START_TIMEOUT_SECONDS = 10


def find_free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def run_smtp_sink(peers: Peers) -> Iterator[int]:
    """Run Postfix's smtp-sink, the same for all; lend its port."""
    port = find_free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with run_server(
        [str(peers.smtp_sink), *user, f"127.0.0.1:{port}", "256"], port, peers.postfix_environment
    ):
        yield port


@contextmanager
def run_own_sink() -> Iterator[int]:
    """Run the sink that only reads; lend its port."""
    port = find_free_port()
    with run_server([sys.executable, str(_HERE / "sink.py"), str(port)], port):
        yield port


@contextmanager
def run_latency_proxy(target: int, milliseconds: float) -> Iterator[int]:
    """Put a road before a server on which each reply takes so long.

    Lend the port at its near end.
    """
    port = find_free_port()
    with run_server(
        [sys.executable, str(_HERE / "lag.py"), str(port), str(target), str(milliseconds)], port
    ):
        yield port


@contextmanager
def run_server(
    command: Sequence[str],
    port: int,
    environment: dict[str, str] | None = None,
    *,
    out: int | None = None,
) -> Iterator[None]:
    """Run a server until it isn't needed any more."""
    process = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, stdout=out, stderr=out
    )
    try:
        _wait_until_listening(process, port)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"{process.args!r} doesn't listen on {port}")
