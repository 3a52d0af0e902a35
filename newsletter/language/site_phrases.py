"""Words that pages put around an article, of all languages together.

From the table `[site_phrases]` of each language's file:

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
from dataclasses import dataclass
from functools import cache

from newsletter.language.language_files import read_tables
from newsletter.language.words import collect_words, join_alternatives


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
    """Return the expressions; they are compiled once."""
    languages = read_tables("site_phrases")
    label, credit, ands = (
        join_alternatives(languages, "labels"),
        join_alternatives(languages, "credits"),
        collect_words(languages, "and"),
    )
    joint = rf"\s*(?:,|/|&|\+|\b(?:{'|'.join(sorted(ands))})\b)\s*"
    return SitePhrases(
        date_words=collect_words(languages, "dates"),
        between_names=ands | {"&"},
        openings=collect_words(languages, "openings"),
        biography_openings=collect_words(languages, "writer_is"),
        read_more=_compile_pattern(rf"^\W*(?:{join_alternatives(languages, 'read_more')})\b"),
        read_also=_compile_pattern(
            rf"^\W*(?:{join_alternatives(languages, 'read_also')})\s*(?::|–|-|→|»|>|$)"
        ),
        label=_compile_pattern(rf"^[(\[]?\s*(?:{label})(?:{joint}(?:{label}))*\s*[:|]"),
        credit=_compile_pattern(
            rf"[.!?\s(](?:{credit})\s*(?::|/|©|by\s|av\s|af\s|von\s)\s*(?:[^.!?]"
            rf"|\b\w\.){{2,60}}[.)]{{0,2}}$"
        ),
        byline=_compile_pattern(rf"^(?:{join_alternatives(languages, 'by')})\s+(?=\S)"),
        dialogue=_compile_pattern(rf"^(?:{join_alternatives(languages, 'dialogue')})\s?:\s+(?=\S)"),
        meta=_compile_pattern(rf"^\W*(?:{join_alternatives(languages, 'meta')})"),
        notice=_compile_pattern(rf"^\W*(?:{join_alternatives(languages, 'notices')})"),
        signature_core=_compile_pattern(
            "|".join(middle for language in languages for _start, middle in language["signed"])
        ),
        signatures=tuple(
            # The last sentence that begins so; the lengths keep it linear.
            _compile_pattern(
                rf"(?:^|(?<=[.!?…»”\"\])]\s)|(?<=\]))(?:{start})\s(?:(?!(?<=[.!?…]\s)"
                rf"(?:{start})\s).){{1,300}}?\s?{middle}\b(?:(?![.!?]\s).){{0,200}}$"
            )
            for language in languages
            for start, middle in language["signed"]
        ),
    )


def _compile_pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE | re.DOTALL)
