"""Import a list, and let SQLite's shell import the same file into an indexed table.

One after the other, each a process of its own.

Twice: a tenth of the list and all of it, because memory mustn't grow with the list.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.subscribers.example_workspace import create_folder

#: Times the shell's time, and MB at the peak; the peak of all of the list may be so much higher
#: than that of a tenth.
MAX_TIME_RATIO, MAX_MEMORY_MB, MAX_MEMORY_RATIO = 4.0, 150, 1.1
_TABLE = "CREATE TABLE t (email TEXT UNIQUE, name TEXT, language TEXT, tags TEXT, ort TEXT);"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """What one list took."""

    rows: int
    #: Seconds of the shell and of ours; ours at the peak, in MB.
    shell: float
    seconds: float
    memory: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRuns:
    """The short and the long list."""

    short: ImportRun
    long: ImportRun

    @property
    def reached(self) -> bool:
        """Whether it is as it should be."""
        quick = self.long.seconds <= MAX_TIME_RATIO * self.long.shell
        return quick and self.long.memory <= min(
            MAX_MEMORY_MB, MAX_MEMORY_RATIO * self.short.memory
        )

    def describe(self) -> Iterator[str]:
        """Return it in words."""
        for one in (self.short, self.long):
            times = one.seconds / one.shell
            said = (
                f"SQLite's shell {one.shell:.1f} s, ours {one.seconds:.1f} s ({times:.1f} ×), peak"
                f" {one.memory:.0f} MB"
            )
            yield f"    {one.rows:9,} rows: {said}"
        yield (
            f"{'ok ' if self.reached else 'NO '} ≤ {MAX_TIME_RATIO:.0f} × the shell's time, ≤"
            f" {MAX_MEMORY_MB} MB, and no more for a longer list"
        )


def measure(rows: int) -> ImportRuns | None:
    """Import twice; None where SQLite's shell isn't there."""
    shell = shutil.which("sqlite3")
    return (
        ImportRuns(short=_import(shell, rows // 10), long=_import(shell, rows)) if shell else None
    )


def _import(shell: str, rows: int) -> ImportRun:
    with create_folder(rows) as made:
        ours = [
            sys.executable,
            "-m",
            "newsletter",
            "-c",
            str(made / "newsletter.toml"),
            "subscribers",
        ]
        _time_command([*ours, "stats"])  # makes the database
        theirs, _ = _time_command(
            [
                shell,
                str(made / "shell.db"),
                _TABLE,
                ".mode csv",
                f".import --skip 1 {made / 'list.csv'} t",
            ]
        )
        seconds, memory = _time_command([*ours, "import", str(made / "list.csv"), "--json"])
    return ImportRun(rows=rows, shell=theirs, seconds=seconds, memory=memory)


def _time_command(command: Sequence[str]) -> tuple[float, float]:
    """Return seconds and the peak memory in MB of a command."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command!r} ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_maxrss / 1000
