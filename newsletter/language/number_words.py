"""Numbers written in letters: "tolv" is 12, and an invented "tolv" is an invented number.

Of each language, from the table `[number_words]` of its file: under each number in digits the words
for it in lower case, and under `ambiguous` those of them that mean something else in a neighbouring
language (Norwegian "to", French "six", Spanish "once"), which don't count.
"""

from collections.abc import Mapping
from functools import cache

from newsletter.language.language_files import read_tables
from newsletter.language.words import collect_words

_AMBIGUOUS_KEY = "ambiguous"


@cache
def get_digits_by_word() -> Mapping[str, str]:
    """Return the number in digits ("12", "million") for each word of any language."""
    tables = read_tables("number_words")
    ambiguous = collect_words(tables, _AMBIGUOUS_KEY)
    return {
        word: digits
        for table in tables
        for digits, words in table.items()
        if digits != _AMBIGUOUS_KEY
        for word in words.split()
        if word not in ambiguous
    }
