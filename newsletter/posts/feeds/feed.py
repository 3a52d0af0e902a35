"""A feed as posts: RSS 2.0, RSS 1.0, Atom and JSON Feed, from the web or from a file.

bytes | decode | sniff_document_type | read_xml_feed (its own process) or read_json_feed
    | build_posts
"""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo

from newsletter.domain.post import Post
from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.dates import DateParser
from newsletter.posts.feeds.feed_parser import UnreadableFeedError, read_xml_feed
from newsletter.posts.feeds.json_feed import NotAJsonFeedError, read_json_feed
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.fetch.sniff import DocumentType, find_feed_url, sniff_document_type
from newsletter.posts.source_entries import (
    SourceEntry,
    build_posts,
    normalise_language_tag,
    normalise_title,
)

#: Entries of one feed that are read.
MAX_ENTRIES = 10_000
#: Characters that are kept to say what a document is where it is no feed.
_HEAD_CHARS = 200_000
#: The closing tag of a feed that isn't truncated stands in its last characters: counters and caches
#: append comments, HTML or a word.
_TAIL_CHARS = 5_000
_CLOSING_TAG = re.compile(r"</(?:rss|feed|(?:\w+:)?rdf)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The posts of a feed, and notes for staff."""

    posts: tuple[Post, ...]
    title: str
    language: str | None
    notes: tuple[Phrase, ...] = ()


def read_feed(
    content: bytes, *, source: str, base: str, content_type: str = "", zone: tzinfo = UTC
) -> Feed:
    """Return the posts of a feed in its own order.

    `source`: its URL in newsletter.toml. `base`: its URL after redirects, for relative ones; "" for
    a file. `zone`: of dates without a UTC offset. Raises SourceError, which says what the document
    is instead of a feed.
    """
    text = decode(content, content_type)
    document_type = sniff_document_type(text)
    if document_type is DocumentType.json:
        return _read_json(text, source, base, zone)
    if document_type not in (DocumentType.xml_feed, DocumentType.unknown):
        raise build_not_a_feed_error(document_type, source, text, base)
    head = text[:_HEAD_CHARS]
    data = text.encode("utf-8", "replace")
    is_whole = _CLOSING_TAG.search(text[-_TAIL_CHARS:]) is not None
    # A large feed with one emoji takes 40 MB as text, which nobody needs while it is parsed.
    del text
    try:
        found = read_xml_feed(data, base, MAX_ENTRIES)
    except UnreadableFeedError as error:
        raise SourceError(
            "{source} can't be read: its feed asks for too much time or memory. Tell who runs the"
            " site.",
            source=source,
        ) from error
    if not found.version and not found.entries:
        raise build_not_a_feed_error(DocumentType.unknown, source, head, base)
    notes = _build_notes(
        source,
        found.entries,
        is_truncated=found.is_truncated,
        is_broken=bool(found.entries) and not is_whole,
    )
    return _build_feed(
        found.entries,
        normalise_title(found.title, is_html=True),
        found.language,
        source,
        notes,
        zone,
    )


def build_not_a_feed_error(
    document_type: DocumentType, source: str, text: str, base: str
) -> SourceError:
    """Return the error that says what a document is instead of a feed."""
    if document_type is DocumentType.empty:
        return SourceError(
            "{source} is empty. Check the address, or try again later.", source=source
        )
    if document_type is DocumentType.opml:
        return SourceError(
            "{source} is a list of feeds (OPML), not a feed. Write the feeds in newsletter.toml,"
            " one source each.",
            source=source,
        )
    if document_type is DocumentType.sitemap:
        return SourceError(
            "{source} is a sitemap, not a feed. Write the address of the site's feed in"
            " newsletter.toml.",
            source=source,
        )
    if document_type is DocumentType.html:
        feed = find_feed_url(text, base)
        if feed:
            return SourceError(
                "{source} is a web page. Its feed is {feed}: write that address in"
                " newsletter.toml.",
                source=source,
                feed=feed,
            )
        return SourceError(
            "{source} is a web page, not a feed, and names no feed. Look for “RSS” on the site.",
            source=source,
        )
    if document_type is DocumentType.json:
        return SourceError(
            "{source} is JSON, but no JSON Feed. Check the address in newsletter.toml.",
            source=source,
        )
    return SourceError(
        "{source} is no feed: neither RSS nor Atom nor JSON Feed. Check the address in"
        " newsletter.toml.",
        source=source,
    )


def _read_json(text: str, source: str, base: str, zone: tzinfo) -> Feed:
    try:
        found = read_json_feed(text, base, MAX_ENTRIES)
    except NotAJsonFeedError as error:
        raise build_not_a_feed_error(DocumentType.json, source, text, base) from error
    notes = _build_notes(
        source, found.entries, is_truncated=found.is_truncated, is_broken=found.is_broken
    )
    return _build_feed(
        found.entries,
        normalise_title(found.title, is_html=False),
        found.language,
        source,
        notes,
        zone,
    )


def _build_feed(
    entries: tuple[SourceEntry, ...],
    title: str,
    language: str,
    source: str,
    notes: tuple[Phrase, ...],
    zone: tzinfo,
) -> Feed:
    known = normalise_language_tag(language)
    posts = build_posts(entries, source, DateParser(zone, known), known)
    if entries and not posts:
        notes += (Phrase("No post of {source} has a title, a link or a text.", source=source),)
    return Feed(posts=posts, title=title, language=known, notes=notes)


def _build_notes(
    source: str, entries: tuple[SourceEntry, ...], *, is_truncated: bool, is_broken: bool
) -> tuple[Phrase, ...]:
    notes = []
    if not entries:
        notes.append(Phrase("{source} holds no posts at the moment.", source=source))
    if is_broken:
        notes.append(
            Phrase(
                "{source} is broken off or damaged: {count} posts before that were read.",
                source=source,
                count=len(entries),
            )
        )
    if is_truncated:
        notes.append(
            Phrase(
                "{source} holds very many posts: the first {count} were read.",
                source=source,
                count=len(entries),
            )
        )
    return tuple(notes)
