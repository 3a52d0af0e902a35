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

from newsletter.render.mjml.tokens import CONDITIONAL, Attribute, Kind, Token, tokens
from newsletter.render.safe import spell

_BLANKS = re.compile(r"[ \t]+")
_SHORT_COLOUR = re.compile(r"#([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])")
_WITH_PICTURE = frozenset({"mj-image", "mj-carousel-image"})


def _value(tag: str, attribute: Attribute) -> str:
    value = spell((attribute.value or "").replace("\n", " ")).replace('"', "&#34;")
    if attribute.name == "mj-class":
        value = " ".join(reversed(value.split()))
    if (
        tag.startswith("mj")
        and attribute.name.endswith("color")
        and (short := _SHORT_COLOUR.fullmatch(value))
    ):
        value = "#" + "".join(digit * 2 for digit in short.groups())
    return value


def _tag(token: Token) -> str:
    given = list(token.attributes)
    if token.name in _WITH_PICTURE and all(a.name != "alt" for a in given):
        given.append(Attribute("alt", ""))
    written = "".join(f' {a.name}="{_value(token.name, a)}"' for a in given)
    return f"<{token.name}{written}{' /' if token.kind is Kind.whole else ''}>"


def _cured(token: Token) -> str:
    if token.kind in (Kind.opening, Kind.whole):
        return _tag(token)
    if token.kind is Kind.text:
        return token.raw.replace(">", "&gt;")
    if token.kind is Kind.comment and (found := CONDITIONAL.fullmatch(token.raw)):
        return found[1] + cure(found[2]) + found[3]
    return token.raw


def cure(source: str) -> str:
    """Return the same MJML, written so that mrml neither fails on it nor changes it."""
    pieces = list(tokens(source.lstrip("\ufeff")))
    blank = {
        index
        for index, (before, token) in enumerate(pairwise(pieces), start=1)
        if token.kind is Kind.text and before.kind is not Kind.text and _BLANKS.fullmatch(token.raw)
    }
    return "".join("\n" if index in blank else _cured(token) for index, token in enumerate(pieces))
