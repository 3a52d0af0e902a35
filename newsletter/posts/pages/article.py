"""The text of an article page.

Without menus, banners, bylines, captions and lists of other articles.

    pruned tree | bare text into paragraphs | trafilatura | too little? the largest container
        | notices go | paragraphs of HTML

Measured on 376 pages: raw article elements open right in 1 per cent, trafilatura in 49, trafilatura
and the block filter in 94.
"""

import logging
from collections.abc import Iterable
from copy import deepcopy
from html import escape
from itertools import islice

from lxml import html  # type: ignore[import-untyped]  # has no stubs

from newsletter.posts.clean import PROSE_KINDS, BlockKind, TextBlock, extract_blocks
from newsletter.posts.clean.elements import is_lead
from newsletter.posts.clean.phrases import is_notice
from newsletter.posts.clean.tree import MAX_HTML_CHARS, Element, get_tag_name
from newsletter.posts.pages.page_tree import get_short_text, get_text
from newsletter.posts.pages.paragraphs import wrap_bare_text
from newsletter.posts.pages.pruning import MIN_ARTICLE_CHARS

#: Characters that a container of text holds at least.
_MIN_CONTAINER_CHARS = 80
#: trafilatura's time grows faster than the page: one with more elements than this, menus gone, is
#: no article as people write them.
_MAX_TRAFILATURA_ELEMENTS = 4_000
#: A lead has so many words at least, and so many characters at most.
_MIN_LEAD_WORDS, _MAX_LEAD_CHARS = 8, 900
#: How a text begins that opens with its own summary.
LEAD_OPENING_TAG = '<p class="ingress">'
#: So many letters tell a paragraph.
_OPENING_LETTERS = 40
#: Containers of an article's text, the surest first.
_CONTAINERS = (
    ("itemprop", "articlebody"),
    ("class", "entry-content"),
    ("class", "article-body"),
    ("class", "article__body"),
    ("class", "post-content"),
    ("class", "article-content"),
    ("class", "wp-block-post-content"),
    ("tag", "article"),
    ("tag", "main"),
)


def extract_body(page: Element, url: str, *, title: str) -> str:
    """Return the text of a pruned page as HTML of paragraphs, headings, lists and quotes.

    "" where there is none.

    What the page marks as the text's own summary comes first, and is marked (class "ingress").
    """
    found = _extract_without_notices(_extract_with_trafilatura(page, url), title)
    if _count_chars(found) < MIN_ARTICLE_CHARS:
        other = _extract_without_notices(_find_container(page), title)
        # Of a short page trafilatura gives all words as one paragraph, title and date with them.
        found = other if 2 * _count_chars(other) > _count_chars(found) else found
    return render_blocks(_prepend_lead(found, _find_lead(page, title, found)))


def _prepend_lead(blocks: tuple[TextBlock, ...], lead: str) -> tuple[TextBlock, ...]:
    if not lead or not blocks:
        return blocks
    return (
        TextBlock(kind=BlockKind.lead, text=lead),
        *(block for block in blocks if block.text not in lead),
    )


def render_blocks(blocks: Iterable[TextBlock]) -> str:
    """Return blocks as HTML."""
    marks = {
        BlockKind.heading: "<h2>{}</h2>",
        BlockKind.lead: LEAD_OPENING_TAG + "{}</p>",
        BlockKind.item: "<ul><li>{}</li></ul>",
        BlockKind.quote: "<blockquote>{}</blockquote>",
        BlockKind.code: "<pre>{}</pre>",
    }
    return "\n".join(
        marks.get(block.kind, "<p>{}</p>").format(escape(block.text, quote=False))
        for block in blocks
    )[:MAX_HTML_CHARS]


def _find_lead(page: Element, title: str, blocks: tuple[TextBlock, ...]) -> str:
    """Return the text that a pruned page marks as its own summary (ingress, standfirst), or "".

    It stands between the title and the text: elsewhere such marks belong to other articles.
    """
    opening = next(
        (_normalise_letters(block.text) for block in blocks if block.kind in PROSE_KINDS), ""
    )
    headed = not any(_is_title(heading, title) for heading in page.iter("h1"))
    for element in page.iter("h1", "p", "div", "section", "strong", "span", "h2"):
        if get_tag_name(element) == "h1":
            headed = headed or _is_title(element, title)
        elif (
            headed and is_lead(element) and element.find(".//img") is None
        ):  # with a picture it is the caption
            text = _get_running_text(element)
            if (
                len(text.split()) >= _MIN_LEAD_WORDS
                and len(text) <= _MAX_LEAD_CHARS
                and not text.endswith(("…", "...", "]"))
            ):
                return text
        elif (
            opening
            and get_tag_name(element) == "p"
            and _normalise_letters(get_text(element))[:_OPENING_LETTERS]
            == opening[:_OPENING_LETTERS]
        ):
            return ""
    return ""


def _get_running_text(element: Element) -> str:
    """Return the running text of an element on one line, without captions, dates and links."""
    if not get_short_text(element, 2 * _MAX_LEAD_CHARS):
        return ""
    kept = extract_blocks(str(html.tostring(element, encoding="unicode", with_tail=False)))
    return " ".join(block.text for block in kept if block.kind is not BlockKind.code)


def _is_title(heading: Element, title: str) -> bool:
    one, other = sorted((_normalise_letters(get_text(heading)), _normalise_letters(title)), key=len)
    return bool(one) and other.startswith(one)


def _normalise_letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _extract_with_trafilatura(page: Element, url: str) -> str:
    if (
        sum(1 for _ in islice(page.iter(), _MAX_TRAFILATURA_ELEMENTS + 1))
        > _MAX_TRAFILATURA_ELEMENTS
    ):
        return ""
    # It takes a quarter of a second to import: only who reads pages pays.
    import trafilatura

    # It would write on the terminal of staff.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract(
            wrap_bare_text(deepcopy(page)),
            url=url,
            output_format="html",
            include_comments=False,
            include_tables=False,
            include_links=True,
            include_formatting=True,
            with_metadata=False,
        )
    # it raises what its parsers and lxml happen to; the page has been read, and another way is left
    except Exception:  # noqa: BLE001
        return ""
    return found or ""


def _find_container(page: Element) -> str:
    for name, value in _CONTAINERS:
        for element in page.iter():
            here = get_tag_name(element) if name == "tag" else (element.get(name) or "").lower()
            if value in here.split() and len(get_text(element)) > _MIN_CONTAINER_CHARS:
                return str(html.tostring(element, encoding="unicode", with_tail=False))
    body = next(page.iter("body"), page)
    return str(html.tostring(body, encoding="unicode", with_tail=False))


def _extract_without_notices(text: str, title: str) -> tuple[TextBlock, ...]:
    """Return the blocks of a page's text, without what sites say to whoever comes.

    Of cookies, of JavaScript, of their letter.
    """
    found = extract_blocks(text, title=title) if text else ()
    kept = tuple(block for block in found if not is_notice(block.text))
    return kept if any(block.kind in PROSE_KINDS for block in kept) else found


def _count_chars(blocks: tuple[TextBlock, ...]) -> int:
    return sum(len(block.text) for block in blocks if block.kind is not BlockKind.heading)
