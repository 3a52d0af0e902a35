"""The words of a text that carry its meaning, as stems (Snowball).

Of each language, from the table `[stems]` of its file:

    stemmer         the name of its Snowball stemmer
    stop_words      function words of four letters and more; shorter ones are left out anyway
    function_words  words that lead on to another and can't be the last of a sentence
"""

import re
from functools import cache, lru_cache
from typing import Protocol

import snowballstemmer  # type: ignore[import-untyped]  # it has no stubs

from newsletter.language.language_files import read_table, read_tables, to_supported_language
from newsletter.language.words import collect_words, to_word_set

_WORD = re.compile(r"[^\W_]+")
#: Shorter words carry no meaning, numbers aside.
_MIN_STEM_CHARS = 4
#: So long must a stem be to count as a part of a compound.
_MIN_COMPOUND_PART_CHARS = 5


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # snowballstemmer's own name


@cache
def _get_stemmer(language: str) -> _Stemmer:
    stemmer: _Stemmer = snowballstemmer.stemmer(read_table(language, "stems")["stemmer"])
    return stemmer


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    return _get_stemmer(language).stemWord(word)


@cache
def _get_stop_words() -> frozenset[str]:
    """Return every language's stop words: a text may quote another language."""
    return collect_words(read_tables("stems"), "stop_words")


@cache
def _get_function_words(language: str) -> frozenset[str]:
    return to_word_set(read_table(to_supported_language(language), "stems")["function_words"])


def is_function_word(word: str, language: str) -> bool:
    """Return True if a word leads on to another ("och", "the"): no sentence ends with it."""
    return word.lower() in _get_function_words(language)


def extract_stems(text: str, language: str) -> list[str]:
    """Return the stems of a text's content words, in order; numbers stay as they are."""
    key = to_supported_language(language)
    stop_words = _get_stop_words()
    words = (word.lower() for word in _WORD.findall(text))
    return [
        _stem(word, key)
        for word in words
        if (len(word) >= _MIN_STEM_CHARS or word.isdigit()) and word not in stop_words
    ]


def is_related_stem(one: str, other: str) -> bool:
    """Return True if two stems are the same, or parts of one compound.

    "bibliotek" and "biblioteksfilial".
    """
    short, long = sorted((one, other), key=len)
    return one == other or (
        len(short) >= _MIN_COMPOUND_PART_CHARS and (long.startswith(short) or long.endswith(short))
    )
