"""The text of an article page: without menus, banners, bylines, captions and lists of other articles.

    tree | what surrounds articles goes | trafilatura | too little? the largest container | paragraphs of HTML

Measured (notes/teasers.md): raw article elements open right in 1 per cent, trafilatura in 49, trafilatura and the block filter in 94.
"""

import logging
from collections.abc import Iterable
from copy import deepcopy
from html import escape
from itertools import islice

from lxml import html  # type: ignore[import-untyped]  # has no stubs

from newsletter.posts.clean import Block, BlockKind, blocks
from newsletter.posts.clean.elements import is_lead
from newsletter.posts.clean.tree import LONGEST_HTML, Element, tag
from newsletter.posts.page_tree import drop, short_text, text_in, words_of
from newsletter.posts.text import names

#: Characters: less from trafilatura is doubted (notes/teasers.md).
_LITTLE = 250
#: Characters that a container of text holds at least.
_LEAST = 80
#: trafilatura's time grows faster than the page: one with more elements than this, menus gone, is no article as people write them.
_MOST_ELEMENTS = 4_000
#: A lead has so many words at least, and so many characters at most.
_SHORTEST_LEAD, _LONGEST_LEAD = 8, 900
#: Goes wherever it stands on a page.
_AROUND = names("nav footer script form menu")
#: Parts of a class or id that no article's own text has; the page's frame and what floats over it.
_PARTS = names(
    """
    cookie cookies consent gdpr cmp onetrust cookiebot breadcrumb breadcrumbs navbar navigation nav sidebar widget widgets related
    relaterade relatedposts recommended recirculation teaser teasers newsletter signup subscribe paywall promo advert advertisement
    annons anzeige share sharing social dela partage partager teilen delen compartir jaa comments comment respond disqus byline
    author-box tags taglist toc skip skiplink screen-reader visually-hidden sr-only popup modal overlay banner pagination pager
    prevnext masthead caption figcaption
    """
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "alert"})
#: Containers of an article's text, the surest first.
_CONTAINERS = (
    ("itemprop", "articlebody"), ("class", "entry-content"), ("class", "article-body"), ("class", "article__body"),
    ("class", "post-content"), ("class", "article-content"), ("class", "wp-block-post-content"), ("tag", "article"), ("tag", "main"),
)  # fmt: skip


def pruned(root: Element) -> Element:
    """Return a copy of a page without what surrounds its text. What holds most of the words stays, whatever its class."""
    page = deepcopy(root)
    sizes = _sizes(page)
    for element in list(page.iter()):
        if _surrounds(element) and 2 * sizes[element] < sizes[page]:
            drop(element)
    return page


def _sizes(page: Element) -> dict[Element, int]:
    """Return the characters in each element, in one pass."""
    sizes: dict[Element, int] = {}
    for element in reversed(list(page.iter())):
        inner = sum(sizes[child] + len((child.tail or "").strip()) for child in element)
        sizes[element] = inner + len((element.text or "").strip())
    return sizes


def body_of(page: Element, url: str, *, title: str) -> str:
    """Return the text of a pruned page as HTML of paragraphs, headings, lists and quotes; "" where there is none.

    What the page marks as the text's own summary comes first, and is marked (class "ingress").
    """
    found = _kept(_extracted(page, url), title)
    if _length(found) < _LITTLE:
        other = _kept(_contained(page), title)
        # Of a short page trafilatura gives all words as one paragraph, title and date with them.
        found = other if 2 * _length(other) > _length(found) else found
    return blocks_html(_led(found, _lead_of(page)))


def _led(found: tuple[Block, ...], lead: str) -> tuple[Block, ...]:
    if not lead or not found:
        return found
    return (Block(kind=BlockKind.lead, text=lead), *(block for block in found if block.text not in lead))


def blocks_html(found: Iterable[Block]) -> str:
    """Return blocks as HTML."""
    marks = {
        BlockKind.heading: "<h2>{}</h2>", BlockKind.lead: '<p class="ingress">{}</p>', BlockKind.item: "<ul><li>{}</li></ul>",
        BlockKind.quote: "<blockquote>{}</blockquote>", BlockKind.code: "<pre>{}</pre>",
    }  # fmt: skip
    return "\n".join(marks.get(block.kind, "<p>{}</p>").format(escape(block.text, quote=False)) for block in found)[:LONGEST_HTML]


def _lead_of(page: Element) -> str:
    """Return the text that a pruned page marks as its own summary (ingress, standfirst), or ""."""
    for element in page.iter("p", "div", "section", "strong", "span", "h2"):
        if is_lead(element):
            text = short_text(element, _LONGEST_LEAD)
            if len(text.split()) >= _SHORTEST_LEAD:
                return text
    return ""


def _extracted(page: Element, url: str) -> str:
    if sum(1 for _ in islice(page.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        return ""
    # It takes a quarter of a second to import: only who reads pages pays.
    import trafilatura

    # It would write on the terminal of staff.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract(
            deepcopy(page), url=url, output_format="html", include_comments=False, include_tables=False, include_links=True,
            include_formatting=True, with_metadata=False,
        )  # fmt: skip
    except Exception:  # noqa: BLE001 # it raises what its parsers and lxml happen to; the page has been read, and another way is left
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
    return blocks(text, title=title) if text else ()


def _length(found: tuple[Block, ...]) -> int:
    return sum(len(block.text) for block in found if block.kind is not BlockKind.heading)


def _surrounds(element: Element) -> bool:
    name = tag(element)
    if name in ("html", "body", "main", "article"):
        return False
    if name in _AROUND or element.get("role") in _ROLES or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if name == "header" and _is_of_page(element):
        return True
    return not _PARTS.isdisjoint(words_of(element)) and not is_lead(element)


def _is_of_page(element: Element) -> bool:
    """Say whether a header is the page's, not an article's."""
    return element.find(".//h1") is None and all(tag(around) not in ("article", "main", "section") for around in element.iterancestors())
