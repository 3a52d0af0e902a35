"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), however carelessly written."""

import json
import re
from dataclasses import dataclass
from typing import Any

from newsletter.posts.entries import Entry
from newsletter.posts.text import as_html

_ITEMS = re.compile(r'"items"\s*:\s*\[')


class NoJsonFeedError(Exception):
    """It is JSON, or nearly, but no JSON Feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFeed:
    """What is in a feed."""

    title: str
    language: str
    entries: tuple[Entry, ...]
    #: It ends in the middle: what came before was read.
    broken: bool = False
    #: There are more than so many.
    cut: bool = False


def read_json_feed(text: str, base: str, most: int) -> JsonFeed:
    """Return a feed's first entries. `base`: its address. `most`: how many at most.

    Raises NoJsonFeedError.

    Raw control characters in strings are taken, wrong types are passed over; a feed that is broken
    off gives what is whole.
    """
    broken = False
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        found, broken = {"items": _whole_items(text, most)}, True
    if (
        not isinstance(found, dict)
        or not isinstance(found.get("items"), list)
        or (broken and not found["items"])
    ):
        raise NoJsonFeedError
    items = [item for item in found["items"] if isinstance(item, dict)]
    home = _text(found.get("feed_url")) or base
    own = _names(found)
    return JsonFeed(
        title=_text(found.get("title")),
        language=_text(found.get("language")),
        entries=tuple(_entry(item, home, own) for item in items[:most]),
        broken=broken,
        cut=len(items) > most,
    )


def _entry(item: dict[str, Any], base: str, authors: tuple[str, ...]) -> Entry:
    content = _text(item.get("content_html")) or as_html(_text(item.get("content_text")))
    number = item.get("id")
    return Entry(
        guid=(
            str(number)
            if isinstance(number, str | int | float) and not isinstance(number, bool)
            else ""
        ),
        links=tuple(filter(None, (_text(item.get("url")), _text(item.get("external_url"))))),
        base=base,
        title=_text(item.get("title")),
        summary=as_html(_text(item.get("summary"))),
        content=content,
        dates=tuple(
            filter(None, (_text(item.get("date_published")), _text(item.get("date_modified"))))
        ),
        pictures=tuple(_pictures(item)),
        categories=tuple(filter(None, map(_text, _list(item.get("tags"))))),
        authors=_names(item) or authors,
        language=_text(item.get("language")),
    )


def _pictures(item: dict[str, Any]) -> list[tuple[str, str | None]]:
    attachments = [part for part in _list(item.get("attachments")) if isinstance(part, dict)]
    attached = [
        part.get("url") for part in attachments if _text(part.get("mime_type")).startswith("image/")
    ]
    named = (item.get("image"), item.get("banner_image"), *attached)
    return [(_text(url), None) for url in named if _text(url)]


def _names(found: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(found.get("authors")), found.get("author")]
    return tuple(
        name
        for person in people
        if isinstance(person, dict) and (name := _text(person.get("name")))
    )


def _whole_items(text: str, most: int) -> list[Any]:
    """Return the items of a feed that is broken off or broken, up to the fault."""
    start = _ITEMS.search(text)
    decoder = json.JSONDecoder(strict=False)
    items: list[Any] = []
    place = start.end() if start else len(text)
    while len(items) <= most:
        while place < len(text) and (text[place].isspace() or text[place] == ","):
            place += 1
        try:
            item, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        items.append(item)
    return items


def _text(value: object) -> str:
    # Halves of surrogate pairs ("\\ud800") can't be written anywhere.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
