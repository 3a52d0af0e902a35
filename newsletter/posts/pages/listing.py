"""The articles that a page lists.

Teasers with title, date, excerpt, picture and "Läs hela artikeln", or links alone.

links to other pages of the site | those in headings, else "Läs mer", else long link texts
    | the part of the page around each | SourceEntry
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import html  # type: ignore[import-untyped]  # has no stubs

from newsletter.posts.clean import BlockKind, extract_blocks, sanitise_url
from newsletter.posts.clean.boilerplate import is_date
from newsletter.posts.clean.phrases import is_read_more
from newsletter.posts.clean.tree import Element, get_tag_name
from newsletter.posts.identity import url_key
from newsletter.posts.pages.article import render_blocks
from newsletter.posts.pages.metadata import find_date
from newsletter.posts.pages.page_tree import (
    get_base_url,
    get_class_words,
    get_short_text,
    get_text,
    is_same_site,
    iter_ancestors,
)
from newsletter.posts.pictures import find_first_picture
from newsletter.posts.source_entries import SourceEntry
from newsletter.posts.text import to_html_paragraphs, to_word_set

#: Teasers of a page that are looked at.
_MAX_TEASERS = 100
_HEADING_TAGS = to_word_set("h1 h2 h3 h4 h5 h6")
_FRAME_TAGS = to_word_set("nav footer menu form")
_FRAME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "dialog"})
_FRAME_WORDS = to_word_set(
    "breadcrumb breadcrumbs cookie cookies consent navbar menu pagination pager social share"
    " comments comment tagcloud skiplink"
)
#: Files, and pages that list and don't tell.
_FILE_SUFFIXES = (
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
_LIST_PATH_STEPS = to_word_set(
    "tag tags tagg taggar category categories kategori kategorier author authors page sida"
    " wp-login.php feed login logga-in search sok"
)
#: A link text alone is a title from so many words on.
_MIN_TITLE_WORDS = 3
#: Words of an excerpt at least; a part of the page with more than the most is the article itself.
_MIN_EXCERPT_WORDS, _MAX_TEASER_WORDS = 4, 150
#: Links of a page that are looked at.
_MAX_LINKS = 2_000
#: Characters of a line with a date, and dates of one teaser.
_MAX_DATE_LINE_CHARS, _MAX_DATES = 60, 10


@dataclass(slots=True)
class _ArticleLink:
    anchor: Element
    url: str
    url_key: str
    text: str
    heading: Element | None


def find_listed_entries(root: Element, url: str) -> tuple[SourceEntry, ...]:
    """Return the teasers of a page in its order, each article once.

    `url`: the page's; what leads to other sites is left out.
    """
    links = [
        link for link in islice(_iter_links(root, url), _MAX_LINKS) if link.url_key != url_key(url)
    ]
    for chosen in (
        _select_heading_links(links),
        _select_read_more_links(links),
        _select_long_links(links),
    ):
        entries = _build_entries(chosen, get_base_url(root, url))
        if len(entries) >= 2:
            return entries
    return ()


def _iter_links(root: Element, url: str) -> Iterator[_ArticleLink]:
    base = get_base_url(root, url)
    for anchor in root.iter("a"):
        address = sanitise_url(anchor.get("href"), base)
        if (
            address
            and (not url or is_same_site(address, url))
            and _is_article_url(address)
            and not _is_in_frame(anchor)
        ):
            bare = address.partition("#")[0]
            inner = next(
                (element for element in anchor.iter() if get_tag_name(element) in _HEADING_TAGS),
                None,
            )
            around = next(
                (
                    element
                    for element in iter_ancestors(anchor)
                    if get_tag_name(element) in _HEADING_TAGS
                ),
                None,
            )
            text = get_text(inner if inner is not None else anchor)
            yield _ArticleLink(
                anchor=anchor,
                url=bare,
                url_key=url_key(bare),
                text=text,
                heading=inner if inner is not None else around,
            )


def _is_article_url(address: str) -> bool:
    parts = urlsplit(address)
    steps = [step for step in parts.path.lower().split("/") if step]
    if not steps and not parts.query:
        return False
    return not (
        steps
        and (
            steps[-1].endswith(_FILE_SUFFIXES)
            or not _LIST_PATH_STEPS.isdisjoint(steps[:-1] if len(steps) > 1 else steps)
        )
    )


def _is_in_frame(anchor: Element) -> bool:
    for around in iter_ancestors(anchor):
        name = get_tag_name(around)
        if name == "body":
            return False
        if (
            name in _FRAME_TAGS
            or around.get("role") in _FRAME_ROLES
            or not _FRAME_WORDS.isdisjoint(get_class_words(around))
        ):
            return True
        if name == "header" and not any(
            get_tag_name(outer) in ("article", "li", "section", "main")
            for outer in iter_ancestors(around)
        ):
            return True
    return False


def _select_heading_links(links: Sequence[_ArticleLink]) -> list[_ArticleLink]:
    return [
        link
        for link in links
        if link.heading is not None and link.text and not is_read_more(link.text)
    ]


def _select_read_more_links(links: Sequence[_ArticleLink]) -> list[_ArticleLink]:
    """Links that say "Läs mer" behind a title that isn't linked."""
    return [
        link for link in links if is_read_more(link.text or link.anchor.get("aria-label") or "")
    ]


def _select_long_links(links: Sequence[_ArticleLink]) -> list[_ArticleLink]:
    return [
        link
        for link in links
        if len(link.text.split()) >= _MIN_TITLE_WORDS and not is_read_more(link.text)
    ]


def _build_entries(links: Sequence[_ArticleLink], base: str) -> tuple[SourceEntry, ...]:
    once: dict[str, _ArticleLink] = {}
    for link in links:
        once.setdefault(link.url_key, link)
    others = {link.anchor: link.url_key for link in links}
    found = [_build_entry(link, others, base) for link in list(once.values())[:_MAX_TEASERS]]
    return tuple(entry for entry in found if entry is not None)


def _build_entry(link: _ArticleLink, others: dict[Element, str], base: str) -> SourceEntry | None:
    parts = _find_teaser_elements(link, others)
    text = "".join(str(html.tostring(part, encoding="unicode", with_tail=False)) for part in parts)
    title = link.text if link.heading is not None or not is_read_more(link.text) else ""
    if not title:
        heading = next(
            (
                element
                for part in parts
                for element in part.iter()
                if get_tag_name(element) in _HEADING_TAGS
            ),
            None,
        )
        title = get_text(heading) if heading is not None else ""
    if not title:
        return None
    image = find_first_picture(text, base)
    summary, content = _split_excerpt_and_body(text, title)
    return SourceEntry(
        links=(link.url,),
        base=base,
        title=title,
        summary=summary,
        content=content,
        dates=tuple(dict.fromkeys(islice(_iter_dates(parts), _MAX_DATES))),
        pictures=((image.url, image.alt),) if image else (),
        categories=tuple(_iter_categories(parts)),
    )


def _find_teaser_elements(link: _ArticleLink, others: dict[Element, str]) -> list[Element]:
    """Return the part of the page that belongs to one link.

    The largest element around it that holds no other article's link.

    Where teasers lie flat beside each other it is what follows the heading, up to the next one.
    """
    part = (
        link.heading
        if link.heading is not None and link.heading not in list(link.anchor.iter())
        else link.anchor
    )
    while (parent := part.getparent()) is not None and get_tag_name(parent) not in (
        "body",
        "html",
        "main",
        "ul",
        "ol",
    ):
        if any(
            key != link.url_key
            for anchor in parent.iter("a")
            if (key := others.get(anchor)) is not None
        ):
            break
        part = parent
    if get_text(part) != link.text and get_tag_name(part) not in _HEADING_TAGS:
        return [part]
    return [*_find_date_line_before(part), part, *_iter_elements_after(part, link, others)]


def _find_date_line_before(part: Element) -> list[Element]:
    previous = part.getprevious()
    return (
        [previous]
        if previous is not None and get_tag_name(previous) != "a" and _is_date_line(previous)
        else []
    )


def _iter_elements_after(
    part: Element, link: _ArticleLink, others: dict[Element, str]
) -> Iterator[Element]:
    dated_before = bool(_find_date_line_before(part))
    for element in part.itersiblings():
        foreign = any(
            others.get(anchor, link.url_key) != link.url_key for anchor in element.iter("a")
        )
        following = element.getnext()
        next_date = (
            dated_before
            and _is_date_line(element)
            and following is not None
            and get_tag_name(following) in _HEADING_TAGS
        )
        if foreign or get_tag_name(element) in _HEADING_TAGS or next_date:
            return
        yield element


def _is_date_line(element: Element) -> bool:
    return get_tag_name(element) == "time" or is_date(get_short_text(element, _MAX_DATE_LINE_CHARS))


def _split_excerpt_and_body(text: str, title: str) -> tuple[str, str]:
    """Return an excerpt, or the whole article where the page shows it."""
    prose = [
        block
        for block in extract_blocks(text, title=title)
        if block.kind not in (BlockKind.heading, BlockKind.code)
    ]
    words = sum(len(block.text.split()) for block in prose)
    if words > _MAX_TEASER_WORDS:
        return "", render_blocks(prose)
    return (
        (to_html_paragraphs(" ".join(block.text for block in prose)), "")
        if words >= _MIN_EXCERPT_WORDS
        else ("", "")
    )


def _iter_dates(parts: Sequence[Element]) -> Iterator[str]:
    elements = [element for part in parts for element in part.iter() if get_tag_name(element)]
    for element in elements:
        if get_tag_name(element) == "time":
            yield from filter(
                None,
                (element.get("datetime"), find_date(get_short_text(element, _MAX_DATE_LINE_CHARS))),
            )
    for element in elements:
        if found := find_date(get_short_text(element, _MAX_DATE_LINE_CHARS)):
            yield found


def _iter_categories(parts: Sequence[Element]) -> Iterator[str]:
    for part in parts:
        for element in part.iter("a", "span"):
            if "tag" in (element.get("rel") or "").split() or not {
                "category",
                "kategori",
                "tag",
                "categories",
            }.isdisjoint(get_class_words(element)):
                yield get_text(element)
