"""Parse one XML feed, in a child process of `feed_parser` under resource limits.

The feed's bytes are UTF-8. The only module that knows feedparser, which is given bytes only: it
would open a string as a path or a URL.
"""

import calendar
import json
from collections.abc import Sequence
from typing import IO, Any

from newsletter.posts.text import to_html_paragraphs

#: Characters of one text, and of all texts together (entity expansion).
_MAX_TEXT_CHARS = 1_000_000
_MAX_TOTAL_CHARS = 40_000_000


def respond(arguments: Sequence[str], source: IO[bytes], target: IO[bytes]) -> None:
    """Write a feed as JSON. `arguments`: its URL, and how many entries are wanted."""
    base, max_entries = arguments
    found = parse_feed(source.read(), base, int(max_entries))
    target.write(json.dumps(found).encode("ascii"))


class _MaxEntriesReached(Exception):
    """As many entries have been read as were asked for: parsing stops, which is no error."""


def parse_feed(data: bytes, base: str, max_entries: int) -> dict[str, Any]:
    """Return title, language and first entries of a feed, with `SourceEntry`'s names."""
    found, cut = _run_feedparser(data, base, max_entries)
    entries, room = [], _MAX_TOTAL_CHARS
    for entry in found["entries"]:
        plain = _to_payload(entry)
        room -= sum(len(plain[name]) for name in ("title", "summary", "content"))
        if room < 0:
            break
        entries.append(plain)
    return {
        "version": _to_text(found["version"]),
        "title": _to_text(found["feed"].get("title")),
        "language": _to_text(found["feed"].get("language")),
        "entries": entries,
        "cut": cut or len(found["entries"]) > len(entries),
    }


def _run_feedparser(data: bytes, base: str, max_entries: int) -> tuple[Any, bool]:
    """Return what feedparser found, and whether it was stopped before the end."""
    import feedparser

    _patch_media_descriptions()
    reading = _patch_max_entries(max_entries)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    try:
        # No sanitising here: it costs seconds, and nothing of a feed leaves this program as HTML.
        return (
            feedparser.parse(
                data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
            ),
            False,
        )
    except _MaxEntriesReached:
        parser = reading[-1]
        return {
            "entries": parser.entries,
            "feed": parser.feeddata,
            "version": parser.version or "rss",
        }, True


def _to_payload(entry: Any) -> dict[str, Any]:
    title = entry.get("title_detail") or {}
    content, base = _choose_content(entry)
    parsed = (
        entry.get("published_parsed")
        or (entry.get("updated_parsed") if "updated_parsed" in entry else None)
        or entry.get("created_parsed")
    )
    return {
        "guid": _to_text(entry.get("id"))[:2_000],
        "links": [
            link
            for link in (
                _to_text(entry.get("feedburner_origlink")),
                _to_text(entry.get("link")),
                *_find_alternate_links(entry),
            )
            if link
        ],
        "base": base,
        "title": _to_text(title.get("value") or entry.get("title"))[:20_000],
        "title_is_html": title.get("type") in ("text/html", "application/xhtml+xml"),
        "summary": _to_html(entry.get("summary_detail") or {"value": entry.get("summary")}),
        "content": content,
        "dates": [
            text
            for text in (
                _to_text(entry.get(name))[:100]
                for name in ("published", *_get_updated_keys(entry), "created")
            )
            if text
        ],
        "seconds": _to_timestamp(parsed),
        "pictures": _find_pictures(entry),
        "categories": [
            _to_text(tag.get("label") or tag.get("term"))[:200]
            for tag in entry.get("tags", ())
            if "schemas.google" not in str(tag)
        ],
        "authors": [
            _to_text(person.get("name"))[:200]
            for person in entry.get("authors") or [entry.get("author_detail") or {}]
        ],
        "language": _to_text(
            entry.get("language")
            or title.get("language")
            or (entry.get("summary_detail") or {}).get("language")
        )[:20],
    }


def _get_updated_keys(entry: Any) -> list[str]:
    # feedparser falls back from "updated" to "published", and warns of it.
    return ["updated"] if "updated" in entry else []


def _choose_content(entry: Any) -> tuple[str, str]:
    """Return the longest of an entry's contents as HTML, and its base URL."""
    contents = [
        content
        for content in entry.get("content", ())
        if str(content.get("type", "")).startswith(("text/", "application/xhtml"))
    ]
    base = next(
        (
            _to_text(part.get("base"))
            for part in [
                *contents,
                entry.get("summary_detail") or {},
                entry.get("title_detail") or {},
            ]
            if part.get("base")
        ),
        "",
    )
    longest = max((_to_html(content) for content in contents), key=len, default="")
    return longest, base


def _to_html(detail: Any) -> str:
    text = _to_text(detail.get("value"))[:_MAX_TEXT_CHARS]
    if detail.get("type") == "text/plain":
        return to_html_paragraphs(text)
    return text


def _find_alternate_links(entry: Any) -> list[str]:
    links = entry.get("links", ())
    return [
        _to_text(link.get("href"))
        for link in links
        if link.get("rel") == "alternate"
        and link.get("type", "text/html") in ("text/html", "application/xhtml+xml")
    ]


def _find_pictures(entry: Any) -> list[tuple[str, str | None]]:
    """Return the pictures of an entry: media:content, enclosures, image, media:thumbnail."""
    found: list[tuple[Any, Any]] = []
    for media in entry.get("media_content", ()):
        kind = _to_text(media.get("type"))
        if (
            media.get("medium") == "image"
            or kind.startswith("image/")
            or (not kind and not media.get("medium"))
        ):
            found.append((media.get("url"), media.get("description") or entry.get("media_text")))
    found += [
        (link.get("href"), None)
        for link in entry.get("links", ())
        if link.get("rel") == "enclosure" and _to_text(link.get("type")).startswith("image/")
    ]
    found += (
        [((entry.get("image") or {}).get("href"), None)]
        if isinstance(entry.get("image"), dict)
        else []
    )
    found += [
        (media.get("url"), entry.get("media_text")) for media in entry.get("media_thumbnail", ())
    ]
    return [
        (_to_text(url)[:4_000], _to_text(alt)[:1_000] or None)
        for url, alt in found[:20]
        if _to_text(url)
    ]


def _to_timestamp(parsed: Any) -> float | None:
    try:
        return float(calendar.timegm(parsed)) if parsed else None
    except (ValueError, OverflowError, TypeError):
        return None


def _to_text(value: object) -> str:
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _patch_media_descriptions() -> None:
    """Make feedparser keep media:description with its picture, not as the entry's summary."""
    from feedparser import api

    def start_description(self: Any, attrs: Any) -> None:  # noqa: ARG001 # the base hands them over
        self.push("media_text", 1)

    def end_description(self: Any) -> None:
        text = self.pop("media_text")
        pictures = self._get_context().get("media_content")
        if text and pictures:
            pictures[-1].setdefault("description", text)

    for parser in (api.StrictFeedParser, api.LooseFeedParser):
        parser._start_media_description = start_description
        parser._end_media_description = end_description
        # A picture's title is no title of the entry, and no description either.
        parser._start_media_title = lambda self, attrs: self.push("media_title", 1)  # noqa: ARG005
        parser._end_media_title = lambda self: self.pop("media_title")


def _patch_max_entries(max_entries: int) -> list[Any]:
    """Make feedparser stop after `max_entries`; return a list that will hold its parser."""
    from feedparser import api

    at_work: list[Any] = []

    def limit_entries(original: Any) -> Any:
        def start_entry(self: Any, attrs: Any) -> None:
            at_work[:] = [self]
            if len(self.entries) >= max_entries:
                raise _MaxEntriesReached
            original(self, attrs)

        return start_entry

    for parser in (api.StrictFeedParser, api.LooseFeedParser):
        parser._start_item = parser._start_entry = limit_entries(parser._start_item)
    return at_work
