"""RSS and Atom parsed in a child process (sandbox): no feed can exhaust or crash this one."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import newsletter
from newsletter.posts.feeds.feed_worker import MAX_CPU_SECONDS
from newsletter.posts.source_entries import SourceEntry

#: Wall-clock time; on an idle machine the child's own limit of CPU time (RLIMIT_CPU) comes first.
_WORKER_TIMEOUT_SECONDS = 2 * MAX_CPU_SECONDS


class UnreadableFeedError(Exception):
    """The child process ran out of time or memory, or crashed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlFeed:
    """An XML feed as its parser found it."""

    #: "rss20", "atom10" …; "" for a format that isn't known.
    version: str
    title: str
    language: str
    entries: tuple[SourceEntry, ...]
    #: There are more entries than were asked for.
    is_truncated: bool


def read_xml_feed(data: bytes, base: str, max_entries: int) -> XmlFeed:
    """Return a feed with its first `max_entries`. `data`: UTF-8. `base`: the feed's URL.

    Raises UnreadableFeedError.
    """
    try:
        # Our own module: a feed reaches it on standard input only.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "newsletter.posts.feeds.feed_worker", base, str(max_entries)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WORKER_TIMEOUT_SECONDS,
            check=True,
            env=_build_environment(),
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise UnreadableFeedError(type(error).__name__) from error
    return XmlFeed(
        version=found["version"],
        title=found["title"],
        language=found["language"],
        entries=tuple(_build_entry(entry) for entry in found["entries"]),
        is_truncated=found["cut"],
    )


def _build_entry(found: dict[str, Any]) -> SourceEntry:
    pictures = tuple((url, alt) for url, alt in found.pop("pictures"))
    lists = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    return SourceEntry(**(found | lists | {"pictures": pictures}))


def _build_environment() -> dict[str, str]:
    """Return the child's environment: what it needs to import this package, and no secrets."""
    path = [str(Path(newsletter.__file__).parent.parent), *(part for part in sys.path if part)]
    kept = {
        name: os.environ[name]
        for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "HOME", "TMPDIR")
        if name in os.environ
    }
    return kept | {
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONUTF8": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONWARNINGS": "ignore",
    }
