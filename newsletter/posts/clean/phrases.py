"""What a line of text says about itself: "read more", "Text.

Anna Andersson", "The post X appeared first on Y".
"""

import re

from newsletter.language.site_phrases import load_site_phrases

_SENTENCE_END = re.compile(
    r"[.!?…。！？।:;]['\"”’»)\]]*$"
)  # full-width marks end Chinese sentences
#: No furniture is longer (characters): the expressions meet no longer text.
_MAX_PHRASE_CHARS = 400


def is_read_more(text: str) -> bool:
    """Return True if a link or a line only leads to the whole text."""
    parts = text.split()
    if not 0 < len(parts) <= 12 or (
        len(parts) > 6 and parts[-1].endswith(".") and not parts[-1].endswith("..")
    ):
        return False
    return load_site_phrases().read_more.match(" ".join(parts)[:_MAX_PHRASE_CHARS]) is not None


def has_read_more_opening(text: str) -> bool:
    """Return True if a sentence begins as an invitation to read on does."""
    return load_site_phrases().read_more.match(text[:_MAX_PHRASE_CHARS]) is not None


def is_read_also(text: str) -> bool:
    """Return True if a line leads to another article."""
    return _is_short(text, 25) and load_site_phrases().read_also.match(text) is not None


def is_meta(text: str) -> bool:
    """Return True if a line is about the page: reading time, tags, where it first appeared."""
    return _is_short(text, 40) and load_site_phrases().meta.match(text) is not None


def is_notice(text: str) -> bool:
    """Return True if a paragraph of a page speaks to whoever comes.

    Of cookies, of JavaScript, of the site's letter; or was never filled.
    """
    return (_is_short(text, 70) and load_site_phrases().notice.match(text) is not None) or (
        "{{" in text and "}}" in text
    )


def is_label(text: str) -> bool:
    """Return True if a line only names a writer, a photographer or a source: "Text och foto.

    Anna Andersson".
    """
    return _is_short(text, 20) and load_site_phrases().label.match(text) is not None


def is_credit(text: str) -> bool:
    """Return True if a line is the caption of a picture: it ends in who took it."""
    return _is_short(text, 45) and (
        text.startswith("©") or load_site_phrases().credit.search(text) is not None
    )


def parse_byline(text: str) -> str:
    """Return what follows "Av", "By", "Von" at the beginning of a line.

    "" where it begins otherwise.
    """
    found = load_site_phrases().byline.match(text[:_MAX_PHRASE_CHARS])
    return text[found.end() :] if found else ""


def has_sentence_end(text: str) -> bool:
    """Return True if a text ends as sentences end."""
    return _SENTENCE_END.search(text[-8:]) is not None


def strip_signature(text: str) -> str:
    """Return a text without the line that WordPress signs it with; "" where it is nothing else."""
    head, tail = text[: -2 * _MAX_PHRASE_CHARS], text[-2 * _MAX_PHRASE_CHARS :]
    for pattern in (
        load_site_phrases().signatures if load_site_phrases().signature_core.search(tail) else ()
    ):
        found = pattern.search(tail)
        if found:
            return (head + tail[: found.start()]).rstrip()
    return text


def _is_short(text: str, max_words: int) -> bool:
    return len(text) <= _MAX_PHRASE_CHARS and len(text.split()) <= max_words
