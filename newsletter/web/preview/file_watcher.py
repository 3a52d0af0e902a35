"""Notify pages when something has changed on disk (inotify and its like).

list_watched_paths | build_watch_plan | awatch | ChangeNotifier → server-sent events
"""

import asyncio
import contextlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, awatch

#: How long the disk must be quiet before a change counts, in milliseconds: an editor writes a file
#: in several steps.
QUIET_MILLISECONDS = 10
#: Seconds until the paths to watch are listed again.
RESTART_DELAY_SECONDS = 0.05
#: What programs put beside a file while they save it: rendering for these would only delay
#: the real change.
_TEMPORARY_FILE = re.compile(r"(?:[/\\]\.[^/\\]*\.(?:tmp|sw[a-z])|\.bak|~)\Z")


class ChangeNotifier:
    """A number that grows with every change, and those who wait for it to grow."""

    def __init__(self) -> None:
        self.version = 0
        self.is_closed = False
        self._next_change = asyncio.Event()

    def notify(self) -> None:
        """Wake everybody who waits."""
        self.version += 1
        self._wake_waiters()

    def close(self) -> None:
        """Wake everybody who waits for good: the preview ends."""
        self.is_closed = True
        self._wake_waiters()

    def _wake_waiters(self) -> None:
        woken, self._next_change = self._next_change, asyncio.Event()
        woken.set()

    async def wait_for_change(self, seen_version: int, *, timeout_seconds: float) -> int:
        """Return the version once it isn't `seen_version`, or the same after the timeout."""
        if self.version == seen_version and not self.is_closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._next_change.wait(), timeout_seconds)
        return self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPlan:
    """What to watch: folders with all in them, and folders of which only some entries matter."""

    recursive_folders: frozenset[Path]
    flat_folders: frozenset[Path]
    entry_paths: frozenset[str]

    def is_watched(self, path: str) -> bool:
        """Return True if a changed path was asked for, or lies in a folder that was."""
        if _TEMPORARY_FILE.search(path):
            return False
        real = os.path.realpath(path)
        return real in self.entry_paths or any(
            f"{real}{os.sep}".startswith(f"{folder}{os.sep}") for folder in self.recursive_folders
        )


def build_watch_plan(paths: Sequence[Path]) -> WatchPlan:
    """Return what to watch.

    A file is watched through its folder, because editors put a new file in its place; a folder that
    isn't there through its parent.
    """
    real = [Path(os.path.realpath(path)) for path in paths]
    deep = frozenset(path for path in real if path.is_dir())
    flat: set[Path] = set()
    entries: set[str] = set()
    for path in real:
        if path not in deep:
            # The first of its folders that is there, and what must come into it on the way down.
            missing = [path, *(parent for parent in path.parents if not parent.is_dir())]
            entries.update(map(str, missing))
            flat.add(missing[-1].parent)
    return WatchPlan(
        recursive_folders=deep, flat_folders=frozenset(flat), entry_paths=frozenset(entries)
    )


async def watch(list_paths: Callable[[], Sequence[Path]], notify: Callable[[], None]) -> None:
    """Notify of every change of what is watched, until cancelled.

    The paths are listed anew after each: another theme means other files.
    """
    polling, again = False, False
    while True:
        current = await asyncio.to_thread(lambda: build_watch_plan(list_paths()))
        try:
            await _follow_plan(current, list_paths, notify, polling=polling, notify_first=again)
        except* FileNotFoundError:
            pass  # a folder went between looking and watching: look again
        except* (OSError, RuntimeError):
            # this machine has no more watches to give: the files are looked at again and again
            # instead
            polling = True
        again = True
        await asyncio.sleep(RESTART_DELAY_SECONDS)


async def _follow_plan(
    watch_plan: WatchPlan,
    list_paths: Callable[[], Sequence[Path]],
    notify: Callable[[], None],
    *,
    polling: bool,
    notify_first: bool,
) -> None:
    """Notify of changes until there are other paths to watch.

    `notify_first`: something may have changed while nobody was watching.

    Raises an ExceptionGroup where that can't be done.
    """
    stop = asyncio.Event()

    def is_wanted(_change: Change, path: str) -> bool:
        return watch_plan.is_watched(path)

    async def follow_folders(folders: frozenset[Path], *, recursive: bool) -> None:
        changes = awatch(
            *folders,
            watch_filter=is_wanted,
            recursive=recursive,
            step=QUIET_MILLISECONDS,
            debounce=QUIET_MILLISECONDS * 10,
            stop_event=stop,
            force_polling=polling,
        )
        async for found in changes:
            notify()
            # A folder that was deleted and made anew must be watched anew, though its name is the
            # same.
            renewed = any(Path(path) in watch_plan.recursive_folders for _, path in found)
            if (
                renewed
                or await asyncio.to_thread(lambda: build_watch_plan(list_paths())) != watch_plan
            ):
                stop.set()

    async with asyncio.TaskGroup() as both:
        for places, deep in (
            (watch_plan.recursive_folders, True),
            (watch_plan.flat_folders, False),
        ):
            if places:
                both.create_task(follow_folders(places, recursive=deep))
        if not watch_plan.recursive_folders and not watch_plan.flat_folders:
            await asyncio.Event().wait()
        await asyncio.sleep(0)  # the tasks have begun to watch, and wait
        if notify_first:
            notify()
