"""One line of plain text out of anything."""

import html
import unicodedata

#: A longer title is cut: nobody reads it, and no mail client shows it.
MAX_TITLE_CHARS = 500
#: Cc: control characters, Cf: invisible marks, Cs: halves of pairs, Co and Cn: nobody's characters.
_UNWANTED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
#: Joiners that emoji and some scripts need.
_ALLOWED_JOINERS = frozenset("\u200c\u200d")


def to_one_line(text: str) -> str:
    """Return a text on one NFC line, without control or invisible characters."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if line.isprintable():
        return line
    kept = (
        character
        for character in line
        if character in _ALLOWED_JOINERS
        or unicodedata.category(character) not in _UNWANTED_CATEGORIES
    )
    return " ".join("".join(kept).split()).strip("\u200c\u200d ")


def to_word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set: for lists that are read more than written."""
    return frozenset(text.split())


def truncate(text: str, max_chars: int = MAX_TITLE_CHARS) -> str:
    """Return a text of at most so many characters, cut at a blank and marked with "…"."""
    if len(text) <= max_chars:
        return text
    head = text[: max_chars - 1]
    return (head[: head.rfind(" ")] if " " in head[max_chars // 2 :] else head).rstrip(
        " ,;:–-"
    ) + "…"


def unescape_entities(text: str) -> str:
    """Return a text with its entities decoded, those escaped twice ("&amp;amp;"), too."""
    for _again in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    return text


def to_html_paragraphs(text: str) -> str:
    """Return plain text as HTML paragraphs."""
    paragraphs = text.replace("\r\n", "\n").split("\n\n")
    return "".join(
        f"<p>{html.escape(paragraph, quote=False)}</p>"
        for paragraph in paragraphs
        if paragraph.strip()
    )
