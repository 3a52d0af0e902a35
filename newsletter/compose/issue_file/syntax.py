r"""The lines that give an issue file its shape, and how text is kept from looking like them.

    # title · ## section · <!-- layout: … --> · ### [teaser](url) · ![alt](picture) · *date*
    · <!-- post: … summary: … -->

Titles are plain text and escaped as Markdown (`\[`). A line of text that would be read as one of
the above gets TEXT_MARKER before it: it is a comment to every Markdown viewer, and reading takes it
off again. So any text comes back as it was.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence

#: Before a line that is text, whatever it looks like.
TEXT_MARKER = "<!-- text -->"
HEADING_LINE = re.compile(r" {0,3}(?P<marks>#{1,3})(?:[ \t]+(?P<text>.*?))??(?:[ \t]+#+)?[ \t]*\Z")
POST_COMMENT = re.compile(r"[ \t]*<!--[ \t]*post\b(?P<rest>.*)\Z", re.DOTALL)
LAYOUT_COMMENT = re.compile(
    r" {0,3}<!--[ \t]*(?i:layout)[ \t]*:(?P<value>(?:(?!-->).)*)-->[ \t]*\Z"
)
POST_KEYS = re.compile(
    r":[ \t]*(?P<post>[^\s>]+)(?:[ \t]+summary:[ \t]*(?P<summary>[^\s>]+))?[ \t]*-->[ \t]*\Z"
)
_URL = r"(?:<(?P<pointed>(?:\\.|[^<>\\])*)>|(?P<bare>(?:\\.|[^\s\\()]|\([^\s()]*\))*))"
HEADING_LINK = re.compile(
    r"\[(?P<title>(?:\\.|[^\\\[\]]|\[(?:\\.|[^\\\[\]])*\])*)\]\([ \t]*" + _URL + r"[ \t]*\)\Z"
)
PICTURE_LINE = re.compile(
    r"[ \t]{0,3}!\[(?P<alt>(?:\\.|[^\\\[\]]|\[(?:\\.|[^\\\[\]])*\])*)\]\([ \t]*"
    + _URL
    + r"(?:[ \t]+\"(?P<note>[^\"]*)\")?[ \t]*\)[ \t]*\Z"
)
DATE_LINE = re.compile(r"[ \t]{0,3}(?:\*(?P<stars>[^*]+)\*|_(?P<lows>[^_]+)_)[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<rest>[^`]*|(?<=~).*)\Z")
_COMMENT = re.compile(r" {0,3}<!--(?!.*-->)")
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
#: Escaped characters while emphasis is looked for: controls (C1) that no line holds.
_CONTROL_BY_PUNCTUATION = {mark: chr(0x80 + number) for number, mark in enumerate(_PUNCTUATION)}
_PUNCTUATION_BY_CONTROL = {ord(hidden): mark for mark, hidden in _CONTROL_BY_PUNCTUATION.items()}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: The start of what Markdown would read as an entity.
_ENTITY_START = re.compile(r"&(?=#?\w+;)")
#: What means something inside a line. An underscore inside a word means nothing.
_TEXT_SPECIALS = re.compile(r"[\\`*\[\]<>]|(?<![^\W_])_|_(?![^\W_])|~(?=~)")
#: What makes a line a list, a heading, a quote or a table.
_BLOCK_START = re.compile(r"\A(?:(\d{1,9})([.)])(?=\s)|([-+#=~|]))")
_EMPHASIS = re.compile(
    r"(\*\*\*|\*\*|\*|(?<!\w)___|(?<!\w)__|(?<!\w)_|``|`)(?=\S)(.{1,500}?)(?<=\S)\1(?!\w)"
)


def to_one_line(text: str) -> str:
    """Return a text on one line.

    White space and controls become single blanks; hard blanks stay.
    """
    kept = "".join(_clean_character(character) for character in text)
    return re.sub(r"[ \t\n]+", " ", kept).strip()


def split_markdown_lines(text: str) -> list[str]:
    """Return the lines of a Markdown text, without controls and empty lines at both ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = "".join(
        character if character in "\n\t" else _clean_character(character, "") for character in text
    ).split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _clean_character(character: str, replacement: str = " ") -> str:
    if character.isascii():
        return character if " " <= character != "\x7f" else replacement
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return replacement if category in ("Cc", "Zl", "Zp") else character


def to_markdown(text: str) -> str:
    """Return plain text as Markdown that shows the same.

    Nothing in it is a link, a list, emphasis or HTML.
    """
    text = _TEXT_SPECIALS.sub(r"\\\g<0>", to_one_line(text))
    text = _ENTITY_START.sub(r"\\&", text)
    return _BLOCK_START.sub(
        lambda found: (found[1] or "") + "\\" + (found[2] or found[3]),
        text,
    )


def escape_heading(text: str) -> str:
    """Return plain text as Markdown for a heading or an alt text."""
    text = re.sub(r"[\\`*_\[\]<>]", r"\\\g<0>", text)
    text = _ENTITY_START.sub(r"\\&", text)
    return re.sub(r"#\Z", r"\\#", text)


def unescape_heading(markdown: str) -> str:
    """Return the plain text of a heading or an alt text.

    Escapes, entities and emphasis are read as Markdown reads them.
    """
    text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda found: _CONTROL_BY_PUNCTUATION[found[1]], markdown)
    text = _ENTITY.sub(lambda found: _keep_printable(html.unescape(found[0])), text)
    for _again in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    return to_one_line(text.translate(_PUNCTUATION_BY_CONTROL))


def _keep_printable(text: str) -> str:
    return text if text.isprintable() else ""


def escape_url(url: str) -> str:
    """Return an address for the round brackets of a Markdown link."""
    return re.sub(r"[\\()<>]", r"\\\g<0>", url)


def read_url(found: re.Match[str]) -> str:
    """Return the address of a LINK or PICTURE; blanks in it are %20."""
    text = found["pointed"] if found["pointed"] is not None else found["bare"]
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).strip().replace(" ", "%20")


def is_web_address(url: str) -> bool:
    """Return True if an address can stand in an issue.

    Http(s), and nothing in it that can't be seen.
    """
    return url.lower().startswith(("http://", "https://")) and all(
        c.isprintable() and not c.isspace() for c in url
    )


class OpenBlockTracker:
    """Knows line by line whether a block of code or a comment is open.

    Nothing in it is a heading.
    """

    def __init__(self) -> None:
        #: "`" or "~" of the fence, "<" of a comment, "" outside; and the line that opened it.
        self.mark = ""
        self.opened_at_line = 0
        self._fence_length = 0

    def feed_line(self, line: str, number: int = 0) -> bool:
        """Take in a line, and return True if it is of a block of code or a comment."""
        if self.mark == "<":
            if "-->" in line:
                self.mark = ""
            return True
        fence = _FENCE.match(line)
        if self.mark:
            if (
                fence
                and fence["marks"][0] == self.mark
                and len(fence["marks"]) >= self._fence_length
                and not fence["rest"].strip()
            ):
                self.mark = ""
            return True
        if fence or _COMMENT.match(line):
            self.mark = fence["marks"][0] if fence else "<"
            self._fence_length = len(fence["marks"]) if fence else 0
            self.opened_at_line = number
            return True
        return False


def escape_lines(
    lines: Sequence[str], *, has_title: bool = True, follows_heading: bool = False
) -> Iterator[str]:
    """Yield the lines of a text so that none is read as something else.

    `has_title`: the issue has its title already, so `# x` is text. `follows_heading`: the text
    follows a teaser's heading, where a picture or a date might be meant.
    """
    enclosure = OpenBlockTracker()
    for line in lines:
        if not line.startswith(TEXT_MARKER) and not POST_COMMENT.match(line):
            enclosure.feed_line(line)
    balanced = not enclosure.mark
    enclosure = OpenBlockTracker()
    for number, line in enumerate(lines):
        if line.startswith(TEXT_MARKER) or POST_COMMENT.match(line):
            yield TEXT_MARKER + line
        elif balanced and enclosure.feed_line(line):
            yield line
        else:
            yield (
                TEXT_MARKER + line
                if _is_structural(
                    line,
                    has_title=has_title,
                    follows_heading=follows_heading and number == 0,
                    is_balanced=balanced,
                )
                else line
            )


def _is_structural(line: str, *, has_title: bool, follows_heading: bool, is_balanced: bool) -> bool:
    heading = HEADING_LINE.match(line)
    if heading and (len(heading["marks"]) > 1 or not has_title):
        return True
    if LAYOUT_COMMENT.match(line) or (
        follows_heading and (PICTURE_LINE.match(line) or DATE_LINE.match(line))
    ):
        return True
    return not is_balanced and bool(_FENCE.match(line) or _COMMENT.match(line))
