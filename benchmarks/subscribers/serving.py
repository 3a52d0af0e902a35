"""`newsletter serve` as a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.delivery.servers import free_port, running


@contextmanager
def serve(folder: Path) -> Iterator[int]:
    """Run it for a folder; lend its port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "newsletter",
        "-c",
        str(folder / "newsletter.toml"),
        "serve",
        "--port",
        str(port),
    ]
    with running(command, port, out=subprocess.DEVNULL):
        yield port
