"""The archive as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

#: Issues in the feed, newest first.
MAX_FEED_ENTRIES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One issue; its id never changes, wherever its page lies."""

    id: str
    url: str
    title: str
    summary: str
    language: str
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """What a feed says of itself."""

    id: str
    title: str
    language: str
    updated: datetime
    #: Where the feed is, and the page that it belongs to.
    url: str
    page_url: str


def render_atom_feed(head: FeedHead, entries: Sequence[FeedEntry]) -> str:
    """Return the feed with its newest entries."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(head.language)}>',
        f"<title>{_escape_text(head.title)}</title>",
        f"<id>{_escape_text(head.id)}</id>",
        f"<updated>{format_timestamp(head.updated)}</updated>",
        f"<author><name>{_escape_text(head.title)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(head.url)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(head.page_url)}/>',
        *map(_render_entry, entries[:MAX_FEED_ENTRIES]),
        "</feed>",
        "",
    ]
    return "\n".join(lines)


def _render_entry(entry: FeedEntry) -> str:
    return (
        f"<entry xml:lang={quoteattr(entry.language)}><title>{_escape_text(entry.title)}</title>"
        f"<id>{_escape_text(entry.id)}</id>"
        f"<updated>{format_timestamp(entry.updated)}</updated>"
        f'<link rel="alternate" type="text/html" href={quoteattr(entry.url)}/>'
        f"<summary>{_escape_text(entry.summary)}</summary></entry>"
    )


def format_timestamp(moment: datetime) -> str:
    """Return a moment as Atom writes it (RFC 3339): "2026-12-01T08:00:00Z"."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _escape_text(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))
