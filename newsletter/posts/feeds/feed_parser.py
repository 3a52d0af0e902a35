"""RSS and Atom parsed in a child process: no feed can exhaust or crash this one."""

import json
from dataclasses import dataclass
from typing import Any

from newsletter.limited_process import LimitExceededError, ProcessLimits, run_limited
from newsletter.posts.source_entries import SourceEntry

#: What parsing may take: so much, and more for a long feed; no feed gets more than the last.
_MIN_CPU_SECONDS, _CPU_SECONDS_PER_MB, _MAX_CPU_SECONDS = 6, 3, 15
_MIN_MEMORY_BYTES, _MEMORY_PER_BYTE, _MAX_MEMORY_BYTES = 200_000_000, 60, 1_500_000_000


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
        answer = run_limited(
            "newsletter.posts.feeds.feed_worker",
            [base, str(max_entries)],
            data,
            limits=_choose_limits(len(data)),
        )
        found = json.loads(answer)
    except (LimitExceededError, ValueError) as error:
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


def _choose_limits(size_bytes: int) -> ProcessLimits:
    return ProcessLimits(
        cpu_seconds=min(
            _MAX_CPU_SECONDS, _MIN_CPU_SECONDS + _CPU_SECONDS_PER_MB * size_bytes // 1_000_000
        ),
        memory_bytes=min(_MAX_MEMORY_BYTES, _MIN_MEMORY_BYTES + _MEMORY_PER_BYTE * size_bytes),
    )
