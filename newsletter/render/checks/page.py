"""What a mail client's reader meets in a letter's HTML: language, title, headings, links, pictures, words."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from newsletter.render.mjml.tokens import VOID

#: Pixels of letters that can still be read.
SMALLEST = 12
_SIZE = re.compile(r"(?:^|;)\s*font-size\s*:\s*(\d+(?:\.\d+)?)px", re.IGNORECASE)
_ALIGN = re.compile(r"(?:^|;)\s*text-align\s*:\s*(\w+)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SILENT = frozenset({"style", "script", "title", "head", "noscript", "xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it is read aloud."""

    url: str
    #: Its label for screen readers, else its text, else the alt text of its picture; one line.
    name: str
    #: Its text alone, as it is seen.
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture; alt None: the attribute isn't there."""

    url: str
    alt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The parts of a letter that checks look at, in reading order."""

    language: str = ""
    title: str = ""
    headings: tuple[tuple[int, str], ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    #: Ways in which tables are layout without saying so.
    bare_tables: int = 0
    #: Characters of visible text.
    length: int = 0
    #: Pieces of text that are set smaller than can be read, or in justified lines; the first words of the first.
    small: str = ""
    justified: str = ""


@dataclass(slots=True)
class _Found:
    headings: list[tuple[int, list[str]]] = field(default_factory=list)
    links: list[tuple[str, str, list[str], list[str]]] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.title, self.bare_tables, self.length = "", "", 0, 0
        self.found = _Found()
        self.inside: dict[str, int] = {}
        self.small, self.justified = "", ""
        #: Of each open element: size of letters, justified, hidden; inherited.
        self.looks: list[tuple[str, float, bool, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside[tag] = self.inside.get(tag, 0) + 1
        if tag not in VOID:
            self.looks.append(self._look(tag, given.get("style", "")))
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag in _HEADINGS:
            self.found.headings.append((_HEADINGS[tag], []))
        elif tag == "a" and "href" in given:
            self.found.links.append((given["href"], given.get("aria-label", ""), [], []))
        elif tag == "img":
            self._image(given)
        elif tag == "table" and given.get("role") != "presentation" and "figures" not in given.get("class", ""):
            self.bare_tables += 1

    def _look(self, tag: str, style: str) -> tuple[str, float, bool, bool]:
        _, size, justified, hidden = self.looks[-1] if self.looks else ("", 16.0, False, False)
        if found := _SIZE.search(style):
            size = float(found[1])
        if found := _ALIGN.search(style):
            justified = found[1] == "justify"
        return tag, size, justified, hidden or bool(_HIDDEN.search(style))

    def _image(self, given: dict[str, str]) -> None:
        self.found.images.append(Image(url=given.get("src", ""), alt=given.get("alt")))
        if self.inside.get("a") and self.found.links:
            self.found.links[-1][2].append(given.get("alt", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside[tag] = max(0, self.inside.get(tag, 0) - 1)
        if any(open_[0] == tag for open_ in self.looks):
            while self.looks.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.inside.get("title"):
            self.title += data
        if any(self.inside.get(tag) for tag in _SILENT):
            return
        self.length += len(data.strip())
        _, size, justified, hidden = self.looks[-1] if self.looks else ("", 16.0, False, False)
        if data.strip() and not hidden:
            self.small = self.small or (_line([data])[:60] if size < SMALLEST else "")
            self.justified = self.justified or (_line([data])[:60] if justified else "")
        if self.inside.get("a") and self.found.links:
            self.found.links[-1][2].append(data)
            self.found.links[-1][3].append(data)
        if any(self.inside.get(tag) for tag in _HEADINGS) and self.found.headings:
            self.found.headings[-1][1].append(data)


def _line(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def read(html: str) -> Page:
    """Return what is in a letter's HTML; Outlook's conditional parts aren't looked into."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Page(
        language=reader.language,
        title=reader.title.strip(),
        headings=tuple((level, _line(parts)) for level, parts in reader.found.headings),
        links=tuple(Link(url=url, name=label or _line(parts), words=_line(seen)) for url, label, parts, seen in reader.found.links),
        images=tuple(reader.found.images),
        bare_tables=reader.bare_tables,
        length=reader.length,
        small=reader.small,
        justified=reader.justified,
    )
