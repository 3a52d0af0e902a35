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
    r"|(?P<bad><!--.*\Z|<)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s=\"'/>]++)(?:\s*+=\s*+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'))?"
)
#: What only Outlook sees.
CONDITIONAL_COMMENT = re.compile(r"(<!--\[if [^\]>]*\]>)(.*)(<!\[endif\]-->)", re.DOTALL)
_RAW_TEXT_ELEMENTS = ("mj-style", "style")
#: HTML elements that have no closing tag.
VOID_ELEMENTS = frozenset(
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


class TokenKind(StrEnum):
    """What a token is."""

    opening = "opening"
    closing = "closing"
    #: `<mj-divider />`
    self_closing = "whole"
    text = "text"
    comment = "comment"
    #: CSS within mj-style or style: passed on as it is.
    css = "css"
    #: A `<` that begins nothing.
    stray_bracket = "bad"


@dataclass(frozen=True, slots=True)
class TagAttribute:
    """A name and its value; None: it was written without one, or without quotes."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class MjmlToken:
    """A piece of the source, from `start` (in characters)."""

    kind: TokenKind
    raw: str
    start: int
    #: Tags only.
    name: str = ""
    attributes: tuple[TagAttribute, ...] = field(default=())


def to_line_and_column(source: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1."""
    line = source.count("\n", 0, offset) + 1
    return line, offset - (source.rfind("\n", 0, offset) + 1) + 1


def _parse_attributes(rest: str) -> tuple[TagAttribute, ...]:
    found = []
    for match in _ATTRIBUTE.finditer(rest.rstrip("/ \t\r\n")):
        value = match["double"] if match["double"] is not None else match["single"]
        found.append(TagAttribute(match["name"], value))
    return tuple(found)


def tokenize(source: str) -> Iterator[MjmlToken]:
    """Yield every piece of the source; together they are the source."""
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        assert match is not None  # the last alternatives take anything
        position = match.end()
        raw = match[0]
        if match["name"] is None:
            kind = (
                TokenKind.comment
                if match["comment"]
                else TokenKind.text
                if match["text"]
                else TokenKind.stray_bracket
            )
            yield MjmlToken(kind, raw, match.start())
            continue
        whole = match["rest"].endswith("/")
        kind = (
            TokenKind.closing
            if match["close"]
            else TokenKind.self_closing
            if whole
            else TokenKind.opening
        )
        yield MjmlToken(
            kind,
            raw,
            match.start(),
            match["name"],
            () if match["close"] else _parse_attributes(match["rest"]),
        )
        if kind is TokenKind.opening and match["name"] in _RAW_TEXT_ELEMENTS:
            end = source.find(f"</{match['name']}", position)
            end = len(source) if end < 0 else end
            if end > position:
                yield MjmlToken(TokenKind.css, source[position:end], position)
            position = end
