"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), parsed leniently."""

import json
import re
from dataclasses import dataclass
from typing import Any

from newsletter.posts.source_entries import SourceEntry
from newsletter.posts.text import to_html_paragraphs

_ITEMS_START = re.compile(r'"items"\s*:\s*\[')


class NotAJsonFeedError(Exception):
    """The document is JSON, or nearly, but no JSON Feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFeed:
    """A JSON Feed as it was written."""

    title: str
    language: str
    entries: tuple[SourceEntry, ...]
    #: It is truncated or damaged: what came before was read.
    is_broken: bool = False
    #: There are more items than were asked for.
    is_truncated: bool = False


def read_json_feed(text: str, base: str, max_entries: int) -> JsonFeed:
    """Return a feed with its first `max_entries`. `base`: the feed's URL.

    Control characters in strings are accepted, values of the wrong type are ignored; a truncated
    feed gives the items that are complete. Raises NotAJsonFeedError.
    """
    broken = False
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        found, broken = {"items": _recover_items(text, max_entries)}, True
    if (
        not isinstance(found, dict)
        or not isinstance(found.get("items"), list)
        or (broken and not found["items"])
    ):
        raise NotAJsonFeedError
    items = [item for item in found["items"] if isinstance(item, dict)]
    home = _to_text(found.get("feed_url")) or base
    own = _find_author_names(found)
    return JsonFeed(
        title=_to_text(found.get("title")),
        language=_to_text(found.get("language")),
        entries=tuple(_build_entry(item, home, own) for item in items[:max_entries]),
        is_broken=broken,
        is_truncated=len(items) > max_entries,
    )


def _build_entry(item: dict[str, Any], base: str, authors: tuple[str, ...]) -> SourceEntry:
    content = _to_text(item.get("content_html")) or to_html_paragraphs(
        _to_text(item.get("content_text"))
    )
    number = item.get("id")
    return SourceEntry(
        guid=(
            str(number)
            if isinstance(number, str | int | float) and not isinstance(number, bool)
            else ""
        ),
        links=tuple(filter(None, (_to_text(item.get("url")), _to_text(item.get("external_url"))))),
        base=base,
        title=_to_text(item.get("title")),
        summary=to_html_paragraphs(_to_text(item.get("summary"))),
        content=content,
        dates=tuple(
            filter(
                None, (_to_text(item.get("date_published")), _to_text(item.get("date_modified")))
            )
        ),
        pictures=tuple(_find_pictures(item)),
        categories=tuple(filter(None, map(_to_text, _to_list(item.get("tags"))))),
        authors=_find_author_names(item) or authors,
        language=_to_text(item.get("language")),
    )


def _find_pictures(item: dict[str, Any]) -> list[tuple[str, str | None]]:
    attachments = [part for part in _to_list(item.get("attachments")) if isinstance(part, dict)]
    attached = [
        part.get("url")
        for part in attachments
        if _to_text(part.get("mime_type")).startswith("image/")
    ]
    named = (item.get("image"), item.get("banner_image"), *attached)
    return [(_to_text(url), None) for url in named if _to_text(url)]


def _find_author_names(document: dict[str, Any]) -> tuple[str, ...]:
    people = [*_to_list(document.get("authors")), document.get("author")]
    return tuple(
        name
        for person in people
        if isinstance(person, dict) and (name := _to_text(person.get("name")))
    )


def _recover_items(text: str, max_items: int) -> list[Any]:
    """Return the items of a truncated or damaged feed, up to the first syntax error."""
    start = _ITEMS_START.search(text)
    decoder = json.JSONDecoder(strict=False)
    items: list[Any] = []
    place = start.end() if start else len(text)
    while len(items) <= max_items:
        while place < len(text) and (text[place].isspace() or text[place] == ","):
            place += 1
        try:
            item, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        items.append(item)
    return items


def _to_text(value: object) -> str:
    # Lone surrogates ("\\ud800") can't be encoded.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _to_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
