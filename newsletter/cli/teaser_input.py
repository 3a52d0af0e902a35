"""Texts that `newsletter teaser` summarises: from a file, an address or standard input."""

import re
import sys
from pathlib import Path

from newsletter.cli.context import CliContext
from newsletter.compose.input_formats import detect_format, to_html
from newsletter.errors import SourceError
from newsletter.posts.clean import extract_plain_text
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.markdown import front_matter_fields
from newsletter.posts.markdown.front_matter import BadFrontMatterError, split_front_matter
from newsletter.posts.pages.page import read_whole_page
from newsletter.posts.source_entries import normalise_language_tag

#: Bytes that are read of a file or of standard input.
_MAX_INPUT_BYTES = 10_000_000


def read_article(context: CliContext, source: str) -> tuple[str, str, str]:
    """Return title, HTML and language ("" where it isn't named) of a text.

    `source` is a file, an address, or "-" for standard input. Raises SourceError.
    """
    url = ""
    if source == "-":
        name, text = "", decode(sys.stdin.buffer.read(_MAX_INPUT_BYTES))
    elif source.lower().startswith(("http://", "https://")):
        url = source
        name, text = "page.html", _fetch_text(context, source)
    else:
        name, text = source, _read_file(Path(source))
    body_format = detect_format(name, text)
    title = ""
    if body_format == "markdown":
        title, text = _split_front_matter(text)
    elif body_format == "html":
        return extract_article(text, url)
    return title, to_html(text, body_format), ""


def extract_article(html: str, url: str = "") -> tuple[str, str, str]:
    """Return title, text and language of a whole page, without menus and banners.

    Of a piece of HTML its title, if any, and all of it.
    """
    page = read_whole_page(html, url)
    if page is not None:
        return page.title, page.content, normalise_language_tag(page.language) or ""
    found = re.search(r"<title[^>]*>(.*?)</title>", html[:100_000], re.IGNORECASE | re.DOTALL)
    return extract_plain_text(found[1]) if found else "", html, ""


def _split_front_matter(text: str) -> tuple[str, str]:
    """Return the title that a Markdown text's front matter names, and the text below it."""
    try:
        found, text = split_front_matter(text)
    except BadFrontMatterError as error:
        raise SourceError(
            "The text's front matter is wrong ({why}). Correct it, then try again.", why=str(error)
        ) from error
    return front_matter_fields.read_title(found), text


def _fetch_text(context: CliContext, url: str) -> str:
    got = context.fetcher.fetch(url)
    return decode(got.content, got.content_type)


def _read_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return decode(file.read(_MAX_INPUT_BYTES))
    except OSError as error:
        raise SourceError(
            "{path} can't be read ({why}).", path=path, why=error.strerror or type(error).__name__
        ) from error
