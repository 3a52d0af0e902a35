"""The text of an article page.

Without menus, banners, bylines, captions and lists of other articles.

    pruned tree | bare text into paragraphs | trafilatura | too little? the largest container | notices go | paragraphs of HTML

Measured on 376 pages: raw article elements open right in 1 per cent, trafilatura in 49, trafilatura
and the block filter in 94.
"""

import logging
from collections.abc import Iterable
from copy import deepcopy
from html import escape
from itertools import islice

from lxml import html  # type: ignore[import-untyped]  # has no stubs

from newsletter.posts.clean import PROSE, Block, BlockKind, blocks
from newsletter.posts.clean.elements import is_lead
from newsletter.posts.clean.phrases import is_notice
from newsletter.posts.clean.tree import LONGEST_HTML, Element, tag
from newsletter.posts.page_tree import short_text, text_in
from newsletter.posts.paragraphs import with_paragraphs
from newsletter.posts.pruning import LITTLE

#: Characters that a container of text holds at least.
_LEAST = 80
#: trafilatura's time grows faster than the page: one with more elements than this, menus gone, is
#: no article as people write them.
_MOST_ELEMENTS = 4_000
#: A lead has so many words at least, and so many characters at most.
_SHORTEST_LEAD, _LONGEST_LEAD = 8, 900
#: How a text begins that opens with its own summary.
LEAD = '<p class="ingress">'
#: So many letters tell a paragraph.
_OPENING = 40
#: Containers of an article's text, the surest first.
_CONTAINERS = (
    ("itemprop", "articlebody"), ("class", "entry-content"), ("class", "article-body"), ("class", "article__body"),
    ("class", "post-content"), ("class", "article-content"), ("class", "wp-block-post-content"), ("tag", "article"), ("tag", "main"),
)  # fmt: skip


def body_of(page: Element, url: str, *, title: str) -> str:
    """Return the text of a pruned page as HTML of paragraphs, headings, lists and quotes.

    "" where there is none.

    What the page marks as the text's own summary comes first, and is marked (class "ingress").
    """
    found = _kept(_extracted(page, url), title)
    if _length(found) < LITTLE:
        other = _kept(_contained(page), title)
        # Of a short page trafilatura gives all words as one paragraph, title and date with them.
        found = other if 2 * _length(other) > _length(found) else found
    return blocks_html(_led(found, _lead_of(page, title, found)))


def _led(found: tuple[Block, ...], lead: str) -> tuple[Block, ...]:
    if not lead or not found:
        return found
    return (
        Block(kind=BlockKind.lead, text=lead),
        *(block for block in found if block.text not in lead),
    )


def blocks_html(found: Iterable[Block]) -> str:
    """Return blocks as HTML."""
    marks = {
        BlockKind.heading: "<h2>{}</h2>", BlockKind.lead: LEAD + "{}</p>", BlockKind.item: "<ul><li>{}</li></ul>",
        BlockKind.quote: "<blockquote>{}</blockquote>", BlockKind.code: "<pre>{}</pre>",
    }  # fmt: skip
    return "\n".join(
        marks.get(block.kind, "<p>{}</p>").format(escape(block.text, quote=False))
        for block in found
    )[:LONGEST_HTML]


def _lead_of(page: Element, title: str, found: tuple[Block, ...]) -> str:
    """Return the text that a pruned page marks as its own summary (ingress, standfirst), or "".

    It stands between the title and the text: elsewhere such marks belong to other articles.
    """
    opening = next((_letters(block.text) for block in found if block.kind in PROSE), "")
    headed = not any(_is_title(heading, title) for heading in page.iter("h1"))
    for element in page.iter("h1", "p", "div", "section", "strong", "span", "h2"):
        if tag(element) == "h1":
            headed = headed or _is_title(element, title)
        elif (
            headed and is_lead(element) and element.find(".//img") is None
        ):  # with a picture it is the caption
            text = _said(element)
            if (
                len(text.split()) >= _SHORTEST_LEAD
                and len(text) <= _LONGEST_LEAD
                and not text.endswith(("…", "...", "]"))
            ):
                return text
        elif (
            opening
            and tag(element) == "p"
            and _letters(text_in(element))[:_OPENING] == opening[:_OPENING]
        ):
            return ""
    return ""


def _said(element: Element) -> str:
    """Return the running text of an element on one line, without captions, dates and links."""
    if not short_text(element, 2 * _LONGEST_LEAD):
        return ""
    kept = blocks(str(html.tostring(element, encoding="unicode", with_tail=False)))
    return " ".join(block.text for block in kept if block.kind is not BlockKind.code)


def _is_title(heading: Element, title: str) -> bool:
    one, other = sorted((_letters(text_in(heading)), _letters(title)), key=len)
    return bool(one) and other.startswith(one)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _extracted(page: Element, url: str) -> str:
    if sum(1 for _ in islice(page.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        return ""
    # It takes a quarter of a second to import: only who reads pages pays.
    import trafilatura

    # It would write on the terminal of staff.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract(
            with_paragraphs(deepcopy(page)), url=url, output_format="html", include_comments=False, include_tables=False,
            include_links=True, include_formatting=True, with_metadata=False,
        )  # fmt: skip
    # it raises what its parsers and lxml happen to; the page has been read, and another way is left
    except Exception:  # noqa: BLE001
        return ""
    return found or ""


def _contained(page: Element) -> str:
    for name, value in _CONTAINERS:
        for element in page.iter():
            here = tag(element) if name == "tag" else (element.get(name) or "").lower()
            if value in here.split() and len(text_in(element)) > _LEAST:
                return str(html.tostring(element, encoding="unicode", with_tail=False))
    body = next(page.iter("body"), page)
    return str(html.tostring(body, encoding="unicode", with_tail=False))


def _kept(text: str, title: str) -> tuple[Block, ...]:
    """Return the blocks of a page's text, without what sites say to whoever comes.

    Of cookies, of JavaScript, of their letter.
    """
    found = blocks(text, title=title) if text else ()
    kept = tuple(block for block in found if not is_notice(block.text))
    return kept if any(block.kind in PROSE for block in kept) else found


def _length(found: tuple[Block, ...]) -> int:
    return sum(len(block.text) for block in found if block.kind is not BlockKind.heading)
