"""The accessibility tree of a letter: what a screen reader says, in reading order (WAI-ARIA).

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


@dataclass(frozen=True, slots=True)
class AccessibilityNode:
    """One thing that is heard."""

    kind: AccessibilityNodeKind
    text: str
    level: int = 0
    language: str = ""
    #: Where a link leads.
    url: str = ""


def build_accessibility_tree(markup: str) -> list[AccessibilityNode]:
    """Return the nodes of a letter in reading order."""
    builder = _AccessibilityTreeBuilder()
    builder.feed(markup)
    builder.close()
    return builder.build()


_NEEDS_TEXT = (AccessibilityNodeKind.text, AccessibilityNodeKind.heading)
_HOLDS_TEXT = tuple(kind for kind in AccessibilityNodeKind if kind != "landmark")


@dataclass(slots=True)
class _OpenNode:
    """A node whose text is still being read."""

    kind: AccessibilityNodeKind
    text: str
    level: int = 0
    language: str = ""
    url: str = ""

    def freeze(self) -> AccessibilityNode:
        """Return the node as it is spoken; a link without words is unnamed."""
        kind, text = self.kind, " ".join(_UNSPOKEN_CHARS.sub("", self.text).split())
        if kind is AccessibilityNodeKind.link and not text:
            kind, text = AccessibilityNodeKind.unnamed, self.url
        return AccessibilityNode(kind, text, self.level, self.language, self.url)


def _is_hidden(tag: str, attributes: dict[str, str]) -> bool:
    """Return True if a screen reader says nothing of an element and what is in it."""
    return (
        tag in _SILENT_TAGS
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(attributes.get("style", "")))
    )


class _AccessibilityTreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._nodes: list[_OpenNode] = []
        #: Of every open element: its name, whether it is silent, what it is, its language.
        self._open_elements: list[tuple[str, bool, _OpenNode | None]] = []
        self._text_node = _OpenNode(AccessibilityNodeKind.text, "")

    def build(self) -> list[AccessibilityNode]:
        nodes = (node.freeze() for node in self._nodes)
        return [node for node in nodes if node.text or node.kind not in _NEEDS_TEXT]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        silent = self._is_silent or _is_hidden(tag, values)
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
        inside = self._find_open(*_HOLDS_TEXT)
        if inside is None:
            if self._text_node not in self._nodes[-1:]:
                self._text_node = _OpenNode(AccessibilityNodeKind.text, "")
                self._nodes.append(self._text_node)
            inside = self._text_node
        inside.text += data

    @property
    def _is_silent(self) -> bool:
        return bool(self._open_elements) and self._open_elements[-1][1]

    def _find_open(self, *kinds: AccessibilityNodeKind) -> _OpenNode | None:
        """Return the innermost open node of these kinds."""
        nodes = (node for _, _, node in reversed(self._open_elements) if node is not None)
        return next((node for node in nodes if node.kind in kinds), None)

    def _end_text(self) -> None:
        self._text_node = _OpenNode(AccessibilityNodeKind.text, "")

    def _open_node(self, tag: str, values: dict[str, str]) -> _OpenNode | None:
        role = values.get("role", _LANDMARK_ROLES.get(tag, ""))
        if role in _SPOKEN_ROLES:
            return self._add_node(
                _OpenNode(
                    AccessibilityNodeKind.landmark,
                    values.get("aria-label") or values.get("aria-roledescription") or role,
                    language=values.get("lang", ""),
                )
            )
        if tag in _HEADING_LEVELS:
            return self._add_node(
                _OpenNode(
                    AccessibilityNodeKind.heading,
                    "",
                    level=_HEADING_LEVELS[tag],
                    language=values.get("lang", ""),
                )
            )
        if tag == "a" and values.get("href"):
            return self._open_link(values)
        return None

    def _open_link(self, values: dict[str, str]) -> _OpenNode:
        """Return the heading that the link stands in, or a node of its own."""
        heading = self._find_open(AccessibilityNodeKind.heading)
        if heading is not None:
            heading.url = values["href"]
            return heading
        label = values.get("aria-label", "")
        link = self._add_node(_OpenNode(AccessibilityNodeKind.link, label, url=values["href"]))
        # Its own label is said instead of what stands in it.
        return replace(link) if link.text else link

    def _add_picture(self, values: dict[str, str]) -> None:
        link = self._find_open(AccessibilityNodeKind.link)
        alt = values.get("alt")
        if link is not None and alt:
            link.text += f" {alt} "
        elif alt:
            self._add_node(_OpenNode(AccessibilityNodeKind.picture, alt))
        elif alt is None:
            self._add_node(
                _OpenNode(AccessibilityNodeKind.unnamed, values.get("src", "").rpartition("/")[2])
            )

    def _add_node(self, node: _OpenNode) -> _OpenNode:
        self._nodes.append(node)
        return node
