"""Bare text made into paragraphs.

Many systems write an article straight into a `<div>`, its lines ended by `<br>`.
"""

from newsletter.posts.clean.tree import Element, tag
from newsletter.posts.text import names

_HOLDERS = names("div td article section main center")
_INLINE = names("""
    a abbr acronym b bdi bdo big br cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup
    time tt u var wbr
    """)
#: Characters of bare text that make a container one of text; menus and labels stay as they are.
_PROSE = 80


def with_paragraphs(page: Element) -> Element:
    """Put bare text and what stands in its lines into `<p>`, a new one where `<br>` is doubled.

    Changes the page, and returns it.
    """
    for element in list(page.iter(*_HOLDERS)):
        if _bare(element) >= _PROSE:
            _wrap(element)
    return page


def _bare(element: Element) -> int:
    """Count the characters of an element's own text, not that of the elements in it."""
    return len((element.text or "").strip()) + sum(
        len((child.tail or "").strip()) for child in element
    )


def _wrap(element: Element) -> None:
    children, text = list(element), element.text
    element.text = None
    del element[:]
    paragraph = _paragraph(element, text)
    for child in children:
        if tag(child) not in _INLINE:
            tail, child.tail = child.tail, None
            element.append(child)
            paragraph = _paragraph(element, tail)
        elif tag(child) == "br" and _ends_line(paragraph):
            paragraph = _paragraph(element, child.tail)
        else:
            paragraph.append(child)
    for empty in [
        one for one in element if tag(one) == "p" and not len(one) and not (one.text or "").strip()
    ]:
        element.remove(empty)


def _paragraph(element: Element, text: str | None) -> Element:
    made = element.makeelement("p")
    made.text = text
    element.append(made)
    return made


def _ends_line(paragraph: Element) -> bool:
    """Say whether a paragraph ends in `<br>` already."""
    return (
        len(paragraph) > 0 and tag(paragraph[-1]) == "br" and not (paragraph[-1].tail or "").strip()
    )
