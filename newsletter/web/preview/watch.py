"""Tell the page when something has changed on disk.

watched() | awatch | Changes.announce → server-sent events
"""

import asyncio
import contextlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, awatch

#: How long the disk must be quiet before a change is told, in milliseconds: an editor writes a file
#: in several steps.
QUIET = 10
#: Seconds until it is looked again what there is to watch.
AGAIN = 0.05
#: What programs put beside a file while they save it: drawing the letter for these would only delay
#: the real change.
_BESIDE = re.compile(r"(?:[/\\]\.[^/\\]*\.(?:tmp|sw[a-z])|\.bak|~)\Z")


class Changes:
    """A number that grows with every change, and those who wait for it to grow."""

    def __init__(self) -> None:
        self.version = 0
        self.closed = False
        self._next = asyncio.Event()

    def announce(self) -> None:
        """Wake all who wait."""
        self.version += 1
        self._wake()

    def close(self) -> None:
        """Send all who wait home: the preview ends."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        woken, self._next = self._next, asyncio.Event()
        woken.set()

    async def after(self, seen: int, *, patience: float) -> int:
        """Return the version as soon as it isn't `seen`, or the same after `patience` seconds."""
        if self.version == seen and not self.closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._next.wait(), patience)
        return self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to watch: folders with all that is in them, and folders of which only some entries matter."""

    deep: frozenset[Path]
    flat: frozenset[Path]
    entries: frozenset[str]

    def matters(self, path: str) -> bool:
        """Say whether a changed path is one that was asked for, or lies in a folder that was."""
        if _BESIDE.search(path):
            return False
        real = os.path.realpath(path)
        return real in self.entries or any(
            f"{real}{os.sep}".startswith(f"{folder}{os.sep}") for folder in self.deep
        )


def plan(watched: Sequence[Path]) -> Plan:
    """Say what to watch.

    A file is watched through its folder, because editors put a new file in its place; a folder that
    isn't there through its parent.
    """
    real = [Path(os.path.realpath(path)) for path in watched]
    deep = frozenset(path for path in real if path.is_dir())
    flat: set[Path] = set()
    entries: set[str] = set()
    for path in real:
        if path not in deep:
            # The first of its folders that is there, and what must come into it on the way down.
            missing = [path, *(parent for parent in path.parents if not parent.is_dir())]
            entries.update(map(str, missing))
            flat.add(missing[-1].parent)
    return Plan(deep=deep, flat=frozenset(flat), entries=frozenset(entries))


async def watch(watched: Callable[[], Sequence[Path]], announce: Callable[[], None]) -> None:
    """Announce every change of what is watched, until cancelled.

    Another theme means other files to watch.
    """
    polling, again = False, False
    while True:
        current = await asyncio.to_thread(lambda: plan(watched()))
        try:
            await _follow(current, watched, announce, polling=polling, again=again)
        except* FileNotFoundError:
            pass  # a folder went between looking and watching: look again
        except* (OSError, RuntimeError):
            # this machine has no more watches to give: the files are looked at again and again
            # instead
            polling = True
        again = True
        await asyncio.sleep(AGAIN)


async def _follow(
    current: Plan,
    watched: Callable[[], Sequence[Path]],
    announce: Callable[[], None],
    *,
    polling: bool,
    again: bool,
) -> None:
    """Announce changes until there are others to watch.

    `again`: also what changed while nobody was watching.

    Raises an ExceptionGroup where that can't be done.
    """
    stop = asyncio.Event()

    def wanted(_change: Change, path: str) -> bool:
        return current.matters(path)

    async def follow(places: frozenset[Path], *, deep: bool) -> None:
        changes = awatch(
            *places,
            watch_filter=wanted,
            recursive=deep,
            step=QUIET,
            debounce=QUIET * 10,
            stop_event=stop,
            force_polling=polling,
        )
        async for found in changes:
            announce()
            # A folder that was deleted and made anew must be watched anew, though its name is the
            # same.
            renewed = any(Path(path) in current.deep for _, path in found)
            if renewed or await asyncio.to_thread(lambda: plan(watched())) != current:
                stop.set()

    async with asyncio.TaskGroup() as both:
        for places, deep in ((current.deep, True), (current.flat, False)):
            if places:
                both.create_task(follow(places, deep=deep))
        if not current.deep and not current.flat:
            await asyncio.Event().wait()
        await asyncio.sleep(0)  # the tasks have begun to watch, and wait
        if again:
            announce()
