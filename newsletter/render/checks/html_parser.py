"""What a reader meets in a letter's HTML: language, title, headings, links, pictures, words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from newsletter.render.checks.computed_style import ComputedStyle
from newsletter.render.mjml.tokenizer import VOID_ELEMENTS

#: Pixels of letters that can still be read.
MIN_FONT_SIZE_PX = 12
_HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
_INVISIBLE_TAGS = frozenset({"style", "script", "title", "head", "noscript", "xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlLink:
    """A link as it is read aloud."""

    url: str
    #: Its label for screen readers, else its text, else the alt text of its picture; one line.
    accessible_name: str
    #: Its text alone, as it is seen.
    visible_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlImage:
    """A picture; alt None: the attribute isn't there."""

    url: str
    alt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedHtml:
    """The parts of a letter that checks look at, in reading order."""

    language: str = ""
    title: str = ""
    headings: tuple[tuple[int, str], ...] = ()
    links: tuple[HtmlLink, ...] = ()
    images: tuple[HtmlImage, ...] = ()
    #: Ways in which tables are layout without saying so.
    unmarked_layout_tables: int = 0
    #: Characters of visible text.
    visible_chars: int = 0
    #: Pieces of text that are set smaller than can be read, or in justified lines; the first words
    #: of the first.
    small_text: str = ""
    justified_text: str = ""
    #: The first words whose colour is too near that of their ground, and how they look.
    low_contrast_text: tuple[str, ComputedStyle] | None = None


@dataclass(slots=True)
class _CollectedElements:
    headings: list[tuple[int, list[str]]] = field(default_factory=list)
    links: list[tuple[str, str, list[str], list[str]]] = field(default_factory=list)
    images: list[HtmlImage] = field(default_factory=list)


class _EmailHtmlParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.title, self.unmarked_layout_tables, self.visible_chars = "", "", 0, 0
        self.collected = _CollectedElements()
        self.open_counts: dict[str, int] = {}
        self.small_text, self.justified_text = "", ""
        self.low_contrast_text: tuple[str, ComputedStyle] | None = None
        #: Of each open element.
        self.style_stack: list[ComputedStyle] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.open_counts[tag] = self.open_counts.get(tag, 0) + 1
        if tag not in VOID_ELEMENTS:
            self.style_stack.append(self._current_style.for_child(tag, given))
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag in _HEADING_LEVELS:
            self.collected.headings.append((_HEADING_LEVELS[tag], []))
        elif tag == "a" and "href" in given:
            self.collected.links.append((given["href"], given.get("aria-label", ""), [], []))
        elif tag == "img":
            self._collect_image(given)
        elif (
            tag == "table"
            and given.get("role") != "presentation"
            and "figures" not in given.get("class", "")
        ):
            self.unmarked_layout_tables += 1

    @property
    def _current_style(self) -> ComputedStyle:
        return self.style_stack[-1] if self.style_stack else ComputedStyle()

    def _collect_image(self, attributes: dict[str, str]) -> None:
        self.collected.images.append(
            HtmlImage(url=attributes.get("src", ""), alt=attributes.get("alt"))
        )
        if self.open_counts.get("a") and self.collected.links:
            self.collected.links[-1][2].append(attributes.get("alt", ""))

    def handle_endtag(self, tag: str) -> None:
        self.open_counts[tag] = max(0, self.open_counts.get(tag, 0) - 1)
        if any(look.tag == tag for look in self.style_stack):
            while self.style_stack.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open_counts.get("title"):
            self.title += data
        if any(self.open_counts.get(tag) for tag in _INVISIBLE_TAGS):
            return
        self.visible_chars += len(data.strip())
        look = self._current_style
        if (words := _join_text([data])[:60]) and not look.is_hidden:
            self.small_text = self.small_text or (
                words if look.font_size_px < MIN_FONT_SIZE_PX else ""
            )
            self.justified_text = self.justified_text or (words if look.is_justified else "")
            self.low_contrast_text = self.low_contrast_text or (
                (words, look) if look.low_contrast else None
            )
        if self.open_counts.get("a") and self.collected.links:
            self.collected.links[-1][2].append(data)
            self.collected.links[-1][3].append(data)
        if any(self.open_counts.get(tag) for tag in _HEADING_LEVELS) and self.collected.headings:
            self.collected.headings[-1][1].append(data)


def _join_text(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def parse_html(html: str) -> ParsedHtml:
    """Return what is in a letter's HTML; Outlook's conditional parts aren't looked into."""
    reader = _EmailHtmlParser()
    reader.feed(html)
    reader.close()
    return ParsedHtml(
        language=reader.language,
        title=reader.title.strip(),
        headings=tuple((level, _join_text(parts)) for level, parts in reader.collected.headings),
        links=tuple(
            HtmlLink(
                url=url, accessible_name=label or _join_text(parts), visible_text=_join_text(seen)
            )
            for url, label, parts, seen in reader.collected.links
        ),
        images=tuple(reader.collected.images),
        unmarked_layout_tables=reader.unmarked_layout_tables,
        visible_chars=reader.visible_chars,
        small_text=reader.small_text,
        justified_text=reader.justified_text,
        low_contrast_text=reader.low_contrast_text,
    )
