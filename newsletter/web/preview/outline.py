"""What somebody hears who has the letter read to her.

Landmarks, headings, texts, links and pictures in reading order.

Only what our own renderer writes is told apart; hidden parts (preheader's filler, Outlook's
comments) aren't read.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from html.parser import HTMLParser

_VOID = frozenset(
    {
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
    }
)
_SILENT = frozenset({"head", "script", "style", "title"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "td",
        "th",
        "tr",
        "table",
        "li",
        "ul",
        "ol",
        "blockquote",
        "article",
        "section",
        "main",
        "body",
    }
)
_LANDMARKS = {
    "main": "main",
    "nav": "navigation",
    "header": "banner",
    "footer": "contentinfo",
    "aside": "complementary",
}
_SPOKEN_ROLES = frozenset(
    {"main", "navigation", "banner", "contentinfo", "complementary", "article", "region"}
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
#: What a screen reader doesn't say: filler of the preheader, soft hyphens.
_UNSPOKEN = re.compile(r"[\u00ad\u034f\u200b-\u200f\u2007\u2060\ufeff]+")


class Kind(StrEnum):
    """What is heard."""

    landmark = "landmark"
    heading = "heading"
    text = "text"
    link = "link"
    picture = "picture"
    #: A picture without alt text: the reader hears its address, or nothing.
    unnamed = "unnamed"


@dataclass(slots=True)
class Heard:
    """One thing that is heard."""

    kind: Kind
    text: str
    level: int = 0
    language: str = ""
    #: Where a link leads.
    url: str = ""


def outline(markup: str) -> list[Heard]:
    """Return what is heard of a letter, in order."""
    listener = _Listener()
    listener.feed(markup)
    listener.close()
    return listener.told()


class _Listener(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._heard: list[Heard] = []
        #: Of every open element: its name, whether it is silent, what it is, its language.
        self._open: list[tuple[str, bool, Heard | None]] = []
        self._text = Heard(Kind.text, "")

    def told(self) -> list[Heard]:
        for one in self._heard:
            one.text = " ".join(_UNSPOKEN.sub("", one.text).split())
        kept = [one for one in self._heard if one.text or one.kind not in (Kind.text, Kind.heading)]
        for one in kept:
            if one.kind is Kind.link and not one.text:
                one.kind, one.text = Kind.unnamed, one.url
        return kept

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        silent = (
            self._silent
            or tag in _SILENT
            or "hidden" in values
            or values.get("aria-hidden") == "true"
        )
        silent = silent or bool(_HIDDEN.search(values.get("style", "")))
        if tag in _BLOCKS or tag in _HEADINGS or tag == "br":
            self._break()
        heard = None if silent else self._begin(tag, values)
        if tag == "img" and not silent:
            self._picture(values)
        if tag not in _VOID:
            self._open.append((tag, silent, heard))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, *_ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]
        if tag in _BLOCKS or tag in _HEADINGS or tag == "a":
            self._break()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        inside = next(
            (
                heard
                for _, _, heard in reversed(self._open)
                if heard is not None and heard.kind is not Kind.landmark
            ),
            None,
        )
        if inside is None:
            if self._text not in self._heard[-1:]:
                self._text = Heard(Kind.text, "")
                self._heard.append(self._text)
            inside = self._text
        inside.text += data

    @property
    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _break(self) -> None:
        self._text = Heard(Kind.text, "")

    def _begin(self, tag: str, values: dict[str, str]) -> Heard | None:
        role = values.get("role", _LANDMARKS.get(tag, ""))
        if role in _SPOKEN_ROLES:
            return self._say(
                Heard(
                    Kind.landmark,
                    values.get("aria-label") or values.get("aria-roledescription") or role,
                    language=values.get("lang", ""),
                )
            )
        if tag in _HEADINGS:
            return self._say(
                Heard(Kind.heading, "", level=_HEADINGS[tag], language=values.get("lang", ""))
            )
        if tag == "a" and values.get("href"):
            heading = next(
                (
                    heard
                    for _, _, heard in reversed(self._open)
                    if heard is not None and heard.kind is Kind.heading
                ),
                None,
            )
            if heading is not None:
                heading.url = values["href"]
                return heading
            # Its own label is said instead of what stands in it.
            said = self._say(Heard(Kind.link, values.get("aria-label", ""), url=values["href"]))
            return replace(said) if said.text else said
        return None

    def _picture(self, values: dict[str, str]) -> None:
        link = next(
            (
                heard
                for _, _, heard in reversed(self._open)
                if heard is not None and heard.kind is Kind.link
            ),
            None,
        )
        alt = values.get("alt")
        if link is not None and alt:
            link.text += f" {alt} "
        elif alt:
            self._say(Heard(Kind.picture, alt))
        elif alt is None:
            self._say(Heard(Kind.unnamed, values.get("src", "").rpartition("/")[2]))

    def _say(self, heard: Heard) -> Heard:
        self._heard.append(heard)
        return heard
