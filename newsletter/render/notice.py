"""Notices: block quotes of the intro, drawn as panels.

They read as what they are in any Markdown viewer.
"""

import re
from dataclasses import dataclass

from newsletter import markdown

_QUOTE_PREFIX = re.compile(r"^ {0,3}> ?", re.MULTILINE)
#: GitHub's way to say what kind of notice it is.
_ALERT_MARKER = re.compile(r"\A\s*\[!\w+\][ \t]*\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroPart:
    """A piece of the intro."""

    is_notice: bool
    #: Markdown; of a notice without its quotation marks.
    text: str
    #: Markdown as it stands in the file.
    source: str


def split_intro(intro: str) -> tuple[IntroPart, ...]:
    """Return the pieces of an intro, in its order; together they are the intro."""
    lines = intro.split("\n")
    parts: list[IntroPart] = []
    at = 0
    for token in markdown.parse(intro):
        if token.type == "blockquote_open" and token.level == 0 and token.map:
            parts.append(_to_text_part(lines[at : token.map[0]]))
            at = token.map[1]
            parts.append(_to_notice_part("\n".join(lines[token.map[0] : at])))
    parts.append(_to_text_part(lines[at:]))
    return tuple(part for part in parts if part.text.strip())


def _to_text_part(lines: list[str]) -> IntroPart:
    text = "\n".join(lines)
    return IntroPart(is_notice=False, text=text, source=text)


def _to_notice_part(source: str) -> IntroPart:
    text = _ALERT_MARKER.sub("", _QUOTE_PREFIX.sub("", source))
    return IntroPart(
        is_notice=True, text=text, source="\n".join(f"> {line}" for line in text.split("\n"))
    )
