"""The text part: folded at 68 columns, every link alone on its line, headings that can be seen."""

import textwrap
import unicodedata

from markdown_it.token import Token

from newsletter import markdown
from newsletter.render.safe import one_line, safe_url

#: Columns.
WIDTH = 68


def columns(text: str) -> int:
    """Return how wide a text stands on a terminal: East Asian letters take two columns, marks none."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


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
        self.blocks: list[str] = []
        self.lists: list[int | None] = []
        self.quotes = 0
        self.first: str | None = None

    def _indent(self) -> str:
        return "> " * min(self.quotes, 8) + "  " * min(len(self.lists), 8)

    def opened(self, token: Token) -> None:
        """Note a list, an item or a quotation that begins or ends."""
        match token.type:
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self._item()
            case "blockquote_open":
                self.quotes += 1
            case "blockquote_close":
                self.quotes -= 1

    def _item(self) -> None:
        number = self.lists[-1]
        sign = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1
        self.first = "> " * min(self.quotes, 8) + "  " * (min(len(self.lists), 8) - 1) + sign

    def write(self, text: str, urls: list[str]) -> None:
        """Write a paragraph, then its links, each alone on its line."""
        if text:
            self.blocks.append(fold(text, self._indent(), self.first))
            self.first = None
        self.blocks.extend(urls)


def _inline(token: Token) -> tuple[str, list[str]]:
    """Return the text of an inline token and the addresses of its links."""
    parts, urls = [], []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "link_open" and (url := safe_url(str(child.attrGet("href") or ""))) and url not in urls:
            urls.append(url)
    text = one_line("".join(parts))
    # An address that is its own text stands on its own line already.
    return ("" if len(urls) == 1 and text in (urls[0], urls[0].rstrip("/")) else text), [url.removeprefix("mailto:") for url in urls]


def from_markdown(text: str) -> str:
    """Return Markdown as paragraphs of plain text, a blank line between; pictures and raw HTML are left out."""
    writer = _Writer()
    for token in markdown.parse(text):
        if token.type == "inline":
            writer.write(*_inline(token))
        elif token.type in ("fence", "code_block"):
            writer.write("", [f"    {one_line(line)}" for line in token.content.splitlines() if line.strip()])
        else:
            writer.opened(token)
    return "\n\n".join(block for block in writer.blocks if block.strip())
