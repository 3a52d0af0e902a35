"""Words that a full stop belongs to, and what else tells where a sentence ends.

Of each language, from the table `[abbreviations]` of its file; words in lower case, without their
last full stop. Abbreviations of several short parts ("t.ex.", "z.B.") and of consonants only
("Dnr.") need no list.

    never_end_sentence    a sentence never ends with them
    before_number         ordinary words as well ("bil.", "no."): they count before a digit only
    titles                they count when capitalised ("Gen.")
    may_end_sentence      a sentence ends where a starter follows ("in the U.S. The plan …")
    sentence_starters     words that often begin a sentence
    capital_words         capitals that are words by themselves: "So do I."
    nouns_before_letter   they name a thing by a letter: "hus B.", "hepatitis C."
    has_dotted_ordinals   "am 4. Juni": a number with a full stop is an ordinal
"""

from dataclasses import dataclass
from functools import cache

from newsletter.language.language_files import read_table, read_tables, to_supported_language
from newsletter.language.words import collect_words, to_word_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviations:
    """One language's lists."""

    never_end_sentence: frozenset[str]
    before_number: frozenset[str]
    titles: frozenset[str]
    may_end_sentence: frozenset[str]
    sentence_starters: frozenset[str]
    has_dotted_ordinals: bool
    capital_words: frozenset[str]


@cache
def get_abbreviations(language: str) -> Abbreviations:
    """Return a language's lists ("sv", "sv-FI"); an unknown language gets the English ones."""
    table = read_table(to_supported_language(language), "abbreviations")
    return Abbreviations(
        never_end_sentence=to_word_set(table["never_end_sentence"]),
        before_number=to_word_set(table["before_number"]),
        titles=to_word_set(table["titles"]),
        may_end_sentence=to_word_set(table["may_end_sentence"]),
        sentence_starters=to_word_set(table["sentence_starters"]),
        has_dotted_ordinals=table["has_dotted_ordinals"],
        capital_words=to_word_set(table["capital_words"]),
    )


@cache
def get_nouns_before_letter() -> frozenset[str]:
    """Return every language's nouns that name a thing by a letter ("hus", "vitamin")."""
    return collect_words(read_tables("abbreviations"), "nouns_before_letter")
