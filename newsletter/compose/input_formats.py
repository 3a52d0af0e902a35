"""A text in any of three formats as HTML, for `posts.clean` to read."""

import html
import re

from newsletter.posts.markdown import markdown_html

#: An empty line, or one of signs only: "=====" under a heading, "***" between parts.
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n|\n[ \t]*[=*_~#–—-]{2,}[ \t]*(?=\n|\Z)")
_LIST_ITEM = re.compile(r"\s{0,8}(?:[-*•·▪]|\d{1,2}[.)])\s+(?=\S)")
INPUT_FORMATS = ("html", "markdown", "text")


def to_html(body: str, body_format: str) -> str:
    """Return HTML of a text in one of FORMATS; it isn't cleaned.

    Raises ValueError for another format.
    """
    if body_format == "html":
        return body
    if body_format == "markdown":
        return markdown_html.render_body(body)
    if body_format == "text":
        paragraphs = _PARAGRAPH_BREAK.split(body.replace("\r\n", "\n").replace("\r", "\n"))
        return "".join(
            _render_paragraph(paragraph) for paragraph in paragraphs if paragraph.strip()
        )
    raise ValueError(body_format)


def _render_paragraph(text: str) -> str:
    """Return lines as a paragraph, and as items of a list where several begin so.

    One alone may be what somebody says ("- Ja!").
    """
    lines = text.strip().split("\n")
    items = [_LIST_ITEM.match(line) for line in lines]
    listed = sum(map(bool, items)) > 1
    parts = (
        (
            f"<li>{html.escape(line[item.end() :])}</li>"
            if item and listed
            else f"{html.escape(line)}<br>"
        )
        for line, item in zip(lines, items, strict=True)
    )
    return f"<p>{''.join(parts)}</p>"


def detect_format(file_name: str, text: str) -> str:
    """Return the format of a file by its name, or else by how it begins."""
    ending = file_name.rpartition(".")[2].lower()
    known = {
        "html": "html",
        "htm": "html",
        "xhtml": "html",
        "md": "markdown",
        "markdown": "markdown",
        "txt": "text",
    }
    if ending in known:
        return known[ending]
    return "html" if text.lstrip()[:1] == "<" else "markdown"
