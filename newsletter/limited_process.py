"""Read what strangers wrote in a child process under resource limits (setrlimit).

A hostile file can exhaust or crash the child only. A worker is a module of ours with a function
`respond(arguments, source, target)`; it is given the file on standard input and none of our
secrets.

    python -m newsletter.limited_process CPU_SECONDS MEMORY_BYTES MODULE ARGUMENT… < file > answer
"""

import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import newsletter
from newsletter.errors import NewsletterError
from newsletter.i18n import Phrase

_MIB = 1 << 20
#: Wall-clock time as a multiple of CPU time: a loaded machine is no fault of the file's.
_WALL_CLOCK_FACTOR = 3
#: Addresses (libraries, stacks of threads) that cost no memory, in bytes.
_ADDRESS_SPACE_BYTES = 1_024 * _MIB
#: The exit status of a worker that refuses its file; a line with a phrase ends its answer.
_REFUSED = 3
_CHUNK_BYTES = 1 << 16
_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "HOME", "TMPDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLimits:
    """What a child process may use before the system ends it."""

    cpu_seconds: int
    memory_bytes: int


class LimitExceededError(Exception):
    """The child process ran out of time or memory, or crashed."""


class FileRefusedError(Exception):
    """The worker raised a NewsletterError; its phrase says why."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase


def run_limited(
    module: str, arguments: Sequence[str], data: bytes, *, limits: ProcessLimits
) -> bytes:
    """Return what `module`'s `respond` makes of `data` in a child process.

    Raises LimitExceededError, or FileRefusedError.
    """
    try:
        # Our own module: what strangers wrote reaches it on standard input only.
        done = subprocess.run(  # noqa: S603
            _build_command(module, arguments, limits),
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WALL_CLOCK_FACTOR * limits.cpu_seconds,
            env=_build_environment(),
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise LimitExceededError(type(error).__name__) from error
    _raise_for_status(done.returncode, done.stdout)
    return done.stdout


def stream_limited(
    module: str,
    arguments: Sequence[str],
    source: IO[bytes],
    target: IO[bytes],
    *,
    limits: ProcessLimits,
    max_output_bytes: int,
) -> None:
    """Write what `respond` makes of a file at its beginning to another, as it comes.

    Raises LimitExceededError, or FileRefusedError.
    """
    tail, written = b"", 0
    with subprocess.Popen(  # noqa: S603 - as above
        _build_command(module, arguments, limits),
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_build_environment(),
    ) as child:
        clock = threading.Timer(_WALL_CLOCK_FACTOR * limits.cpu_seconds, child.kill)
        clock.start()
        try:
            while chunk := child.stdout.read(_CHUNK_BYTES):  # type: ignore[union-attr]  # a pipe
                written += len(chunk)
                if written > max_output_bytes:
                    raise LimitExceededError("output")
                target.write(chunk)
                tail = (tail + chunk)[-_CHUNK_BYTES:]
        except BaseException:
            child.kill()
            raise
        finally:
            clock.cancel()
    _raise_for_status(child.returncode, tail)


def _build_command(module: str, arguments: Sequence[str], limits: ProcessLimits) -> list[str]:
    numbers = (str(limits.cpu_seconds), str(limits.memory_bytes))
    return [sys.executable, "-m", __name__, *numbers, module, *arguments]


def _raise_for_status(status: int, answer: bytes) -> None:
    if status == _REFUSED:
        raise FileRefusedError(Phrase.from_dict(json.loads(answer.rpartition(b"\n")[2])))
    if status:
        raise LimitExceededError(f"status {status}")


def _build_environment() -> dict[str, str]:
    """Return the child's environment: what it needs to import this package, and no secrets."""
    path = [str(Path(newsletter.__file__).parent.parent), *(part for part in sys.path if part)]
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONUTF8": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _limit_own_resources(limits: ProcessLimits) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the parent's clock is the only limit
        return
    for what, most in (
        ("RLIMIT_CPU", limits.cpu_seconds),
        ("RLIMIT_DATA", limits.memory_bytes),
        ("RLIMIT_AS", max(limits.memory_bytes, _ADDRESS_SPACE_BYTES)),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NOFILE", 64),
    ):
        try:
            limit = getattr(resource, what)
            hard = resource.getrlimit(limit)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(limit, (most, most))
        except (AttributeError, ValueError, OSError):  # macOS refuses RLIMIT_AS
            continue


def main() -> None:
    """Answer standard input on standard output, within the limits that the arguments name."""
    cpu_seconds, memory_bytes, module, *arguments = sys.argv[1:]
    _limit_own_resources(
        ProcessLimits(cpu_seconds=int(cpu_seconds), memory_bytes=int(memory_bytes))
    )
    target = sys.stdout.buffer
    try:
        importlib.import_module(module).respond(arguments, sys.stdin.buffer, target)
        target.flush()
    except NewsletterError as error:
        target.write(b"\n" + json.dumps(error.phrase.to_dict()).encode("ascii"))
        target.flush()
        sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
