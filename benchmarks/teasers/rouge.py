"""ROUGE-1, -2 and -L with a Unicode tokenizer (rouge-score's own drops å, ä and ö)."""

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")


def tokenize(text: str) -> list[str]:
    """Return the words of a text, lower case, in any script."""
    return _WORD.findall(text.lower())


def compute_mean_f1(text: str, reference: str) -> float:
    """Return the mean of ROUGE-1, -2 and -L (F1), 0 to 1."""
    one, other = tokenize(text), tokenize(reference)
    return (
        _score_ngrams(one, other, 1)
        + _score_ngrams(one, other, 2)
        + _score_longest_common(one, other)
    ) / 3


def _compute_f1(common: int, one: int, other: int) -> float:
    return 2 * common / (one + other) if one + other else 0.0


def _score_ngrams(one: Sequence[str], other: Sequence[str], size: int) -> float:
    first, second = (
        Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
        for words in (one, other)
    )
    return _compute_f1((first & second).total(), first.total(), second.total())


def _score_longest_common(one: Sequence[str], other: Sequence[str]) -> float:
    row = [0] * (len(other) + 1)
    for word in one:
        left = 0
        for at, there in enumerate(other, 1):
            left, row[at] = row[at], left + 1 if word == there else max(row[at], row[at - 1])
    return _compute_f1(row[-1], len(one), len(other))
