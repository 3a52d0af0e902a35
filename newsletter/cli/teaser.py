"""`newsletter teaser`: what the summary of a text would be."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from newsletter.cli.context import CliContext
from newsletter.cli.teaser_input import extract_article, read_article
from newsletter.compose.input_formats import INPUT_FORMATS, to_html
from newsletter.compose.summary.summarise import summarise
from newsletter.domain.issue import Summary
from newsletter.errors import SourceError
from newsletter.i18n import _
from newsletter.posts.clean import extract_blocks
from newsletter.posts.text import unescape_entities
from newsletter.posts.wordpress_marks import mark_lead


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
    title, html, spoken = read_article(context, source)
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


def _summarise(title: str, html: str, *, words: tuple[int, int], language: str) -> Summary:
    return summarise(
        title, extract_blocks(mark_lead(html), title=title), language=language, word_range=words
    )


def _summarise_lines(
    lines: Iterable[bytes], words: tuple[int, int], language: str
) -> Iterator[dict[str, Any]]:
    """Answer line by line; a bad line gets an answer that says so, and the others go on.

    JSON is never translated.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _summarise_line(number, line, words, language)


def _summarise_line(
    number: int, line: bytes, words: tuple[int, int], language: str
) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": f"line {number} is no JSON"}
    if not isinstance(row, dict) or not isinstance(row.get("body"), str):
        known = row.get("id") if isinstance(row, dict) else None
        return {"id": known, "error": f"line {number} has no body"}
    body_format = row.get("body_format", "html")
    if body_format not in INPUT_FORMATS:
        return {
            "id": row.get("id"),
            "error": f"line {number}: body_format must be one of {', '.join(INPUT_FORMATS)}",
        }
    named, html, _spoken = extract_article(
        to_html(_read_text(row, "body"), body_format), _read_text(row, "url")
    )
    title = unescape_entities(_read_text(row, "title")) or named
    spoken = _read_text(row, "lang") or language
    summary = _summarise(title, html, words=words, language=spoken)
    return {
        "id": row.get("id"),
        "summary": summary.text,
        "reason": summary.reason.value,
        "words": summary.word_count,
    }


def _read_text(row: dict[str, Any], name: str) -> str:
    """Return a text of a row, "" where it has none.

    Without lone surrogates, which JSON may escape and nothing can write.
    """
    text = row.get(name)
    return text.encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else ""
