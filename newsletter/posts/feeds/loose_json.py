"""Lenient JSON: control characters, PHP warnings before it, truncation, wrong types."""

import json
import re
from collections.abc import Iterable
from typing import Any

#: The start of a list of objects, or of an object, behind something else.
_JSON_START = re.compile(r'\[\s*\{\s*"|\{\s*"')
#: Values that are recovered from a truncated list.
_MAX_ITEMS = 10_000


def parse_loose_json(text: str) -> Any:
    """Return the JSON value in a text, or None where there is none.

    Anything before the first object is skipped; a truncated list gives the objects that are
    complete.
    """
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    start = _JSON_START.search(text)
    if start is None:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start.start())[0]
    except (ValueError, RecursionError):
        return _recover_items(text, start.start() + 1) if text[start.start()] == "[" else None


def _recover_items(text: str, place: int) -> list[Any] | None:
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    while len(found) < _MAX_ITEMS:
        while place < len(text) and (text[place].isspace() or text[place] == ","):
            place += 1
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found or None


def to_dict(value: object) -> dict[str, Any]:
    """Return an object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def to_dicts(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list, or the one object that stands instead of a list."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


def to_limited_dicts(found: object) -> list[dict[str, Any]]:
    """Return the objects of a list, at most 10,000."""
    return to_dicts(found)[:_MAX_ITEMS]


def filter_texts(values: Iterable[object]) -> tuple[str, ...]:
    """Return the values that are texts and not blank; lone surrogates become "?"."""
    return tuple(
        value.encode("utf-8", "replace").decode("utf-8")
        for value in values
        if isinstance(value, str) and value.strip()
    )
