"""The text part: folded at 68 columns, every link alone on its line, headings that can be seen."""

import re
import textwrap
import unicodedata

from markdown_it.token import Token

from newsletter import markdown
from newsletter.render.safe import one_line, safe_url

#: Columns.
WIDTH = 68
_ADDRESS = re.compile(r"https?://([^\s/?#]+)\S*")
#: What ends a sentence rather than an address.
_POINTS = ".,;:!?)"


def columns(text: str) -> int:
    """Return how wide a text stands on a terminal.

    East Asian letters take two columns, marks none.
    """
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in text
    )


def fold(text: str, indent: str = "", first: str | None = None) -> str:
    """Fold one paragraph at 68 columns; words and hyphens are never broken."""
    return "\n".join(
        textwrap.wrap(
            text,
            WIDTH,
            initial_indent=indent if first is None else first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
        )
    )


def underlined(text: str, rule: str) -> str:
    """Return a heading in capitals with a rule under it, as long as its longest line."""
    lines = fold(text.upper()).split("\n")
    return "\n".join([*lines, rule * min(WIDTH, max(map(columns, lines)))])


class _Writer:
    """Writes the blocks of Markdown one after the other."""

    def __init__(self) -> None:
        #: Text, and whether it follows what is above it without a blank line.
        self.blocks: list[tuple[str, bool]] = []
        self.lists: list[int | None] = []
        self.quotes = 0
        self.first: str | None = None
        self.cells: list[str] = []
        self.urls: list[str] = []
        self.in_row = False
        #: The block above is an item of a list whose items stand close.
        self.close = False

    def _indent(self) -> str:
        return "> " * min(self.quotes, 8) + "  " * min(len(self.lists), 8)

    def opened(self, token: Token) -> None:
        """Note a list, an item, a quotation, a table or a row of one that begins or ends."""
        match token.type:
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
                self.close = self.close and bool(self.lists)
            case "list_item_open":
                self._item()
            case "blockquote_open":
                self.quotes += 1
            case "blockquote_close":
                self.quotes -= 1
            case "tr_open":
                self.in_row, self.cells, self.urls = True, [], []
            case "tr_close":
                self.in_row = False
                self.write(" · ".join(self.cells), self.urls, close=True)
            case "table_open" | "table_close":
                self.close = False

    def _item(self) -> None:
        number = self.lists[-1]
        sign = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1
        self.first = "> " * min(self.quotes, 8) + "  " * (min(len(self.lists), 8) - 1) + sign

    def write(self, text: str, urls: list[str], *, close: bool = False) -> None:
        """Write a paragraph, then its links, each alone on its line.

        In a row of a table they wait for its end.
        """
        if self.in_row:
            self.cells += [text] if text else []
            self.urls += urls
            return
        if text:
            folded = [
                fold(line, self._indent(), self.first if at == 0 else None)
                for at, line in enumerate(text.split("\n"))
            ]
            self.blocks.append(("\n".join(folded), close and self.close))
            self.first = None
        self.blocks.extend((url, False) for url in urls)
        self.close = close and not urls

    def written(self) -> str:
        """Return everything, a blank line between what doesn't stand close."""
        parts = [
            ("\n" if close else "\n\n", block) for block, close in self.blocks if block.strip()
        ]
        return "".join(part for pair in parts for part in pair).lstrip("\n")


def _inline(token: Token) -> tuple[str, list[str]]:
    """Return the text of an inline token, its own line ends kept, and the addresses of its links."""
    parts: list[str] = []
    urls: list[str] = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" " if child.type == "softbreak" else "\n")
        elif child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif (
            child.type == "link_open"
            and (url := safe_url(str(child.attrGet("href") or "")))
            and url not in urls
        ):
            urls.append(url)
    text = "\n".join(line for part in "".join(parts).split("\n") if (line := one_line(part)))
    urls += [
        typed
        for found in _ADDRESS.finditer(text)
        if (typed := safe_url(found[0].rstrip(_POINTS))) and typed not in urls
    ]
    # An address that is its own text stands on its own line already.
    alone = len(urls) == 1 and text in (urls[0], urls[0].rstrip("/"))
    return "" if alone else _ADDRESS.sub(_site, text), [url.removeprefix("mailto:") for url in urls]


def _site(address: re.Match[str]) -> str:
    """Return what stands for an address within a sentence: its site.

    The whole of it follows on a line of its own.
    """
    whole = address[0]
    return address[1].rstrip(_POINTS) + whole[len(whole.rstrip(_POINTS)) :]


def from_markdown(text: str) -> str:
    """Return Markdown as paragraphs of plain text, a blank line between.

    Pictures and raw HTML are left out.
    """
    writer = _Writer()
    close = False
    for token in markdown.parse(text):
        if token.type == "paragraph_open":
            close = token.hidden
        elif token.type == "inline":
            writer.write(*_inline(token), close=close)
        elif token.type in ("fence", "code_block"):
            writer.write(
                "",
                [
                    "\n".join(
                        f"    {one_line(line)}"
                        for line in token.content.splitlines()
                        if line.strip()
                    )
                ],
            )
        else:
            writer.opened(token)
    return writer.written()
