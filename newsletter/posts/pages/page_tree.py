"""A whole web page as a tree.

What scripts and styles hold is kept apart, what nobody reads is cut off.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree, html  # type: ignore[import-untyped]  # has no stubs

from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import Element
from newsletter.posts.text import to_one_line, to_word_set

#: Characters of a page that are read; real ones with all their scripts stay below.
MAX_PAGE_CHARS = 3_000_000
#: A longer start tag is robbed of its attributes, which are quadratic in libxml2: 120,000 of them
#: take 20 s.
_MAX_TAG_CHARS = 10_000
#: Elements of a page that are looked at.
MAX_ELEMENTS = 15_000
#: Never read as text; `script` stays until its JSON-LD has been taken.
_UNREAD_TAGS = to_word_set(
    "style template noscript iframe object embed applet svg math canvas audio video select textarea"
    " button dialog"
)
#: `<html lang="sv" />`: for HTML the slash means nothing (WHATWG HTML, 13.1.2.1), for libxml2 the
#: page ends there.
_SELF_CLOSED_TAG = re.compile(r"<(html|body|main|article|div)\b([^<>]{0,500}?)/>", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


def parse_page(text: str) -> Element | None:
    """Return the tree of a page, or None where there is nothing in it."""
    safe = _SELF_CLOSED_TAG.sub(
        r"<\1\2>", "<".join(_strip_long_tag(part) for part in text[:MAX_PAGE_CHARS].split("<"))
    )
    if not safe.strip():
        return None
    try:
        root = html.document_fromstring(safe.encode("utf-8", "replace"), parser=_get_parser())
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    for element in list(root.iter(*_UNREAD_TAGS)):
        drop_element(element)
    for element in list(islice(root.iter(), MAX_ELEMENTS, None)):
        if element.getparent() is not None:
            element.getparent().remove(element)
    return root


def drop_element(element: Element) -> None:
    """Take out what is in an element, and leave the text behind it where it is."""
    # Taking the element itself out would join the texts around it, which is quadratic.
    if element.getparent() is not None:
        element.clear(keep_tail=True)
        element.tag = "span"


def get_base_url(root: Element, url: str) -> str:
    """Return the base of relative addresses: `<base href>`, or the page's own address."""
    element = next(root.iter("base"), None)
    return (
        sanitise_url(element.get("href"), url) or url
        if element is not None and element.get("href")
        else url
    )


def get_text(element: Element) -> str:
    """Return all text of an element on one line, with blanks between its parts."""
    return to_one_line(" ".join(part for part in element.itertext() if isinstance(part, str)))


def get_short_text(element: Element, max_chars: int) -> str:
    """Return the text of an element on one line, or "" where it is longer than allowed."""
    parts: list[str] = []
    room = 2 * max_chars  # for blanks, of which pages have many
    for part in element.itertext():
        room -= len(part)
        if room < 0:
            return ""
        parts.append(part)
    text = to_one_line(" ".join(parts))
    return text if len(text) <= max_chars else ""


def get_class_words(element: Element) -> frozenset[str]:
    """Return the words of an element's class and id, in lower case, whole and in parts.

    "article__byline" gives "byline", too.
    """
    whole = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return frozenset(whole) | {
        part for name in whole for part in name.replace("_", "-").split("-") if part
    }


def iter_ancestors(element: Element) -> Iterator[Element]:
    """Yield the elements that an element stands in, the nearest first."""
    parent = element.getparent()
    while parent is not None:
        yield parent
        parent = parent.getparent()


def is_same_site(one: str, other: str) -> bool:
    """Return True if two addresses belong to one site: the same host, or hosts of one domain."""
    first, second = ((urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other))
    if first == second:
        return bool(first)
    first_end, second_end = (".".join(host.split(".")[-2:]) for host in (first, second))
    return (
        first_end == second_end
        and not first.replace(".", "").isdigit()
        and (first.endswith("." + second) or second.endswith("." + first))
    )


def _strip_long_tag(part: str) -> str:
    """Return what follows a "<", its tag without attributes where they are too many."""
    end = part.find(">")
    length = end if end >= 0 else len(part)
    if length <= _MAX_TAG_CHARS or not part[:1].isalpha():
        return part
    name = _BLANKS.split(part[:50])[0].split("/")[0]
    return f"{name}{part[end:]}" if end >= 0 else name


@cache
def _get_parser() -> html.HTMLParser:
    return html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
