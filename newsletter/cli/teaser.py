"""`newsletter teaser`: what the summary of a text would be."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.context import CliContext
from newsletter.errors import SettingsError, SourceError
from newsletter.i18n import _

if TYPE_CHECKING:
    from newsletter.domain.issue import Summary

#: Bytes that are read of a file or of standard input.
_MAX_INPUT_BYTES = 10_000_000


class WordRange(click.ParamType[tuple[int, int]]):
    """A length, "35-50"."""

    name = "words"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return the two numbers."""
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"\s*(\d{1,3})\s*[-–]\s*(\d{1,3})\s*", str(value))
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            self.fail(_("write two numbers, the smaller one first, as in 35-50"), param, ctx)
        return int(found[1]), int(found[2])


@click.command(
    help=_(
        "Show what the summary of a text would be: a file (HTML, Markdown, text), an address, or -"
        " for standard input."
    )
)
@click.argument("source", metavar="FILE|URL|-", required=False)
@click.option(
    "--words",
    type=WordRange(),
    default="35-50",
    show_default=True,
    metavar="35-50",
    help=_("How many words it should have."),
)
@click.option("--language", help=_("The language of the text (sv)."))
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON, for other programs."))
@click.option(
    "--jsonl",
    is_flag=True,
    help=_(
        "Read many from standard input, one JSON object a line: id, title, lang, body, body_format,"
        " url."
    ),
)
@click.pass_obj
def teaser(
    context: CliContext,
    /,
    source: str | None,
    words: tuple[int, int],
    language: str | None,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Summarise one text, or many."""
    if jsonl:
        if source:
            raise click.UsageError(_("--jsonl reads standard input and takes no file."))
        for answer in _summarise_lines(sys.stdin.buffer, words, language or context.language):
            click.echo(json.dumps(answer, ensure_ascii=False))
        return
    if not source:
        raise click.UsageError(_("Name a file, an address, or - for standard input."))
    title, html, spoken = _read_article(context, source)
    summary = _summarise(title, html, words=words, language=language or spoken or context.language)
    if as_json:
        context.print_json(
            {
                "title": title,
                "summary": summary.text,
                "reason": summary.reason.value,
                "words": summary.word_count,
            }
        )
    elif summary.text:
        context.out.print(summary.text, markup=False)
        context.err.print(
            _("{words} words ({reason})").format(
                words=summary.word_count, reason=summary.reason.value
            ),
            markup=False,
        )
    else:
        raise SourceError("{source} has no whole sentence to make a summary of.", source=source)


def _summarise(title: str, html: str, *, words: tuple[int, int], language: str) -> "Summary":
    from newsletter.compose.summary.summarise import summarise
    from newsletter.posts.clean import extract_blocks
    from newsletter.posts.wordpress_marks import mark_lead

    return summarise(
        title, extract_blocks(mark_lead(html), title=title), language=language, word_range=words
    )


def _summarise_lines(
    lines: Iterable[bytes], words: tuple[int, int], language: str
) -> Iterator[dict[str, Any]]:
    """Answer line by line; a bad line gets an answer that says so, and the others go on.

    JSON is never translated.
    """
    from newsletter.compose.input_formats import INPUT_FORMATS, to_html
    from newsletter.posts.text import unescape_entities

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield {"id": None, "error": f"line {number} is no JSON"}
            continue
        if not isinstance(row, dict) or not isinstance(row.get("body"), str):
            known = row.get("id") if isinstance(row, dict) else None
            yield {"id": known, "error": f"line {number} has no body"}
            continue
        body_format = row.get("body_format", "html")
        if body_format not in INPUT_FORMATS:
            yield {
                "id": row.get("id"),
                "error": f"line {number}: body_format must be one of {', '.join(INPUT_FORMATS)}",
            }
            continue
        spoken = (
            row.get("lang") if isinstance(row.get("lang"), str) and row.get("lang") else language
        )
        title = (
            unescape_entities(_replace_surrogates(row["title"]))
            if isinstance(row.get("title"), str)
            else ""
        )
        url = row.get("url") if isinstance(row.get("url"), str) else ""
        named, html, _spoken = _extract_article(
            to_html(_replace_surrogates(row["body"]), body_format), _replace_surrogates(str(url))
        )
        summary = _summarise(title or named, html, words=words, language=str(spoken))
        yield {
            "id": row.get("id"),
            "summary": summary.text,
            "reason": summary.reason.value,
            "words": summary.word_count,
        }


def _replace_surrogates(text: str) -> str:
    """Return a text without halves of surrogate pairs, which JSON may escape and nothing can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_article(context: CliContext, source: str) -> tuple[str, str, str]:
    """Return title, HTML and language ("" where it isn't named) of a file, an address or standard input."""
    from newsletter.compose.input_formats import detect_format, to_html
    from newsletter.posts.fetch.encoding import decode

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
        return _extract_article(text, url)
    return title, to_html(text, body_format), ""


def _extract_article(html: str, url: str = "") -> tuple[str, str, str]:
    """Return title, text and language of a whole page, without menus and banners.

    Of a piece of HTML its title, if any, and all of it.
    """
    from newsletter.posts.clean import extract_plain_text
    from newsletter.posts.pages.page import read_whole_page
    from newsletter.posts.source_entries import normalise_language_tag

    page = read_whole_page(html, url)
    if page is not None:
        return page.title, page.content, normalise_language_tag(page.language) or ""
    found = re.search(r"<title[^>]*>(.*?)</title>", html[:100_000], re.IGNORECASE | re.DOTALL)
    return extract_plain_text(found[1]) if found else "", html, ""


def _split_front_matter(text: str) -> tuple[str, str]:
    """Return the title that a Markdown text's front matter names, and the text below it."""
    from newsletter.posts.markdown import front_matter_fields
    from newsletter.posts.markdown.front_matter import BadFrontMatterError, split_front_matter

    try:
        found, text = split_front_matter(text)
    except BadFrontMatterError as error:
        raise SourceError(
            "The text's front matter is wrong ({why}). Correct it, then try again.", why=str(error)
        ) from error
    return front_matter_fields.read_title(found), text


def _fetch_text(context: CliContext, url: str) -> str:
    from newsletter.posts.fetch.encoding import decode
    from newsletter.posts.fetch.fetch import Fetcher

    try:
        fetcher = context.workspace.fetcher
    except SettingsError:
        if context.config is not None:
            raise
        fetcher = Fetcher()  # no workspace is needed; private addresses are refused then
    got = fetcher.fetch(url)
    return decode(got.content, got.content_type)


def _read_file(path: Path) -> str:
    from newsletter.posts.fetch.encoding import decode

    try:
        with path.open("rb") as file:
            return decode(file.read(_MAX_INPUT_BYTES))
    except OSError as error:
        raise SourceError(
            "{path} can't be read ({why}).", path=path, why=error.strerror or type(error).__name__
        ) from error
