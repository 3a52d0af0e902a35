"""The articles that a page lists.

Teasers with title, date, excerpt, picture and "Läs hela artikeln", or links alone.

links to other pages of the site | those in headings, else "Läs mer", else long link texts | the part of the page around each | Entry
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import html  # type: ignore[import-untyped]  # has no stubs

from newsletter.posts.article import blocks_html
from newsletter.posts.clean import BlockKind, blocks, safe_url
from newsletter.posts.clean.furniture import is_date
from newsletter.posts.clean.phrases import is_read_more
from newsletter.posts.clean.tree import Element, tag
from newsletter.posts.entries import Entry
from newsletter.posts.identity import url_key
from newsletter.posts.metadata import date_in
from newsletter.posts.page_tree import ancestors, base_of, same_site, short_text, text_in, words_of
from newsletter.posts.pictures import first_picture
from newsletter.posts.text import as_html, names

#: Teasers of a page that are looked at.
_MOST = 100
_HEADINGS = names("h1 h2 h3 h4 h5 h6")
_FRAME = names("nav footer menu form")
_FRAME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "dialog"})
_FRAME_WORDS = names(
    "breadcrumb breadcrumbs cookie cookies consent navbar menu pagination pager social share"
    " comments comment tagcloud skiplink"
)
#: Files, and pages that list and don't tell.
_FILES = (
    ".pdf",
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".svg",
    ".zip",
    ".doc",
    ".docx",
    ".xls",
    ".xlsx",
    ".ppt",
    ".pptx",
    ".mp3",
    ".mp4",
    ".xml",
    ".ics",
)
_LISTS = names(
    "tag tags tagg taggar category categories kategori kategorier author authors page sida"
    " wp-login.php feed login logga-in search sok"
)
#: A link text alone is a title from so many words on.
_TITLE_WORDS = 3
#: Words of an excerpt at least; a part of the page with more than the most is the article itself.
_SHORTEST, _TEASER_WORDS = 4, 150
#: Links of a page that are looked at.
_MOST_LINKS = 2_000
#: Characters of a line with a date, and dates of one teaser.
_LONGEST_DATE, _MOST_DATES = 60, 10


@dataclass(slots=True)
class _Link:
    anchor: Element
    url: str
    key: str
    text: str
    heading: Element | None


def listed_entries(root: Element, url: str) -> tuple[Entry, ...]:
    """Return the teasers of a page in its order, each article once.

    `url`: the page's; what leads to other sites is left out.
    """
    links = [link for link in islice(_links(root, url), _MOST_LINKS) if link.key != url_key(url)]
    for chosen in (_titled(links), _invited(links), _long(links)):
        entries = _entries(chosen, base_of(root, url))
        if len(entries) >= 2:
            return entries
    return ()


def _links(root: Element, url: str) -> Iterator[_Link]:
    base = base_of(root, url)
    for anchor in root.iter("a"):
        address = safe_url(anchor.get("href"), base)
        if (
            address
            and (not url or same_site(address, url))
            and _is_page(address)
            and not _is_framed(anchor)
        ):
            bare = address.partition("#")[0]
            inner = next((element for element in anchor.iter() if tag(element) in _HEADINGS), None)
            around = next(
                (element for element in ancestors(anchor) if tag(element) in _HEADINGS), None
            )
            text = text_in(inner if inner is not None else anchor)
            yield _Link(
                anchor=anchor,
                url=bare,
                key=url_key(bare),
                text=text,
                heading=inner if inner is not None else around,
            )


def _is_page(address: str) -> bool:
    parts = urlsplit(address)
    steps = [step for step in parts.path.lower().split("/") if step]
    if not steps and not parts.query:
        return False
    return not (
        steps
        and (
            steps[-1].endswith(_FILES)
            or not _LISTS.isdisjoint(steps[:-1] if len(steps) > 1 else steps)
        )
    )


def _is_framed(anchor: Element) -> bool:
    for around in ancestors(anchor):
        name = tag(around)
        if name == "body":
            return False
        if (
            name in _FRAME
            or around.get("role") in _FRAME_ROLES
            or not _FRAME_WORDS.isdisjoint(words_of(around))
        ):
            return True
        if name == "header" and not any(
            tag(outer) in ("article", "li", "section", "main") for outer in ancestors(around)
        ):
            return True
    return False


def _titled(links: Sequence[_Link]) -> list[_Link]:
    return [
        link
        for link in links
        if link.heading is not None and link.text and not is_read_more(link.text)
    ]


def _invited(links: Sequence[_Link]) -> list[_Link]:
    """Links that say "Läs mer" behind a title that isn't linked."""
    return [
        link for link in links if is_read_more(link.text or link.anchor.get("aria-label") or "")
    ]


def _long(links: Sequence[_Link]) -> list[_Link]:
    return [
        link
        for link in links
        if len(link.text.split()) >= _TITLE_WORDS and not is_read_more(link.text)
    ]


def _entries(chosen: Sequence[_Link], base: str) -> tuple[Entry, ...]:
    once: dict[str, _Link] = {}
    for link in chosen:
        once.setdefault(link.key, link)
    others = {link.anchor: link.key for link in chosen}
    found = [_entry(link, others, base) for link in list(once.values())[:_MOST]]
    return tuple(entry for entry in found if entry is not None)


def _entry(link: _Link, others: dict[Element, str], base: str) -> Entry | None:
    parts = _around(link, others)
    text = "".join(str(html.tostring(part, encoding="unicode", with_tail=False)) for part in parts)
    title = link.text if link.heading is not None or not is_read_more(link.text) else ""
    if not title:
        heading = next(
            (element for part in parts for element in part.iter() if tag(element) in _HEADINGS),
            None,
        )
        title = text_in(heading) if heading is not None else ""
    if not title:
        return None
    image = first_picture(text, base)
    summary, content = _texts(text, title)
    return Entry(
        links=(link.url,),
        base=base,
        title=title,
        summary=summary,
        content=content,
        dates=tuple(dict.fromkeys(islice(_dates(parts), _MOST_DATES))),
        pictures=((image.url, image.alt),) if image else (),
        categories=tuple(_categories(parts)),
    )


def _around(link: _Link, others: dict[Element, str]) -> list[Element]:
    """Return the part of the page that belongs to one link.

    The largest element around it that holds no other article's link.

    Where teasers lie flat beside each other it is what follows the heading, up to the next one.
    """
    part = (
        link.heading
        if link.heading is not None and link.heading not in list(link.anchor.iter())
        else link.anchor
    )
    while (parent := part.getparent()) is not None and tag(parent) not in (
        "body",
        "html",
        "main",
        "ul",
        "ol",
    ):
        if any(
            key != link.key
            for anchor in parent.iter("a")
            if (key := others.get(anchor)) is not None
        ):
            break
        part = parent
    if text_in(part) != link.text and tag(part) not in _HEADINGS:
        return [part]
    return [*_before(part), part, *_after(part, link, others)]


def _before(part: Element) -> list[Element]:
    previous = part.getprevious()
    return (
        [previous]
        if previous is not None and tag(previous) != "a" and _is_date_line(previous)
        else []
    )


def _after(part: Element, link: _Link, others: dict[Element, str]) -> Iterator[Element]:
    dated_before = bool(_before(part))
    for element in part.itersiblings():
        foreign = any(others.get(anchor, link.key) != link.key for anchor in element.iter("a"))
        following = element.getnext()
        next_date = (
            dated_before
            and _is_date_line(element)
            and following is not None
            and tag(following) in _HEADINGS
        )
        if foreign or tag(element) in _HEADINGS or next_date:
            return
        yield element


def _is_date_line(element: Element) -> bool:
    return tag(element) == "time" or is_date(short_text(element, _LONGEST_DATE))


def _texts(text: str, title: str) -> tuple[str, str]:
    """Return an excerpt, or the whole article where the page shows it."""
    prose = [
        block
        for block in blocks(text, title=title)
        if block.kind not in (BlockKind.heading, BlockKind.code)
    ]
    words = sum(len(block.text.split()) for block in prose)
    if words > _TEASER_WORDS:
        return "", blocks_html(prose)
    return (
        (as_html(" ".join(block.text for block in prose)), "") if words >= _SHORTEST else ("", "")
    )


def _dates(parts: Sequence[Element]) -> Iterator[str]:
    elements = [element for part in parts for element in part.iter() if tag(element)]
    for element in elements:
        if tag(element) == "time":
            yield from filter(
                None, (element.get("datetime"), date_in(short_text(element, _LONGEST_DATE)))
            )
    for element in elements:
        if found := date_in(short_text(element, _LONGEST_DATE)):
            yield found


def _categories(parts: Sequence[Element]) -> Iterator[str]:
    for part in parts:
        for element in part.iter("a", "span"):
            if "tag" in (element.get("rel") or "").split() or not {
                "category",
                "kategori",
                "tag",
                "categories",
            }.isdisjoint(words_of(element)):
                yield text_in(element)
