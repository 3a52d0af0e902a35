"""What a mail client's reader meets in a letter's HTML: language, title, headings, links, pictures, words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from newsletter.render.checks.looks import Look
from newsletter.render.mjml.tokens import VOID

#: Pixels of letters that can still be read.
SMALLEST = 12
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
    #: Pieces of text that are set smaller than can be read, or in justified lines; the first words
    #: of the first.
    small: str = ""
    justified: str = ""
    #: The first words whose colour is too near that of their ground, and how they look.
    faint: tuple[str, Look] | None = None


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
        self.faint: tuple[str, Look] | None = None
        #: Of each open element.
        self.looks: list[Look] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside[tag] = self.inside.get(tag, 0) + 1
        if tag not in VOID:
            self.looks.append(self._look.within(tag, given))
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag in _HEADINGS:
            self.found.headings.append((_HEADINGS[tag], []))
        elif tag == "a" and "href" in given:
            self.found.links.append((given["href"], given.get("aria-label", ""), [], []))
        elif tag == "img":
            self._image(given)
        elif (
            tag == "table"
            and given.get("role") != "presentation"
            and "figures" not in given.get("class", "")
        ):
            self.bare_tables += 1

    @property
    def _look(self) -> Look:
        return self.looks[-1] if self.looks else Look()

    def _image(self, given: dict[str, str]) -> None:
        self.found.images.append(Image(url=given.get("src", ""), alt=given.get("alt")))
        if self.inside.get("a") and self.found.links:
            self.found.links[-1][2].append(given.get("alt", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside[tag] = max(0, self.inside.get(tag, 0) - 1)
        if any(look.tag == tag for look in self.looks):
            while self.looks.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.inside.get("title"):
            self.title += data
        if any(self.inside.get(tag) for tag in _SILENT):
            return
        self.length += len(data.strip())
        look = self._look
        if (words := _line([data])[:60]) and not look.hidden:
            self.small = self.small or (words if look.size < SMALLEST else "")
            self.justified = self.justified or (words if look.justified else "")
            self.faint = self.faint or ((words, look) if look.contrast else None)
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
        links=tuple(
            Link(url=url, name=label or _line(parts), words=_line(seen))
            for url, label, parts, seen in reader.found.links
        ),
        images=tuple(reader.found.images),
        bare_tables=reader.bare_tables,
        length=reader.length,
        small=reader.small,
        justified=reader.justified,
        faint=reader.faint,
    )
