"""Tags as lists and people write them: several in one text."""

import json
import re
from functools import lru_cache

#: Cells that are remembered: lists say the same again and again.
_CACHE_ENTRIES = 4096
_TAG_SEPARATOR = re.compile(r"[,;|\n]")


@lru_cache(maxsize=_CACHE_ENTRIES)
def parse_tags_as_json(cell: str) -> str:
    """Return the tags in a cell as the database keeps them."""
    return json.dumps(parse_tags(cell))


def parse_tags(text: str) -> list[str]:
    """Return the tags in a text, divided by comma, semicolon, pipe or line end; each once."""
    found: dict[str, str] = {}
    for part in _TAG_SEPARATOR.split(text.replace("\r", "\n").replace("\0", "")):
        tag = " ".join(part.split()).strip('"')
        if tag:
            found.setdefault(tag.casefold(), tag)
    return list(found.values())
