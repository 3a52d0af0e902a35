"""Words that pages put around an article, read from `words/LANGUAGE.toml`.

A further language is one file.

    dates      months and days, in full and short, and the words around a date
    read_more  "Läs mer": how a link or a line begins that only leads to the whole text
    read_also  "Läs också": how a line begins that leads to another text
    labels     "Text och foto": what stands before a colon and a name
    credits    "Foto": what a caption ends in, before a colon and a name
    by         "Av": what stands before a writer's name
    and        words in lower case between names
    meta       what a page says of itself: reading time, tags, "share this", cookies, "subscribe"
    notices    what a page says to whoever comes: cookies, JavaScript, the site's letter
    openings   words that sentences begin with: what stands in bold before one of them is a heading
    writer_is  what follows the name in a writer's biography
    dialogue   "Fråga": what stands before a colon in questions and answers
    signed     how WordPress signs feeds: the beginning, and what follows the title

What is a list in its file is of regular expressions over text (never HTML), tried in every
language, whatever the case.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The expressions of all languages together."""

    dates: frozenset[str]
    between_names: frozenset[str]
    openings: frozenset[str]
    writer_is: frozenset[str]
    read_more: re.Pattern[str]
    read_also: re.Pattern[str]
    label: re.Pattern[str]
    credit: re.Pattern[str]
    by: re.Pattern[str]
    meta: re.Pattern[str]
    notice: re.Pattern[str]
    dialogue: re.Pattern[str]
    #: What stands in the middle of every signature: a text without it isn't searched further.
    signature: re.Pattern[str]
    signed: tuple[re.Pattern[str], ...]


@cache
def words() -> Words:
    """Return the expressions; they are read once."""
    languages = [tomllib.loads(file.read_text("utf-8")) for file in sorted(_FOLDER.glob("*.toml"))]
    label, credit, ands = (
        _any(languages, "labels"),
        _any(languages, "credits"),
        _all_words(languages, "and"),
    )
    joint = rf"\s*(?:,|/|&|\+|\b(?:{'|'.join(sorted(ands))})\b)\s*"
    return Words(
        dates=_all_words(languages, "dates"),
        between_names=ands | {"&"},
        openings=_all_words(languages, "openings"),
        writer_is=_all_words(languages, "writer_is"),
        read_more=_pattern(rf"^\W*(?:{_any(languages, 'read_more')})\b"),
        read_also=_pattern(rf"^\W*(?:{_any(languages, 'read_also')})\s*(?::|–|-|→|»|>|$)"),
        label=_pattern(rf"^[(\[]?\s*(?:{label})(?:{joint}(?:{label}))*\s*[:|]"),
        credit=_pattern(
            rf"[.!?\s(](?:{credit})\s*(?::|/|©|by\s|av\s|af\s|von\s)\s*(?:[^.!?]|\b\w\.){{2,60}}[.)]{{0,2}}$"
        ),
        by=_pattern(rf"^(?:{_any(languages, 'by')})\s+(?=\S)"),
        dialogue=_pattern(rf"^(?:{_any(languages, 'dialogue')})\s?:\s+(?=\S)"),
        meta=_pattern(rf"^\W*(?:{_any(languages, 'meta')})"),
        notice=_pattern(rf"^\W*(?:{_any(languages, 'notices')})"),
        signature=_pattern(
            "|".join(middle for language in languages for _start, middle in language["signed"])
        ),
        signed=tuple(
            # The last sentence that begins so; the lengths keep it linear.
            _pattern(
                rf"(?:^|(?<=[.!?…»”\"\])]\s)|(?<=\]))(?:{start})\s(?:(?!(?<=[.!?…]\s)(?:{start})\s).){{1,300}}?\s?{middle}\b(?:(?![.!?]\s).){{0,200}}$"
            )
            for language in languages
            for start, middle in language["signed"]
        ),
    )


def _any(languages: list[dict[str, Any]], key: str) -> str:
    return "|".join(
        dict.fromkeys(expression for language in languages for expression in language[key])
    )


def _all_words(languages: list[dict[str, Any]], key: str) -> frozenset[str]:
    return frozenset(word for language in languages for word in language[key].split())


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE | re.DOTALL)
