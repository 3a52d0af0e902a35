"""The text part: folded at 68 columns, every link alone on its line, headings that can be seen."""

import re
import textwrap
import unicodedata

from markdown_it.token import Token

from newsletter import markdown
from newsletter.render.safe_text import sanitise_url, to_one_line

#: Columns.
MAX_LINE_COLUMNS = 68
_WEB_ADDRESS = re.compile(r"https?://([^\s/?#]+)\S*")
#: What ends a sentence rather than an address.
_TRAILING_PUNCTUATION = ".,;:!?)"


def count_columns(text: str) -> int:
    """Return how wide a text stands on a terminal.

    East Asian letters take two columns, marks none.
    """
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in text
    )


def fold(text: str, indent: str = "", first_indent: str | None = None) -> str:
    """Fold one paragraph at 68 columns; words and hyphens are never broken."""
    return "\n".join(
        textwrap.wrap(
            text,
            MAX_LINE_COLUMNS,
            initial_indent=indent if first_indent is None else first_indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
        )
    )


def underline_heading(text: str, rule: str) -> str:
    """Return a heading in capitals with a rule under it, as long as its longest line."""
    lines = fold(text.upper()).split("\n")
    return "\n".join([*lines, rule * min(MAX_LINE_COLUMNS, max(map(count_columns, lines)))])


class _PlainTextWriter:
    """Writes the blocks of Markdown one after the other."""

    def __init__(self) -> None:
        #: Text, and whether it follows what is above it without a blank line.
        self.blocks: list[tuple[str, bool]] = []
        self.list_numbers: list[int | None] = []
        self.quote_depth = 0
        self.first_indent: str | None = None
        self.row_cells: list[str] = []
        self.row_urls: list[str] = []
        self.in_row = False
        #: The block above is an item of a list whose items stand close.
        self.is_tight = False

    def _build_indent(self) -> str:
        return "> " * min(self.quote_depth, 8) + "  " * min(len(self.list_numbers), 8)

    def handle_structure(self, token: Token) -> None:
        """Note a list, an item, a quotation, a table or a row of one that begins or ends."""
        match token.type:
            case "bullet_list_open":
                self.list_numbers.append(None)
            case "ordered_list_open":
                self.list_numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self.list_numbers.pop()
                self.is_tight = self.is_tight and bool(self.list_numbers)
            case "list_item_open":
                self._start_item()
            case "blockquote_open":
                self.quote_depth += 1
            case "blockquote_close":
                self.quote_depth -= 1
            case "tr_open":
                self.in_row, self.row_cells, self.row_urls = True, [], []
            case "tr_close":
                self.in_row = False
                self.write(" · ".join(self.row_cells), self.row_urls, is_tight=True)
            case "table_open" | "table_close":
                self.is_tight = False

    def _start_item(self) -> None:
        number = self.list_numbers[-1]
        sign = "- " if number is None else f"{number}. "
        if number is not None:
            self.list_numbers[-1] = number + 1
        self.first_indent = (
            "> " * min(self.quote_depth, 8) + "  " * (min(len(self.list_numbers), 8) - 1) + sign
        )

    def write(self, text: str, urls: list[str], *, is_tight: bool = False) -> None:
        """Write a paragraph, then its links, each alone on its line.

        In a row of a table they wait for its end.
        """
        if self.in_row:
            self.row_cells += [text] if text else []
            self.row_urls += urls
            return
        if text:
            folded = [
                fold(line, self._build_indent(), self.first_indent if at == 0 else None)
                for at, line in enumerate(text.split("\n"))
            ]
            self.blocks.append(("\n".join(folded), is_tight and self.is_tight))
            self.first_indent = None
        self.blocks.extend((url, False) for url in urls)
        self.is_tight = is_tight and not urls

    def get_text(self) -> str:
        """Return everything, a blank line between what doesn't stand close."""
        parts = [
            ("\n" if close else "\n\n", block) for block, close in self.blocks if block.strip()
        ]
        return "".join(part for pair in parts for part in pair).lstrip("\n")


def _render_inline(token: Token) -> tuple[str, list[str]]:
    """Return the text of an inline token, line ends kept, and the addresses of its links."""
    parts: list[str] = []
    urls: list[str] = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" " if child.type == "softbreak" else "\n")
        elif child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif (
            child.type == "link_open"
            and (url := sanitise_url(str(child.attrGet("href") or "")))
            and url not in urls
        ):
            urls.append(url)
    text = "\n".join(line for part in "".join(parts).split("\n") if (line := to_one_line(part)))
    urls += [
        typed
        for found in _WEB_ADDRESS.finditer(text)
        if (typed := sanitise_url(found[0].rstrip(_TRAILING_PUNCTUATION))) and typed not in urls
    ]
    # An address that is its own text stands on its own line already.
    alone = len(urls) == 1 and text in (urls[0], urls[0].rstrip("/"))
    return "" if alone else _WEB_ADDRESS.sub(_shorten_address, text), [
        url.removeprefix("mailto:") for url in urls
    ]


def _shorten_address(address: re.Match[str]) -> str:
    """Return what stands for an address within a sentence: its site.

    The whole of it follows on a line of its own.
    """
    whole = address[0]
    return (
        address[1].rstrip(_TRAILING_PUNCTUATION) + whole[len(whole.rstrip(_TRAILING_PUNCTUATION)) :]
    )


def from_markdown(text: str) -> str:
    """Return Markdown as paragraphs of plain text, a blank line between.

    Pictures and raw HTML are left out.
    """
    writer = _PlainTextWriter()
    close = False
    for token in markdown.parse(text):
        if token.type == "paragraph_open":
            close = token.hidden
        elif token.type == "inline":
            writer.write(*_render_inline(token), is_tight=close)
        elif token.type in ("fence", "code_block"):
            writer.write(
                "",
                [
                    "\n".join(
                        f"    {to_one_line(line)}"
                        for line in token.content.splitlines()
                        if line.strip()
                    )
                ],
            )
        else:
            writer.handle_structure(token)
    return writer.get_text()
