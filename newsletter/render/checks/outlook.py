"""Outlook's conditional comments: the letter must be whole with them and without them."""

import re
from html.parser import HTMLParser

from newsletter.render.mjml.tokenizer import VOID_ELEMENTS

_DOWNLEVEL_REVEALED = re.compile(r"<!--\[if ([^\]]*)\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
_DOWNLEVEL_HIDDEN = re.compile(r"<!--\[if ([^\]]*)\]>(.*?)<!\[endif\]-->", re.DOTALL)
_LEFTOVER_CONDITIONAL = re.compile(r"<!--\[if|<!\[endif\]")

#: HTML closes these by itself, and libxml2 leaves their closing tags out where they are empty.
_OPTIONAL_END_TAGS = frozenset({"li", "dt", "dd"})


def _is_for_outlook(condition: str) -> bool:
    return "mso" in condition and not condition.strip().startswith("!")


def to_outlook_html(html: str) -> str:
    """Return what Outlook for Windows sees."""
    shown = _DOWNLEVEL_REVEALED.sub(
        lambda match: match[2] if _is_for_outlook(match[1]) else "", html
    )
    return _DOWNLEVEL_HIDDEN.sub(lambda match: match[2] if _is_for_outlook(match[1]) else "", shown)


def to_non_outlook_html(html: str) -> str:
    """Return what all other clients see."""
    return _DOWNLEVEL_HIDDEN.sub("", _DOWNLEVEL_REVEALED.sub(lambda match: match[2], html))


class _TagBalanceParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open_tags: list[str] = []
        self.unmatched_tag = ""

    def handle_starttag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002
    ) -> None:
        if tag in _OPTIONAL_END_TAGS and self.open_tags and self.open_tags[-1] == tag:
            self.open_tags.pop()
        if tag not in VOID_ELEMENTS:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take `<o:AllowPNG/>` as whole."""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID_ELEMENTS or self.unmatched_tag:
            return
        while (
            self.open_tags
            and self.open_tags[-1] in _OPTIONAL_END_TAGS
            and self.open_tags[-1] != tag
        ):
            self.open_tags.pop()
        if not self.open_tags or self.open_tags[-1] != tag:
            self.unmatched_tag = tag
        else:
            self.open_tags.pop()


def find_unbalanced_tag(html: str) -> str | None:
    """Return the first tag that isn't balanced, for Outlook or for the others, or None."""
    for seen in (to_outlook_html(html), to_non_outlook_html(html)):
        if _LEFTOVER_CONDITIONAL.search(seen):
            return "[if …]"
        balance = _TagBalanceParser()
        balance.feed(seen)
        balance.close()
        if balance.unmatched_tag or balance.open_tags:
            return balance.unmatched_tag or balance.open_tags[-1]
    return None
