"""Markdown to HTML: CommonMark with tables, by markdown-it-py.

Three rooms read Markdown (posts, issue files, rendering); this is the only module that knows the
parser.
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token


class _RendererWithoutRawHtml(RendererHTML):
    """Leaves raw HTML out: its tags and comments vanish, the text between them stays."""

    def html_block(self, *_args: object) -> str:
        return ""

    html_inline = html_block  # type: ignore[assignment]  # same


@cache
def _get_parser(*, raw_html: bool) -> MarkdownIt:
    renderer = RendererHTML if raw_html else _RendererWithoutRawHtml
    return MarkdownIt("commonmark", {"html": True, "xhtmlOut": True}, renderer_cls=renderer).enable(
        ["table", "strikethrough"]
    )


def to_html(text: str, *, raw_html: bool = False) -> str:
    """Return well-formed HTML; raw HTML is left out unless asked for (then it must be cleaned)."""
    return str(_get_parser(raw_html=raw_html).render(text))


def parse(text: str) -> list[Token]:
    """Return the tokens of a text, blocks with their line numbers in `.map`."""
    return _get_parser(raw_html=False).parse(text)
