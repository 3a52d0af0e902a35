"""Lists of words, as they stand in code and in the languages' files."""

from collections.abc import Iterable, Mapping
from typing import Any


def to_word_set(text: str) -> frozenset[str]:
    """Return the words of a text, divided by white space."""
    return frozenset(text.split())


def collect_words(tables: Iterable[Mapping[str, Any]], key: str) -> frozenset[str]:
    """Return the words that any of the tables lists under a key."""
    return frozenset(word for table in tables for word in table[key].split())


def join_alternatives(tables: Iterable[Mapping[str, Any]], key: str) -> str:
    """Return one regular expression for those that the tables list under a key, each once."""
    return "|".join(dict.fromkeys(expression for table in tables for expression in table[key]))
