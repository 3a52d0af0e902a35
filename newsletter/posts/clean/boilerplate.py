"""Which raw blocks are furniture: dates, bylines, captions, links, the title again."""

import re
from collections.abc import Sequence

from newsletter.language.site_phrases import load_site_phrases
from newsletter.posts.clean import phrases
from newsletter.posts.clean.flatten import RawBlock

#: More of a paragraph than this inside links: it leads elsewhere (notes: "Cleaning").
MAX_LINK_DENSITY = 0.6
#: What stands between the parts of a byline.
_BYLINE_SEPARATOR = re.compile(r"\s[|·•–—/-]\s|[|·•]|,\s")
#: A byline has no more characters, a biography no more words.
_MAX_BYLINE_CHARS, _MAX_BIOGRAPHY_WORDS = 90, 80
#: As many blocks from either end of a text may be bylines.
_BYLINE_BLOCKS = 12
_NUMERIC_DATE = re.compile(r"^\d{1,4}([.:/-]\d{1,4}){1,2}\.?$")


def is_boilerplate(raw: RawBlock, title: str) -> bool:
    """Return True if a block stands around the text and isn't of it.

    `title`: the post's, which bodies like to repeat.
    """
    text = raw.text
    if not any(character.isalnum() for character in text) or _is_same_text(text, title):
        return True
    if (
        phrases.is_read_more(text)
        or phrases.is_read_also(text)
        or phrases.is_meta(text)
        or _is_address(text)
    ):
        return True
    if raw.kind == "heading":
        return False
    if phrases.is_label(text) or phrases.is_credit(text) or _is_byline(text) or is_date(text):
        return True
    return raw.linked > MAX_LINK_DENSITY and raw.kind != "code"


def find_writers(raws: Sequence[RawBlock]) -> frozenset[str]:
    """Return the names that stand in bylines, above a text or below it.

    Alone on a short line, after "Av" or after "Text:".
    """
    found: set[str] = set()
    for raw in (*raws[:_BYLINE_BLOCKS], *raws[-_BYLINE_BLOCKS:]):
        if len(raw.text) > _MAX_BYLINE_CHARS:
            continue
        said = phrases.parse_byline(raw.text) or (
            raw.text.partition(":")[2] if phrases.is_label(raw.text) else ""
        )
        if not said and (raw.kind != "paragraph" or raw.bold > 0):
            continue  # "Nästa steg" is a heading
        parts = (part.strip(" .") for part in _BYLINE_SEPARATOR.split(said or raw.text))
        found.update(part for part in parts if _is_name(part))
    return frozenset(found)


def _is_name(text: str) -> bool:
    """Return True if a text can be a person's name.

    Two to four words with capitals, maybe "de" or "von" between them.
    """
    found = text.split()
    return 2 <= len(found) <= 4 and all(
        word[0].isupper() or (number > 0 and len(word) <= 3) for number, word in enumerate(found)
    )


def is_biography(raw: RawBlock, writers: frozenset[str]) -> bool:
    """Return True if a block tells who the writer is.

    It begins with the name of a byline, and a word such as "är".
    """
    if not writers or len(raw.text.split()) > _MAX_BIOGRAPHY_WORDS or raw.kind == "heading":
        return False
    name = next((name for name in writers if raw.text.startswith(f"{name} ")), "")
    return bool(name) and raw.text[len(name) :].split()[0] in load_site_phrases().biography_openings


def is_date(text: str) -> bool:
    """Return True if a line is only a date, with what pages say around one.

    "Publicerad 24 november 2026 kl. 10.15".
    """
    parts = [word.strip(".,:;()[]|·•–—-").lower() for word in text.split()]
    parts = [part for part in parts if part]
    if not parts or len(parts) > 16 or not any(character.isdigit() for character in text):
        return False
    return all(_is_date_word(part) for part in parts)


def _is_date_word(word: str) -> bool:
    bare = word.strip(".,:;()[]|·•–—-").lower()
    return not bare or bare in load_site_phrases().date_words or bare.isdigit() or _is_numeric(bare)


def _is_numeric(word: str) -> bool:
    """Return True if a word is numbers: 2026-11-24, 24.11.2026, 10:15, 3rd, 1er."""
    return _NUMERIC_DATE.match(word) is not None or (
        word[0].isdigit()
        and word.lstrip("0123456789") in ("st", "nd", "rd", "th", "er", "e", "am", "pm", "h")
    )


def _is_byline(text: str) -> bool:
    """Return True if a line names a writer, maybe with a date.

    "Av Anna Andersson", "By John Smith | March 3, 2025".
    """
    if len(text.split()) > 16:
        return False
    parts = [part.strip() for part in _BYLINE_SEPARATOR.split(text) if part.strip()]
    # "By Jane Doe · 12 May 2026 · 3 min read"
    who = phrases.parse_byline(" | ".join(part for part in parts if not phrases.is_meta(part)))
    if who:
        names = [
            word
            for word in _BYLINE_SEPARATOR.sub(" ", who).rstrip(".").split()
            if not _is_date_word(word)
        ]
        return 0 < len(names) <= 8 and all(
            word[0].isupper() or word.lower() in load_site_phrases().between_names for word in names
        )
    return (
        len(parts) > 1
        and len(text.split()) <= 12
        and any(is_date(part) for part in parts)
        and not phrases.has_sentence_end(text)
    )


def _is_address(text: str) -> bool:
    return " " not in text and ("://" in text or text.startswith("www."))


def _is_same_text(text: str, title: str) -> bool:
    return (
        bool(title)
        and len(text) < 2 * len(title) + 10
        and _normalise_letters(text) == _normalise_letters(title)
    )


def _normalise_letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
