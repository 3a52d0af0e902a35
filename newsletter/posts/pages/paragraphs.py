"""Bare text made into paragraphs.

Many systems write an article straight into a `<div>`, its lines ended by `<br>`.
"""

from newsletter.posts.clean.tree import Element, get_tag_name
from newsletter.posts.text import to_word_set

_CONTAINER_TAGS = to_word_set("div td article section main center")
_INLINE_TAGS = to_word_set("""
    a abbr acronym b bdi bdo big br cite code del dfn em font i img ins kbd mark q s samp small span
    strike strong sub sup time tt u var wbr
    """)
#: Characters of bare text that make a container one of text; menus and labels stay as they are.
_MIN_BARE_CHARS = 80


def wrap_bare_text(page: Element) -> Element:
    """Put bare text and what stands in its lines into `<p>`, a new one where `<br>` is doubled.

    Changes the page, and returns it.
    """
    for element in list(page.iter(*_CONTAINER_TAGS)):
        if _count_bare_chars(element) >= _MIN_BARE_CHARS:
            _wrap_children(element)
    return page


def _count_bare_chars(element: Element) -> int:
    """Count the characters of an element's own text, not that of the elements in it."""
    return len((element.text or "").strip()) + sum(
        len((child.tail or "").strip()) for child in element
    )


def _wrap_children(element: Element) -> None:
    children, text = list(element), element.text
    element.text = None
    del element[:]
    paragraph = _append_paragraph(element, text)
    for child in children:
        if get_tag_name(child) not in _INLINE_TAGS:
            tail, child.tail = child.tail, None
            element.append(child)
            paragraph = _append_paragraph(element, tail)
        elif get_tag_name(child) == "br" and _has_br_at_end(paragraph):
            paragraph = _append_paragraph(element, child.tail)
        else:
            paragraph.append(child)
    for empty in [
        one
        for one in element
        if get_tag_name(one) == "p" and not len(one) and not (one.text or "").strip()
    ]:
        element.remove(empty)


def _append_paragraph(element: Element, text: str | None) -> Element:
    made = element.makeelement("p")
    made.text = text
    element.append(made)
    return made


def _has_br_at_end(paragraph: Element) -> bool:
    """Return True if a paragraph ends in `<br>` already."""
    return (
        len(paragraph) > 0
        and get_tag_name(paragraph[-1]) == "br"
        and not (paragraph[-1].tail or "").strip()
    )
