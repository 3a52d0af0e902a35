"""What somebody hears who has the letter read to her.

Landmarks, headings, texts, links and pictures in reading order.

Only what our own renderer writes is told apart; hidden parts (preheader's filler, Outlook's
comments) aren't read.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from html.parser import HTMLParser

_VOID_TAGS = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    }
)
_SILENT_TAGS = frozenset({"head", "script", "style", "title"})
_HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
_BLOCK_TAGS = frozenset(
    {
        "p",
        "div",
        "td",
        "th",
        "tr",
        "table",
        "li",
        "ul",
        "ol",
        "blockquote",
        "article",
        "section",
        "main",
        "body",
    }
)
_LANDMARK_ROLES = {
    "main": "main",
    "nav": "navigation",
    "header": "banner",
    "footer": "contentinfo",
    "aside": "complementary",
}
_SPOKEN_ROLES = frozenset(
    {"main", "navigation", "banner", "contentinfo", "complementary", "article", "region"}
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
#: What a screen reader doesn't say: filler of the preheader, soft hyphens.
_UNSPOKEN_CHARS = re.compile(r"[\u00ad\u034f\u200b-\u200f\u2007\u2060\ufeff]+")


class AccessibilityNodeKind(StrEnum):
    """What is heard."""

    landmark = "landmark"
    heading = "heading"
    text = "text"
    link = "link"
    picture = "picture"
    #: A picture without alt text: the reader hears its address, or nothing.
    unnamed = "unnamed"


@dataclass(slots=True)
class AccessibilityNode:
    """One thing that is heard."""

    kind: AccessibilityNodeKind
    text: str
    level: int = 0
    language: str = ""
    #: Where a link leads.
    url: str = ""


def build_accessibility_tree(markup: str) -> list[AccessibilityNode]:
    """Return what is heard of a letter, in order."""
    listener = _AccessibilityTreeBuilder()
    listener.feed(markup)
    listener.close()
    return listener.build()


class _AccessibilityTreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._nodes: list[AccessibilityNode] = []
        #: Of every open element: its name, whether it is silent, what it is, its language.
        self._open_elements: list[tuple[str, bool, AccessibilityNode | None]] = []
        self._text_node = AccessibilityNode(AccessibilityNodeKind.text, "")

    def build(self) -> list[AccessibilityNode]:
        for one in self._nodes:
            one.text = " ".join(_UNSPOKEN_CHARS.sub("", one.text).split())
        kept = [
            one
            for one in self._nodes
            if one.text
            or one.kind not in (AccessibilityNodeKind.text, AccessibilityNodeKind.heading)
        ]
        for one in kept:
            if one.kind is AccessibilityNodeKind.link and not one.text:
                one.kind, one.text = AccessibilityNodeKind.unnamed, one.url
        return kept

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        silent = (
            self._is_silent
            or tag in _SILENT_TAGS
            or "hidden" in values
            or values.get("aria-hidden") == "true"
        )
        silent = silent or bool(_HIDDEN_STYLE.search(values.get("style", "")))
        if tag in _BLOCK_TAGS or tag in _HEADING_LEVELS or tag == "br":
            self._end_text()
        heard = None if silent else self._open_node(tag, values)
        if tag == "img" and not silent:
            self._add_picture(values)
        if tag not in _VOID_TAGS:
            self._open_elements.append((tag, silent, heard))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, *_ in self._open_elements]
        if tag in names:
            del self._open_elements[len(names) - 1 - names[::-1].index(tag) :]
        if tag in _BLOCK_TAGS or tag in _HEADING_LEVELS or tag == "a":
            self._end_text()

    def handle_data(self, data: str) -> None:
        if self._is_silent:
            return
        inside = next(
            (
                heard
                for _, _, heard in reversed(self._open_elements)
                if heard is not None and heard.kind is not AccessibilityNodeKind.landmark
            ),
            None,
        )
        if inside is None:
            if self._text_node not in self._nodes[-1:]:
                self._text_node = AccessibilityNode(AccessibilityNodeKind.text, "")
                self._nodes.append(self._text_node)
            inside = self._text_node
        inside.text += data

    @property
    def _is_silent(self) -> bool:
        return bool(self._open_elements) and self._open_elements[-1][1]

    def _end_text(self) -> None:
        self._text_node = AccessibilityNode(AccessibilityNodeKind.text, "")

    def _open_node(self, tag: str, values: dict[str, str]) -> AccessibilityNode | None:
        role = values.get("role", _LANDMARK_ROLES.get(tag, ""))
        if role in _SPOKEN_ROLES:
            return self._add_node(
                AccessibilityNode(
                    AccessibilityNodeKind.landmark,
                    values.get("aria-label") or values.get("aria-roledescription") or role,
                    language=values.get("lang", ""),
                )
            )
        if tag in _HEADING_LEVELS:
            return self._add_node(
                AccessibilityNode(
                    AccessibilityNodeKind.heading,
                    "",
                    level=_HEADING_LEVELS[tag],
                    language=values.get("lang", ""),
                )
            )
        if tag == "a" and values.get("href"):
            heading = next(
                (
                    heard
                    for _, _, heard in reversed(self._open_elements)
                    if heard is not None and heard.kind is AccessibilityNodeKind.heading
                ),
                None,
            )
            if heading is not None:
                heading.url = values["href"]
                return heading
            # Its own label is said instead of what stands in it.
            said = self._add_node(
                AccessibilityNode(
                    AccessibilityNodeKind.link, values.get("aria-label", ""), url=values["href"]
                )
            )
            return replace(said) if said.text else said
        return None

    def _add_picture(self, values: dict[str, str]) -> None:
        link = next(
            (
                heard
                for _, _, heard in reversed(self._open_elements)
                if heard is not None and heard.kind is AccessibilityNodeKind.link
            ),
            None,
        )
        alt = values.get("alt")
        if link is not None and alt:
            link.text += f" {alt} "
        elif alt:
            self._add_node(AccessibilityNode(AccessibilityNodeKind.picture, alt))
        elif alt is None:
            self._add_node(
                AccessibilityNode(
                    AccessibilityNodeKind.unnamed, values.get("src", "").rpartition("/")[2]
                )
            )

    def _add_node(self, node: AccessibilityNode) -> AccessibilityNode:
        self._nodes.append(node)
        return node
