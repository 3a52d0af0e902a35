"""Markdown as the XHTML that mail can show: a few tags, checked addresses, nothing else.

markdown-it (raw HTML left out) | nh3 | written again as XHTML: addresses checked, odd
    characters spelled out
"""

from html import escape
from html.parser import HTMLParser

import nh3
from markupsafe import Markup

from newsletter import markdown
from newsletter.render.safe_text import escape_for_mrml, sanitise_url

#: Tags that stay. Headings become bold paragraphs: a letter's outline is its sections and teasers.
_ALLOWED_TAGS = frozenset(
    (
        "p",
        "br",
        "strong",
        "em",
        "s",
        "a",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "pre",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    )
)
_HEADING_TAGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_VOID_TAGS = frozenset({"br", "hr"})
#: Deeper ones are flattened: mrml and mail clients recurse.
_MAX_DEPTH = 24


class _XhtmlWriter(HTMLParser):
    """Writes what nh3 left as well-formed XHTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open_tags: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an opening tag, and remember what closes it."""
        if tag in _VOID_TAGS:
            self.parts.append(f"<{tag} />")
            return
        opening, closing = self._build_tag_pair(tag, dict(attrs))
        self.open_tags.append((tag, closing))
        self.parts.append(opening)

    def _build_tag_pair(self, tag: str, attributes: dict[str, str | None]) -> tuple[str, str]:
        if len(self.open_tags) > _MAX_DEPTH:
            return "", ""
        if tag in _HEADING_TAGS:
            return "<p><strong>", "</strong></p>"
        if tag == "a":
            url = sanitise_url(attributes.get("href") or "")
            return (f'<a href="{escape_for_mrml(escape(url))}">', "</a>") if url else ("", "")
        if tag == "table":
            return '<table class="figures" cellpadding="0" cellspacing="0" border="0">', "</table>"
        if tag == "ol" and (start := attributes.get("start") or "").isdecimal() and start.isascii():
            return f'<ol start="{int(start[:6])}">', "</ol>"
        return (f"<{tag}>", f"</{tag}>") if tag in _ALLOWED_TAGS else ("", "")

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what was left open within it."""
        if not any(name == tag for name, _ in self.open_tags):
            return
        while self.open_tags:
            name, closing = self.open_tags.pop()
            self.parts.append(closing)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Write text, escaped."""
        self.parts.append("\n".join(escape_for_mrml(escape(line)) for line in data.split("\n")))

    def finish(self) -> str:
        """Return everything, closed."""
        self.close()
        self.parts.extend(closing for _, closing in reversed(self.open_tags))
        return "".join(self.parts).strip()


def from_markdown(text: str) -> Markup:
    """Return Markdown as XHTML of the allowed tags.

    Links are http, https or mailto, pictures are left out.
    """
    cleaned = nh3.clean(
        markdown.to_html(text),
        tags=set(_ALLOWED_TAGS | _HEADING_TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    writer = _XhtmlWriter()
    writer.feed(cleaned)
    # Every piece was escaped or comes from the table above.
    return Markup(writer.finish())  # noqa: S704
