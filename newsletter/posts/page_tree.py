"""A whole web page as a tree.

What scripts and styles hold is kept apart, what nobody reads is cut off.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree, html  # type: ignore[import-untyped]  # has no stubs

from newsletter.posts.clean import safe_url
from newsletter.posts.clean.tree import Element
from newsletter.posts.text import names, one_line

#: Characters of a page that are read; real ones with all their scripts stay below.
LONGEST_PAGE = 3_000_000
#: A longer start tag is robbed of its attributes, which are quadratic in libxml2: 120,000 of them
#: take 20 s.
_LONGEST_TAG = 10_000
#: Elements of a page that are looked at.
MOST_ELEMENTS = 15_000
#: Never read as text; `script` stays until its JSON-LD has been taken.
_UNREAD = names(
    "style template noscript iframe object embed applet svg math canvas audio video select textarea"
    " button dialog"
)
#: `<html lang="sv" />`: for HTML the slash means nothing (WHATWG HTML, 13.1.2.1), for libxml2 the
#: page ends there.
_CLOSED = re.compile(r"<(html|body|main|article|div)\b([^<>]{0,500}?)/>", re.IGNORECASE)
_BROKEN_BEFORE = re.compile(r"\s+")


def page_tree(text: str) -> Element | None:
    """Return the tree of a page, or None where there is nothing in it."""
    safe = _CLOSED.sub(
        r"<\1\2>", "<".join(_bounded(part) for part in text[:LONGEST_PAGE].split("<"))
    )
    if not safe.strip():
        return None
    try:
        root = html.document_fromstring(safe.encode("utf-8", "replace"), parser=_parser())
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    for element in list(root.iter(*_UNREAD)):
        drop(element)
    for element in list(islice(root.iter(), MOST_ELEMENTS, None)):
        if element.getparent() is not None:
            element.getparent().remove(element)
    return root


def drop(element: Element) -> None:
    """Take out what is in an element, and leave the text behind it where it is."""
    # Taking the element itself out would join the texts around it, which is quadratic.
    if element.getparent() is not None:
        element.clear(keep_tail=True)
        element.tag = "span"


def base_of(root: Element, url: str) -> str:
    """Return what relative addresses of a page are relative to (`<base href>`, or its own address)."""
    element = next(root.iter("base"), None)
    return (
        safe_url(element.get("href"), url) or url
        if element is not None and element.get("href")
        else url
    )


def text_in(element: Element) -> str:
    """Return all text of an element on one line, with blanks between its parts."""
    return one_line(" ".join(part for part in element.itertext() if isinstance(part, str)))


def short_text(element: Element, longest: int) -> str:
    """Return the text of an element on one line, or "" where it has more characters than `longest`."""
    parts: list[str] = []
    room = 2 * longest  # for blanks, of which pages have many
    for part in element.itertext():
        room -= len(part)
        if room < 0:
            return ""
        parts.append(part)
    text = one_line(" ".join(parts))
    return text if len(text) <= longest else ""


def words_of(element: Element) -> frozenset[str]:
    """Return the words of an element's class and id, in lower case, whole and in parts ("article__byline" and "byline")."""
    whole = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return frozenset(whole) | {
        part for name in whole for part in name.replace("_", "-").split("-") if part
    }


def ancestors(element: Element) -> Iterator[Element]:
    """Yield the elements that an element stands in, the nearest first."""
    parent = element.getparent()
    while parent is not None:
        yield parent
        parent = parent.getparent()


def same_site(one: str, other: str) -> bool:
    """Say whether two addresses belong to one site: the same host, or hosts of one domain."""
    first, second = ((urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other))
    if first == second:
        return bool(first)
    first_end, second_end = (".".join(host.split(".")[-2:]) for host in (first, second))
    return (
        first_end == second_end
        and not first.replace(".", "").isdigit()
        and (first.endswith("." + second) or second.endswith("." + first))
    )


def _bounded(part: str) -> str:
    """Return what follows a "<", its tag without attributes where they are too many."""
    end = part.find(">")
    length = end if end >= 0 else len(part)
    if length <= _LONGEST_TAG or not part[:1].isalpha():
        return part
    name = _BROKEN_BEFORE.split(part[:50])[0].split("/")[0]
    return f"{name}{part[end:]}" if end >= 0 else name


@cache
def _parser() -> html.HTMLParser:
    return html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
