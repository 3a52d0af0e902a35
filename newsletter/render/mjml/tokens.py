"""Cut MJML into tags, texts and comments, each with its place.

What the check and the cures work on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

_TOKEN = re.compile(
    r"(?P<comment><!--.*?-->)"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|(?P<text>[^<]++)"
    r"|(?P<bad><)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"\s*(?P<name>[^\s=\"'/>]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'))?"
)
#: What only Outlook sees.
CONDITIONAL = re.compile(r"(<!--\[if [^\]>]*\]>)(.*)(<!\[endif\]-->)", re.DOTALL)
_RAW_TEXT = ("mj-style", "style")
#: HTML elements that have no closing tag.
VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    )
)


class Kind(StrEnum):
    """What a token is."""

    opening = "opening"
    closing = "closing"
    #: `<mj-divider />`
    whole = "whole"
    text = "text"
    comment = "comment"
    #: CSS within mj-style or style: passed on as it is.
    css = "css"
    #: A `<` that begins nothing.
    bad = "bad"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and its value; None: it was written without one, or without quotes."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source, from `start` (in characters)."""

    kind: Kind
    raw: str
    start: int
    #: Tags only.
    name: str = ""
    attributes: tuple[Attribute, ...] = field(default=())


def place(source: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1."""
    line = source.count("\n", 0, offset) + 1
    return line, offset - (source.rfind("\n", 0, offset) + 1) + 1


def _attributes(rest: str) -> tuple[Attribute, ...]:
    found = []
    for match in _ATTRIBUTE.finditer(rest.rstrip("/ \t\r\n")):
        value = match["double"] if match["double"] is not None else match["single"]
        found.append(Attribute(match["name"], value))
    return tuple(found)


def tokens(source: str) -> Iterator[Token]:
    """Yield every piece of the source; together they are the source."""
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        assert match is not None  # the last alternatives take anything
        position = match.end()
        raw = match[0]
        if match["name"] is None:
            kind = Kind.comment if match["comment"] else Kind.text if match["text"] else Kind.bad
            yield Token(kind, raw, match.start())
            continue
        whole = match["rest"].endswith("/")
        kind = Kind.closing if match["close"] else Kind.whole if whole else Kind.opening
        yield Token(
            kind,
            raw,
            match.start(),
            match["name"],
            () if match["close"] else _attributes(match["rest"]),
        )
        if kind is Kind.opening and match["name"] in _RAW_TEXT:
            end = source.find(f"</{match['name']}", position)
            end = len(source) if end < 0 else end
            if end > position:
                yield Token(Kind.css, source[position:end], position)
            position = end
