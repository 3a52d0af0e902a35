"""Read what strangers wrote in a child process under resource limits (setrlimit).

A hostile file can exhaust or crash the child only. A worker is a module of ours with a function
`respond(arguments, data)`; it is given the file on standard input and none of our secrets.

    python -m newsletter.limited_process CPU_SECONDS MEMORY_BYTES MODULE ARGUMENT… < file > answer
"""

import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import newsletter

_MIB = 1 << 20
#: Wall-clock time as a multiple of CPU time: a loaded machine is no fault of the file's.
_WALL_CLOCK_FACTOR = 3
#: Addresses (libraries, stacks of threads) that cost no memory, in bytes.
_ADDRESS_SPACE_BYTES = 1_024 * _MIB
_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "HOME", "TMPDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLimits:
    """What a child process may use before the system ends it."""

    cpu_seconds: int
    memory_bytes: int


class LimitExceededError(Exception):
    """The child process ran out of time or memory, or crashed."""


def run_limited(
    module: str, arguments: Sequence[str], data: bytes, *, limits: ProcessLimits
) -> bytes:
    """Return what `module`'s `respond` makes of `data` in a child process.

    Raises LimitExceededError.
    """
    command = [sys.executable, "-m", __name__, str(limits.cpu_seconds), str(limits.memory_bytes)]
    try:
        # Our own module: what strangers wrote reaches it on standard input only.
        done = subprocess.run(  # noqa: S603
            [*command, module, *arguments],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WALL_CLOCK_FACTOR * limits.cpu_seconds,
            check=True,
            env=_build_environment(),
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise LimitExceededError(type(error).__name__) from error
    return done.stdout


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
    respond = importlib.import_module(module).respond
    sys.stdout.buffer.write(respond(arguments, sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
