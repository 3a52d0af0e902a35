"""`newsletter serve` as a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.delivery.servers import find_free_port, run_server


@contextmanager
def serve(folder: Path) -> Iterator[int]:
    """Run it for a folder; lend its port."""
    port = find_free_port()
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
    with run_server(command, port, out=subprocess.DEVNULL):
        yield port
