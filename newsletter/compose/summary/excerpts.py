"""Tell a summary that a person wrote from one that a content system cut.

Of 1,383 entries in published feeds 50 held the first words of their own content, and 17 a text that
ends in […].
"""

import re
from collections.abc import Iterable, Sequence

from newsletter.domain.word_count import count_words
from newsletter.language.cue_phrases import get_cms_signature, get_read_more
from newsletter.language.sentences import choose_full_stop, is_whole_sentence, split_sentences
from newsletter.language.stems import is_function_word
from newsletter.posts.clean import TextBlock

#: Hand-written summaries have so many words.
MIN_HAND_WRITTEN_WORDS, MAX_HAND_WRITTEN_WORDS = 12, 60
#: How far into a text an excerpt may begin that was cut from it, in words.
_MAX_CUT_OFFSET_WORDS = 150
_CUT_MARK = re.compile(
    r"(?:\[\s*(?:…|\.{2,}|&hellip;)\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{2,}|&hellip;)\W*\Z"
)
_WORD = re.compile(r"[^\W_]+")


def accept_excerpt(excerpt: str, blocks: Sequence[TextBlock], title: str, language: str) -> str:
    """Return an excerpt that passes the tests, ending as a sentence ends, or "".

    Refused: under 12 or over 60 words, cut ("…", or in the middle of a sentence), the beginning of
    the text itself, the title again, and what a content system adds ("dök först upp på").
    """
    text = " ".join(excerpt.split())
    if get_cms_signature().search(text) or get_read_more().search(text) or is_cut(text, language):
        return ""
    if (
        not MIN_HAND_WRITTEN_WORDS <= count_words(text) <= MAX_HAND_WRITTEN_WORDS
        or _is_beginning(text, blocks)
        or _split_words(text) == _split_words(title)
    ):
        return ""
    return ensure_full_stop(text)


def accept_description(
    description: str, blocks: Sequence[TextBlock], title: str, language: str
) -> str:
    """Return what a page says of itself, where a person has written it.

    "" for the first words of the text, cut at so many characters.
    """
    text = accept_excerpt(description, blocks, title, language)
    whole = is_whole_sentence(" ".join(description.split()))
    return text if whole or not _is_beginning(" ".join(description.split()[:-1]), blocks) else ""


def has_cut_mark(text: str) -> bool:
    """Return True if a text ends in "…" or […]."""
    return _CUT_MARK.search(text) is not None


def is_cut(text: str, language: str) -> bool:
    """Return True if a text was cut short.

    It ends in […], "…", a comma, or a word that can't be the last ("och", "the").
    """
    if has_cut_mark(text):
        return True
    if is_whole_sentence(text) or not text:
        return False
    last = text.rsplit(maxsplit=1)[-1]
    if not last[-1].isalnum() and last[-1] not in "\"'”’»)]%":
        return True
    return last.islower() and is_function_word(last, language)


def strip_tail(text: str, language: str) -> str:
    """Return a text without an invitation to read on and a content system's signature."""
    text = " ".join(text.split())
    if get_cms_signature().search(text):
        text = " ".join(
            sentence
            for sentence in split_sentences(text, language)
            if not get_cms_signature().search(sentence)
        )
    return get_read_more().sub("", text).strip()


def extract_whole_sentences(text: str, language: str) -> list[str]:
    """Return the sentences of a text up to where it was cut."""
    cut = is_cut(text, language)
    sentences = split_sentences(_CUT_MARK.sub("", text) + ("…" if cut else ""), language)
    while sentences and not is_whole_sentence(sentences[-1]):
        sentences.pop()
    return sentences


def ensure_full_stop(text: str) -> str:
    """Return a text with a full stop at its end, where it has no mark that ends a sentence."""
    if is_whole_sentence(text):
        return text
    text = text.rstrip(" ,;:–—-…")
    if is_whole_sentence(text):
        return text
    text = text.rstrip(" .,;:–—-…")
    return text + choose_full_stop(text) if text else ""


def _is_beginning(text: str, blocks: Sequence[TextBlock]) -> bool:
    """Return True if an excerpt is cut from the first words of the text, headings or no."""
    excerpt = " ".join(_split_words(text))
    everything = " ".join(_collect_first_words(block.text for block in blocks))
    prose = " ".join(
        _collect_first_words(block.text for block in blocks if block.kind != "heading")
    )
    return bool(excerpt) and any(f" {excerpt} " in f" {body} " for body in (everything, prose))


def _collect_first_words(texts: Iterable[str]) -> list[str]:
    words: list[str] = []
    for text in texts:
        words.extend(_split_words(text))
        if len(words) > _MAX_CUT_OFFSET_WORDS + MAX_HAND_WRITTEN_WORDS:
            break
    return words[: _MAX_CUT_OFFSET_WORDS + MAX_HAND_WRITTEN_WORDS]


def _split_words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
