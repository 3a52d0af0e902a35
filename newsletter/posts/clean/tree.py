"""HTML as a tree: the only module of this room that knows lxml.

libxml2 2.14 splits HTML into tokens as HTML5 says, and stops at 256 levels: 200,000 nested elements
take 2 ms (nh3 takes 190 s for them).
"""

import re
from collections.abc import Generator, Iterator
from functools import cache
from html import unescape
from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]  # has no stubs

from newsletter.posts.text import to_one_line, to_word_set

#: A text that begins with a tag that was escaped.
_ESCAPED_TAG = re.compile(
    r"\A\s*&lt;(?:p|br|div|h[1-6]|ul|ol|strong|em|figure|blockquote)\b[^&]{0,300}&gt;",
    re.IGNORECASE,
)
#: Characters of HTML that are read of one post. Attributes are quadratic in libxml2: this bounds a
#: hostile post to a second.
MAX_HTML_CHARS = 200_000

#: Elements that hold no words for a reader, or not this text's.
WORDLESS_TAGS = to_word_set("""
    head title script style template noscript iframe object embed applet svg math canvas audio video
    picture map select option textarea button progress meter dialog rt rp
    """)
#: Elements that begin and end a line.
BLOCK_TAGS = to_word_set("""
    html body address article aside blockquote center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre
    search section summary table caption tbody thead tfoot tr td th ul
    """)

#: An lxml element; lxml says nothing of its types.
Element: TypeAlias = Any


def parse_html(html: str) -> Element | None:
    """Return the tree of any HTML, however broken, or None where nothing is in it.

    Plain text is HTML without tags.
    """
    text = html[:MAX_HTML_CHARS]
    if not text.strip():
        return None
    if "<" not in text and _ESCAPED_TAG.match(text):
        text = unescape(text)  # some feeds escape twice
    if "<" not in text:
        text = "".join(f"<p>{part}</p>" for part in _split_paragraphs(text))
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), _get_parser())
    except etree.LxmlError:
        return None


def has_no_paragraphs(root: Element) -> bool:
    """Return True if a tree has no paragraphs of its own.

    Then an empty line ends one, as in WordPress' raw posts.
    """
    return next(root.iter("p", "br", "div", "li", "td"), None) is None


def walk_tree(root: Element) -> Generator[tuple[str, Element], bool, None]:
    """Yield ("start" | "end", element) in the order of the text.

    Send True after a start to skip what is inside.
    """
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, element in steps:
        skip = yield event, element
        if skip:
            steps.skip_subtree()


def get_tag_name(element: Element) -> str:
    """Return an element's name in lower case; "" for what isn't an element."""
    name = element.tag
    return name.lower() if isinstance(name, str) else ""


def count_chars(element: Element) -> int:
    """Count the characters of an element's text that aren't blank."""
    return sum(len(text.strip()) for text in _iter_texts(element))


def extract_all_text(html: str) -> str:
    """Return all text of any HTML on one line, furniture included."""
    root = parse_html(html)
    if root is None:
        return ""
    return to_one_line("".join(_iter_texts(root)))


def _iter_texts(root: Element) -> Iterator[str]:
    steps = walk_tree(root)
    event, element = next(steps, ("", root))
    while event:
        name = get_tag_name(element)
        skip = False
        if event == "start":
            skip = name in WORDLESS_TAGS
            if name in BLOCK_TAGS or name == "br":
                yield " "
            if not skip:
                yield element.text or ""
        else:
            if name in BLOCK_TAGS:
                yield " "
            if element is not root:
                yield element.tail or ""
        try:
            event, element = steps.send(skip)
        except StopIteration:
            return


def _split_paragraphs(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    return ["\n".join(part) for part in parts if part]


@cache
def _get_parser() -> etree.HTMLParser:
    return etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
