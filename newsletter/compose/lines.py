r"""The lines that give an issue file its shape, and how text is kept from looking like them.

    # title · ## section · <!-- layout: … --> · ### [teaser](url) · ![alt](picture) · *date* · <!--
    post: … summary: … -->

Titles are plain text and escaped as Markdown (`\[`). A line of text that would be read as one of
the above gets SHIELD before it: it is a comment to every Markdown viewer, and reading takes it off
again. So any text comes back as it was.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence

#: Before a line that is text, whatever it looks like.
SHIELD = "<!-- text -->"
HEADING = re.compile(r" {0,3}(?P<marks>#{1,3})(?:[ \t]+(?P<text>.*?))??(?:[ \t]+#+)?[ \t]*\Z")
POST = re.compile(r"[ \t]*<!--[ \t]*post\b(?P<rest>.*)\Z", re.DOTALL)
LAYOUT = re.compile(r" {0,3}<!--[ \t]*(?i:layout)[ \t]*:(?P<value>(?:(?!-->).)*)-->[ \t]*\Z")
POST_KEYS = re.compile(
    r":[ \t]*(?P<post>[^\s>]+)(?:[ \t]+summary:[ \t]*(?P<summary>[^\s>]+))?[ \t]*-->[ \t]*\Z"
)
_URL = r"(?:<(?P<pointed>(?:\\.|[^<>\\])*)>|(?P<bare>(?:\\.|[^\s\\()]|\([^\s()]*\))*))"
LINK = re.compile(
    r"\[(?P<title>(?:\\.|[^\\\[\]]|\[(?:\\.|[^\\\[\]])*\])*)\]\([ \t]*" + _URL + r"[ \t]*\)\Z"
)
PICTURE = re.compile(
    r"[ \t]{0,3}!\[(?P<alt>(?:\\.|[^\\\[\]]|\[(?:\\.|[^\\\[\]])*\])*)\]\([ \t]*"
    + _URL
    + r"(?:[ \t]+\"(?P<note>[^\"]*)\")?[ \t]*\)[ \t]*\Z"
)
DATE = re.compile(r"[ \t]{0,3}(?:\*(?P<stars>[^*]+)\*|_(?P<lows>[^_]+)_)[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<rest>[^`]*|(?<=~).*)\Z")
_COMMENT = re.compile(r" {0,3}<!--(?!.*-->)")
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
#: Escaped characters while emphasis is looked for: controls (C1) that no line holds.
_HIDDEN = {mark: chr(0x80 + number) for number, mark in enumerate(_PUNCTUATION)}
_SHOWN = {ord(hidden): mark for mark, hidden in _HIDDEN.items()}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_EMPHASIS = re.compile(
    r"(\*\*\*|\*\*|\*|(?<!\w)___|(?<!\w)__|(?<!\w)_|``|`)(?=\S)(.+?)(?<=\S)\1(?!\w)"
)


def one_line(text: str) -> str:
    """Return a text on one line: white space and controls become single blanks, hard blanks stay."""
    kept = "".join(_tame(character) for character in text)
    return re.sub(r"[ \t\n]+", " ", kept).strip()


def markdown_lines(text: str) -> list[str]:
    """Return the lines of a Markdown text, without controls and without empty lines at both ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = "".join(
        character if character in "\n\t" else _tame(character, "") for character in text
    ).split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _tame(character: str, control: str = " ") -> str:
    if character.isascii():
        return character if " " <= character != "\x7f" else control
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return control if category in ("Cc", "Zl", "Zp") else character


def escaped(text: str) -> str:
    """Return plain text as Markdown for a heading or an alt text."""
    text = re.sub(r"[\\`*_\[\]<>]", r"\\\g<0>", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    return re.sub(r"#\Z", r"\\#", text)


def unescaped(markdown: str) -> str:
    """Return the plain text of a heading or an alt text.

    Escapes, entities and emphasis are read as Markdown reads them.
    """
    text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda found: _HIDDEN[found[1]], markdown)
    text = _ENTITY.sub(lambda found: _printable(html.unescape(found[0])), text)
    for _again in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    return one_line(text.translate(_SHOWN))


def _printable(text: str) -> str:
    return text if text.isprintable() else ""


def escaped_url(url: str) -> str:
    """Return an address for the round brackets of a Markdown link."""
    return re.sub(r"[\\()<>]", r"\\\g<0>", url)


def read_url(found: re.Match[str]) -> str:
    """Return the address of a LINK or PICTURE; blanks in it are %20."""
    text = found["pointed"] if found["pointed"] is not None else found["bare"]
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).strip().replace(" ", "%20")


def is_web_address(url: str) -> bool:
    """Say whether an address can stand in an issue.

    Http(s), and nothing in it that can't be seen.
    """
    return url.lower().startswith(("http://", "https://")) and all(
        c.isprintable() and not c.isspace() for c in url
    )


class Enclosure:
    """Knows line by line whether a block of code or a comment is open, where nothing is a heading."""

    def __init__(self) -> None:
        #: "`" or "~" of the fence, "<" of a comment, "" outside; and the line that opened it.
        self.mark = ""
        self.opened = 0
        self._length = 0

    def feed(self, line: str, number: int = 0) -> bool:
        """Take in a line; True: it is inside a block of code or a comment, or begins or ends one."""
        if self.mark == "<":
            if "-->" in line:
                self.mark = ""
            return True
        fence = _FENCE.match(line)
        if self.mark:
            if (
                fence
                and fence["marks"][0] == self.mark
                and len(fence["marks"]) >= self._length
                and not fence["rest"].strip()
            ):
                self.mark = ""
            return True
        if fence or _COMMENT.match(line):
            self.mark = fence["marks"][0] if fence else "<"
            self._length = len(fence["marks"]) if fence else 0
            self.opened = number
            return True
        return False


def shielded(lines: Sequence[str], *, titled: bool = True, head: bool = False) -> Iterator[str]:
    """Yield the lines of a text so that none is read as something else.

    `titled`: the issue has its title already, so `# x` is text. `head`: the text follows a teaser's
    heading, where a picture or a date might be meant.
    """
    enclosure = Enclosure()
    for line in lines:
        if not line.startswith(SHIELD) and not POST.match(line):
            enclosure.feed(line)
    balanced = not enclosure.mark
    enclosure = Enclosure()
    for number, line in enumerate(lines):
        if line.startswith(SHIELD) or POST.match(line):
            yield SHIELD + line
        elif balanced and enclosure.feed(line):
            yield line
        else:
            yield (
                SHIELD + line
                if _means_something(
                    line, titled=titled, head=head and number == 0, balanced=balanced
                )
                else line
            )


def _means_something(line: str, *, titled: bool, head: bool, balanced: bool) -> bool:
    heading = HEADING.match(line)
    if heading and (len(heading["marks"]) > 1 or not titled):
        return True
    if LAYOUT.match(line) or (head and (PICTURE.match(line) or DATE.match(line))):
        return True
    return not balanced and bool(_FENCE.match(line) or _COMMENT.match(line))
