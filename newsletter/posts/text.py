"""One line of plain text out of anything."""

import html
import unicodedata

#: A longer title is cut: nobody reads it, and no mail client shows it.
LONGEST_TITLE = 500
#: Cc: control characters, Cf: invisible marks, Cs: halves of pairs, Co and Cn: nobody's characters.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
#: Joiners that emoji and some scripts need.
_WANTED = frozenset("\u200c\u200d")


def one_line(text: str) -> str:
    """Return a text on one line, composed (NFC), without control or invisible characters and without double blanks."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if line.isprintable():
        return line
    kept = (
        character
        for character in line
        if character in _WANTED or unicodedata.category(character) not in _UNWANTED
    )
    return " ".join("".join(kept).split()).strip("\u200c\u200d ")


def names(text: str) -> frozenset[str]:
    """Return the words of a text as a set: for lists that are read more than written."""
    return frozenset(text.split())


def cut(text: str, longest: int = LONGEST_TITLE) -> str:
    """Return a text of at most so many characters, cut at a blank and marked with "…"."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return (head[: head.rfind(" ")] if " " in head[longest // 2 :] else head).rstrip(" ,;:–-") + "…"


def unescaped(text: str) -> str:
    """Return a text whose entities are characters, also where they were escaped twice ("&amp;amp;")."""
    for _again in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    return text


def as_html(text: str) -> str:
    """Return plain text as HTML paragraphs."""
    paragraphs = text.replace("\r\n", "\n").split("\n\n")
    return "".join(
        f"<p>{html.escape(paragraph, quote=False)}</p>"
        for paragraph in paragraphs
        if paragraph.strip()
    )
