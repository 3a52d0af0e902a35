"""What words in the columns of address lists mean, of all languages together.

From the table `[list_headers]` of each language's file:

    unsubscribed, manual, bounced, complained
                    a yes under such a header means no letters, for this reason
    consent         a yes under such a header means letters
    negations       words that turn round what follows
    other_channels  telephone, text messages: not letters
    mail            letters
    neutral         dates and counts that have nothing to do with letters: created, opened, birthday
    attributes      what a person or an account is: sex, customer, format
    yes, no         what cells say, also as spreadsheets write true and false

"hold" is a whole word, "block*" the beginning of one, "*spärr*" any part of one: nobody lists all
names that programs give their columns.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from newsletter.language.language_files import read_tables
from newsletter.language.words import collect_words

_WORD = re.compile(r"[^\W_]+")
_CAMEL_CASE_BORDER = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])")
#: Letters that Unicode doesn't take apart.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "þ": "th"})
#: Words that are often written as two, or with a hyphen.
_COMPOUNDS = frozenset(["optout", "optin", "donot", "nomail", "epost"])
#: Characters of a text that are looked at.
_MAX_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WordForms:
    """Words of one meaning: whole ones, beginnings, and parts."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]
    parts: tuple[str, ...]

    def match(self, words: Iterable[str]) -> bool:
        """Return True if one of the words (of `split_words`) has this meaning."""
        return any(
            word in self.whole
            or word.startswith(self.beginnings)
            or any(part in word for part in self.parts)
            for word in words
        )


@cache
def load_word_forms(meaning: str) -> WordForms:
    """Return the words of one key of the table, folded."""
    forms = collect_words(read_tables("list_headers"), meaning)
    return WordForms(
        whole=frozenset(fold_text(form) for form in forms if "*" not in form),
        beginnings=tuple(
            sorted(fold_text(form[:-1]) for form in forms if form[0] != "*" and form[-1] == "*")
        ),
        parts=tuple(sorted(fold_text(form[1:-1]) for form in forms if form[0] == "*")),
    )


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded: "HasLeft" is two, and "opt-out" is one."""
    words: list[str] = []
    for part in _WORD.findall(_CAMEL_CASE_BORDER.sub(" ", text[:_MAX_CHARS])):
        word = fold_text(part)
        if words and words[-1] + word in _COMPOUNDS:
            word = words.pop() + word
        words.append(word)
    return tuple(words)


def fold_text(text: str) -> str:
    """Return a text in small letters without accents: "Spärrad" is "sparrad"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
