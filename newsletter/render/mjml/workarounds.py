r"""Rewrite MJML so that mrml 6 draws it as npm's MJML would: every trap of mrml has its cure here.

newline, tab, \, odd characters in attributes   spelled out as references, one line
'…"…' around an attribute                        "…&#34;…"
> in text after a letter outside ASCII (panics)  &gt;, within Outlook's conditional comments, too
blanks alone between two tags (refused)          a line end
#0a5 (printed as it is, Outlook sees black)      #00aa55
mj-class="a b" (first wins)                      "b a": the last wins, as in npm's
mj-image without alt (none printed)              alt=""
"""

import re
from itertools import pairwise

from newsletter.render.mjml.tokenizer import (
    CONDITIONAL_COMMENT,
    MjmlToken,
    TagAttribute,
    TokenKind,
    tokenize,
)
from newsletter.render.safe_text import escape_for_mrml

_BLANK_SPACE = re.compile(r"[ \t]+")
_SHORT_COLOUR = re.compile(r"#([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])")
_PICTURE_TAGS = frozenset({"mj-image", "mj-carousel-image"})


def _rewrite_value(tag: str, attribute: TagAttribute) -> str:
    value = escape_for_mrml((attribute.value or "").replace("\n", " ")).replace('"', "&#34;")
    if attribute.name == "mj-class":
        value = " ".join(reversed(value.split()))
    if (
        tag.startswith("mj")
        and attribute.name.endswith("color")
        and (short := _SHORT_COLOUR.fullmatch(value))
    ):
        value = "#" + "".join(digit * 2 for digit in short.groups())
    return value


def _rewrite_tag(token: MjmlToken) -> str:
    given = list(token.attributes)
    if token.name in _PICTURE_TAGS and all(a.name != "alt" for a in given):
        given.append(TagAttribute("alt", ""))
    written = "".join(f' {a.name}="{_rewrite_value(token.name, a)}"' for a in given)
    return f"<{token.name}{written}{' /' if token.kind is TokenKind.self_closing else ''}>"


def _rewrite_token(token: MjmlToken) -> str:
    if token.kind in (TokenKind.opening, TokenKind.self_closing):
        return _rewrite_tag(token)
    if token.kind is TokenKind.text:
        return token.raw.replace(">", "&gt;")
    if token.kind is TokenKind.comment and (found := CONDITIONAL_COMMENT.fullmatch(token.raw)):
        return found[1] + apply_workarounds(found[2]) + found[3]
    return token.raw


def apply_workarounds(source: str) -> str:
    """Return the same MJML, written so that mrml neither fails on it nor changes it."""
    pieces = list(tokenize(source.lstrip("\ufeff")))
    blank = {
        index
        for index, (before, token) in enumerate(pairwise(pieces), start=1)
        if token.kind is TokenKind.text
        and before.kind is not TokenKind.text
        and _BLANK_SPACE.fullmatch(token.raw)
    }
    return "".join(
        "\n" if index in blank else _rewrite_token(token) for index, token in enumerate(pieces)
    )
