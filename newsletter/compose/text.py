"""A text in any of three formats as HTML, for `posts.clean` to read."""

import html
import re

from newsletter.posts import markdown_text

FORMATS = ("html", "markdown", "text")


def body_html(body: str, body_format: str) -> str:
    """Return HTML of a text in one of FORMATS; it isn't cleaned. Raises ValueError for another format."""
    if body_format == "html":
        return body
    if body_format == "markdown":
        return markdown_text.body_html(body)
    if body_format == "text":
        paragraphs = re.split(r"\n\s*\n", body.replace("\r\n", "\n").replace("\r", "\n"))
        return "".join(f"<p>{html.escape(paragraph.strip())}</p>" for paragraph in paragraphs if paragraph.strip())
    raise ValueError(body_format)


def format_of(name: str, text: str) -> str:
    """Return the format of a file by its name, or else by how it begins."""
    ending = name.rpartition(".")[2].lower()
    known = {"html": "html", "htm": "html", "xhtml": "html", "md": "markdown", "markdown": "markdown", "txt": "text"}
    if ending in known:
        return known[ending]
    return "html" if text.lstrip()[:1] == "<" else "markdown"
