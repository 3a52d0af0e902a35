"""Outlook's conditional comments: the letter must be whole with them and without them."""

import re
from html.parser import HTMLParser

from newsletter.render.mjml.tokens import VOID

_SHOWN = re.compile(r"<!--\[if ([^\]]*)\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
_HIDDEN = re.compile(r"<!--\[if ([^\]]*)\]>(.*?)<!\[endif\]-->", re.DOTALL)
_LEFT = re.compile(r"<!--\[if|<!\[endif\]")

#: HTML closes these by itself, and libxml2 leaves their closing tags out where they are empty.
_MAY_STAY_OPEN = frozenset({"li", "dt", "dd"})


def _for_outlook(condition: str) -> bool:
    return "mso" in condition and not condition.strip().startswith("!")


def as_outlook(html: str) -> str:
    """Return what Outlook for Windows sees."""
    shown = _SHOWN.sub(lambda match: match[2] if _for_outlook(match[1]) else "", html)
    return _HIDDEN.sub(lambda match: match[2] if _for_outlook(match[1]) else "", shown)


def as_others(html: str) -> str:
    """Return what all other clients see."""
    return _HIDDEN.sub("", _SHOWN.sub(lambda match: match[2], html))


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base names it
        if tag in _MAY_STAY_OPEN and self.open and self.open[-1] == tag:
            self.open.pop()
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take `<o:AllowPNG/>` as whole."""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or self.wrong:
            return
        while self.open and self.open[-1] in _MAY_STAY_OPEN and self.open[-1] != tag:
            self.open.pop()
        if not self.open or self.open[-1] != tag:
            self.wrong = tag
        else:
            self.open.pop()


def unbalanced(html: str) -> str | None:
    """Return the name of the tag at which a letter stops being whole, for Outlook or for the others; None: it is whole."""
    for seen in (as_outlook(html), as_others(html)):
        if _LEFT.search(seen):
            return "[if …]"
        balance = _Balance()
        balance.feed(seen)
        balance.close()
        if balance.wrong or balance.open:
            return balance.wrong or balance.open[-1]
    return None
