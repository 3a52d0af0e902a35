"""Mend the text of one block.

What stands before its first sentence, and between its sentences, without being of them.

note marks | missing blanks | "STOCKHOLM, 3 mars 2026 –" | "Fråga:" | the title, run into the text
"""

import re

from newsletter.language.site_phrases import load_site_phrases
from newsletter.posts.clean.boilerplate import is_date

#: "[3]" after a word or a full stop: a note's number.
_NOTE_MARK = re.compile(r"(?<=[\w.,;:!?”\"’)])\[\d{1,3}\]")
#: A word in lower case, a full stop, a word with a capital, and no blank between: "i dag.Kurserna
#: är".
_MISSING_BLANK = re.compile(
    r"(?<!\S)([a-zåäöæøéüß]{2,}|\d{4})([.!?])(?=[A-ZÅÄÖÆØÜ][a-zåäöæøéüß]+[\s,])"
)
#: Where a dateline may end, and how far into a text (characters).
_DATELINE_SEPARATOR = re.compile(r"(?<!\s)\s*+(?:—|–|--|:)\s++|\s-\s++|\.\s++")
_MAX_DATELINE_CHARS = 75
_AGENCY = re.compile(r"(?<!\s)\s*+\([\w/ .-]{2,20}\)\Z")
_PLACE = re.compile(r"(?:[^\W\d_][^\W\d]*(?:[ /-](?=[^\W\d_])[^\W\d]*){0,3})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: "Update, March 20, 2018: …" says that its sentence isn't of the text.
_UPDATE = re.compile(r"upp?dat|oppdat|opdat|aktuali|mise? à jour|päivi|bijgewerkt", re.IGNORECASE)
#: Shorter words in capitals are names of things ("IKEA: …").
_MIN_PLACE_CHARS = 5


def clean_up_text(text: str, title: str) -> str:
    """Return a block's text without what isn't of its sentences.

    `title`: the post's, which may stand before the first of them.
    """
    text = _MISSING_BLANK.sub(r"\1\2 ", _NOTE_MARK.sub("", text))
    text = _strip_title(_strip_dateline(text), title)
    found = load_site_phrases().dialogue.match(text)
    return text[found.end() :] if found else text


def _strip_dateline(text: str) -> str:
    """Return a text without the place, the date and the agency that a newspaper puts before it."""
    for found in _DATELINE_SEPARATOR.finditer(text, 0, _MAX_DATELINE_CHARS):
        head, rest = text[: found.start()], text[found.end() :]
        if _is_sentence_start(rest) and _is_dateline(head, found[0].strip()):
            return rest
    return text


def _is_dateline(head: str, separator: str) -> bool:
    if ":" in head or _UPDATE.match(head):
        return False
    bare = _AGENCY.sub("", head)
    agency = bare != head
    place = _PLACE.match(bare)
    named = place[0].strip() if place else ""
    rest = bare[len(named) :].strip(" ,")
    # "Budget 2025 – …" names a thing.
    dated = is_date(rest) and _YEAR.search(rest) is not None and len(re.findall(r"\w+", rest)) > 2
    if (
        rest
        and not is_date(rest)
        and not (agency and rest.replace(" ", "").isalpha() and rest.istitle())
    ):
        return False
    if not all(part[:1].isupper() for part in re.split(r"[\s/-]+", named) if part):
        return False
    if dated or agency:
        return bool(named) or separator != "."
    return (
        separator != "."
        and len(named) >= _MIN_PLACE_CHARS
        and named.isupper()
        and (not rest or any(map(str.isdigit, rest)))
    )


def _strip_title(text: str, title: str) -> str:
    """Return a text without the title that was run into its first sentence."""
    if (
        len(title.split()) < 3
        or not title[-1].isalnum()
        or not text.casefold().startswith(f"{title} ".casefold())
    ):
        return text
    rest = text[len(title) :].strip()
    return rest if _is_sentence_start(rest) and len(rest.split()) > 3 else text


def _is_sentence_start(text: str) -> bool:
    start = text.lstrip("\"'”“„»«¿¡ ")
    return start[:1].isupper() or (start[:1].isdigit() and len(start.split()) > 3)
