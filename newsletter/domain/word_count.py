"""How long a text is, in words, in any script."""

import re
from bisect import bisect_right

#: Scripts that put no blanks between words: Chinese and Japanese; Thai, Lao, Burmese, Khmer.
_CJK_RUN = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_SOUTHEAST_ASIAN_RUN = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
#: Characters that read as one word.
_CJK_CHARS_PER_WORD, _SOUTHEAST_ASIAN_CHARS_PER_WORD = 2, 4


def count_words(text: str) -> int:
    """Return the length of a text in words.

    Divided by white space, or by so many characters where a script has none between words.
    """
    if text.isascii() or max(text, default="") < "\u0e00":
        return len(text.split())
    dense, loose = ("".join(script.findall(text)) for script in (_CJK_RUN, _SOUTHEAST_ASIAN_RUN))
    if not dense and not loose:
        return len(text.split())
    others = _SOUTHEAST_ASIAN_RUN.sub(" ", _CJK_RUN.sub(" ", text)).split()
    spelled = sum(any(character.isalnum() for character in word) for word in others)
    return (
        spelled
        + -(-len(dense) // _CJK_CHARS_PER_WORD)
        + -(-len(loose) // _SOUTHEAST_ASIAN_CHARS_PER_WORD)
    )


def truncate_words(text: str, max_words: int) -> str:
    """Return the beginning of a text, of at most so many words; white space is made single.

    A script without blanks is cut anywhere.
    """
    line = " ".join(text.split())
    if count_words(line) <= max_words:
        return line
    spaced = " ".join(line.split()[:max_words])
    if count_words(spaced) <= max_words:
        return spaced
    return line[
        : bisect_right(range(len(line)), max_words, key=lambda end: count_words(line[:end])) - 1
    ].rstrip()
