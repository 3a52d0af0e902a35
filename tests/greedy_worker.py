"""A worker for limited processes that does what it is told."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from newsletter.errors import ListError


def respond(arguments: Sequence[str], source: IO[bytes], target: IO[bytes]) -> None:
    """Write what became of it."""
    match arguments[0]:
        case "echo":
            target.write(source.read())
        case "refuse":
            target.write(b"half an answer")
            raise ListError("{path} holds no sheet.", path="å")
        case "environment":
            target.write(repr(dict(os.environ)).encode())
        case "memory":
            target.write(str(len(bytearray(int(arguments[1]) * 1_000_000))).encode())
        case "file":
            Path(arguments[1]).write_bytes(source.read())
        case "flood":
            while True:
                target.write(b"x" * 100_000)
        case _:
            while True:  # takes all the time that there is
                pass
