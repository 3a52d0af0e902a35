"""Words that pages put around an article, read from `data/LANGUAGE.toml`.

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

_DATA_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePhrases:
    """The expressions of all languages together."""

    date_words: frozenset[str]
    between_names: frozenset[str]
    openings: frozenset[str]
    biography_openings: frozenset[str]
    read_more: re.Pattern[str]
    read_also: re.Pattern[str]
    label: re.Pattern[str]
    credit: re.Pattern[str]
    byline: re.Pattern[str]
    meta: re.Pattern[str]
    notice: re.Pattern[str]
    dialogue: re.Pattern[str]
    #: What stands in the middle of every signature: a text without it isn't searched further.
    signature_core: re.Pattern[str]
    signatures: tuple[re.Pattern[str], ...]


@cache
def load_site_phrases() -> SitePhrases:
    """Return the expressions; they are read once."""
    languages = [
        tomllib.loads(file.read_text("utf-8")) for file in sorted(_DATA_FOLDER.glob("*.toml"))
    ]
    label, credit, ands = (
        _join_alternatives(languages, "labels"),
        _join_alternatives(languages, "credits"),
        _collect_words(languages, "and"),
    )
    joint = rf"\s*(?:,|/|&|\+|\b(?:{'|'.join(sorted(ands))})\b)\s*"
    return SitePhrases(
        date_words=_collect_words(languages, "dates"),
        between_names=ands | {"&"},
        openings=_collect_words(languages, "openings"),
        biography_openings=_collect_words(languages, "writer_is"),
        read_more=_compile_pattern(rf"^\W*(?:{_join_alternatives(languages, 'read_more')})\b"),
        read_also=_compile_pattern(
            rf"^\W*(?:{_join_alternatives(languages, 'read_also')})\s*(?::|–|-|→|»|>|$)"
        ),
        label=_compile_pattern(rf"^[(\[]?\s*(?:{label})(?:{joint}(?:{label}))*\s*[:|]"),
        credit=_compile_pattern(
            rf"[.!?\s(](?:{credit})\s*(?::|/|©|by\s|av\s|af\s|von\s)\s*(?:[^.!?]|\b\w\.){{2,60}}[.)]{{0,2}}$"
        ),
        byline=_compile_pattern(rf"^(?:{_join_alternatives(languages, 'by')})\s+(?=\S)"),
        dialogue=_compile_pattern(
            rf"^(?:{_join_alternatives(languages, 'dialogue')})\s?:\s+(?=\S)"
        ),
        meta=_compile_pattern(rf"^\W*(?:{_join_alternatives(languages, 'meta')})"),
        notice=_compile_pattern(rf"^\W*(?:{_join_alternatives(languages, 'notices')})"),
        signature_core=_compile_pattern(
            "|".join(middle for language in languages for _start, middle in language["signed"])
        ),
        signatures=tuple(
            # The last sentence that begins so; the lengths keep it linear.
            _compile_pattern(
                rf"(?:^|(?<=[.!?…»”\"\])]\s)|(?<=\]))(?:{start})\s(?:(?!(?<=[.!?…]\s)(?:{start})\s).){{1,300}}?\s?{middle}\b(?:(?![.!?]\s).){{0,200}}$"
            )
            for language in languages
            for start, middle in language["signed"]
        ),
    )


def _join_alternatives(languages: list[dict[str, Any]], key: str) -> str:
    return "|".join(
        dict.fromkeys(expression for language in languages for expression in language[key])
    )


def _collect_words(languages: list[dict[str, Any]], key: str) -> frozenset[str]:
    return frozenset(word for language in languages for word in language[key].split())


def _compile_pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE | re.DOTALL)
