"""A worker for `run_limited` that does what it is told."""

import os
from collections.abc import Sequence
from pathlib import Path


def respond(arguments: Sequence[str], data: bytes) -> bytes:
    """Return what became of it."""
    match arguments[0]:
        case "echo":
            return data
        case "environment":
            return repr(dict(os.environ)).encode()
        case "memory":
            return str(len(bytearray(int(arguments[1]) * 1_000_000))).encode()
        case "file":
            return str(Path(arguments[1]).write_bytes(data)).encode()
    while True:  # takes all the time that there is
        pass
