"""What a language model has written is let through only where the article says it too.

    answer | unwrapped | length, form, language | numbers | names | words → what is wrong with it, for the model to mend

Measured: an invented amount is found in 99 per cent, one changed digit in 95, a swapped name in 84,
a negation never; so a person is told which text a machine wrote.
"""

import re
from collections.abc import Iterator

from newsletter.compose.number_words import NUMBERS
from newsletter.compose.sentences import is_whole, split
from newsletter.compose.stems import akin, is_empty, stems
from newsletter.domain.words import count_words
from newsletter.i18n import Phrase

#: Words that a summary may have, where 35 to 50 are wanted.
SHORTEST, LONGEST = 25, 55
#: So much of what it says must be words of the article.
_SHARED = 0.55
_LANGUAGES = ("sv", "en", "de", "no", "da", "nl", "fi", "fr", "es")
#: How many of its function words must be of the right language, beside the language that fits best.
_FITTING = 0.75
_NUMBER = re.compile(r"\d+(?:[.,:/\u00a0\u202f '’–-]\d+)*")
_GROUPS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f '’]\d{3})+\Z")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MARKUP = re.compile(
    r"</?[a-zA-Z]|\*\*|__|`|\]\(|https?://|^\s*(?:[-*#>•]|\d+[.)])\s", re.MULTILINE
)
_FENCE = re.compile(r"\A\s*```[a-z]*\s*(.*?)\s*```\s*\Z", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_LABEL = re.compile(
    r"\A(?:sammanfattning|summary|teaser|ingress|zusammenfassung|résumé|resumen)\s*:\s*",
    re.IGNORECASE,
)


def unwrapped(answer: str) -> str:
    """Return an answer without what models wrap it in.

    Thoughts, a code fence, quotation marks, "Summary:".
    """
    text = _THOUGHT.sub("", answer)
    fenced = _FENCE.match(text)
    text = _LABEL.sub("", (fenced[1] if fenced else text).strip())
    for opening, closing in (('"', '"'), ("“", "”"), ("”", "”"), ("«", "»"), ("»", "«")):
        if (
            text.startswith(opening)
            and text.endswith(closing)
            and len(text) > 1
            and opening not in text[1:-1]
        ):
            text = text[1:-1]
    return text.strip()


def allowed(words: tuple[int, int]) -> tuple[int, int]:
    """Return how many words a summary may have where so many are wanted: 25 to 55 for 35 to 50."""
    low, high = words
    return max(1, low * SHORTEST // 35), high * LONGEST // 50


def problems(
    summary: str,
    *,
    title: str,
    text: str,
    language: str,
    lengths: tuple[int, int] = (SHORTEST, LONGEST),
) -> tuple[Phrase, ...]:
    """Return what is wrong with a summary of an article; nothing: it may be shown.

    `lengths`: words at least and at most.
    """
    source = f"{title}\n{text}"
    found = [*_of_form(summary, lengths), *_of_language(summary, language)]
    if not found:
        found = [
            *_of_numbers(summary, source),
            *_of_names(summary, source, language),
            *_of_words(summary, source, language),
        ]
    return tuple(found)


def _of_form(summary: str, lengths: tuple[int, int]) -> Iterator[Phrase]:
    words, (least, most) = count_words(summary), lengths
    if not least <= words <= most:
        yield Phrase(
            "It has {words} words; it must have {least} to {most}.",
            words=words,
            least=least,
            most=most,
        )
    if _MARKUP.search(summary) or "\n" in summary:
        yield Phrase("It must be plain text on one line, without markup, lists or links.")
    if not is_whole(summary):
        yield Phrase("It must end with a whole sentence.")


def _of_language(summary: str, language: str) -> Iterator[Phrase]:
    words = [word.lower() for word in _WORD.findall(summary)]
    own = _known(language)
    fits = {name: sum(is_empty(word, name) for word in words) for name in _LANGUAGES}
    if own in fits and fits[own] < _FITTING * max(fits.values()):
        yield Phrase(
            "It must be written in the language of the article ({language}).", language=language
        )


def _of_numbers(summary: str, source: str) -> Iterator[Phrase]:
    there = _numbers(source) | {NUMBERS[word] for word in _lower_words(source) if word in NUMBERS}
    for said in _NUMBER.findall(summary):
        if _number(said) not in there:
            yield Phrase("The article doesn't say the number “{number}”.", number=said)
    words = _lower_words(source)
    for word in _lower_words(summary):
        if NUMBERS.get(word) and word not in words and NUMBERS[word] not in there:
            yield Phrase("The article doesn't say the number “{number}”.", number=word)


def _numbers(source: str) -> set[str]:
    found: set[str] = set()
    for said in _NUMBER.findall(source):
        found.add(_number(said))
        # The parts of a date or a time are numbers too; those of 1 000 or 1,5 are not.
        if not _GROUPS.match(said) and not re.fullmatch(r"\d+[.,]\d+", said):
            found.update(_number(part) for part in re.findall(r"\d+", said))
            found.update(_number(part) for part in re.findall(r"\d+[.,]\d+", said))
    return found


def _number(said: str) -> str:
    if _GROUPS.match(said):
        return re.sub(r"\D", "", said)
    plain = said.replace(",", ".")
    return plain.lstrip("0") or "0" if plain.isdigit() else plain


def _of_names(summary: str, source: str, language: str) -> Iterator[Phrase]:
    there = _name_forms(source, language)
    for sentence in split(summary, language):
        words = [(found[0], found.start()) for found in _WORD.finditer(sentence)]
        for number, (word, _place) in enumerate(words):
            following = words[number + 1][0] if number + 1 < len(words) else ""
            before = words[number - 1][0] if number else ""
            if _is_name(word, before, following, language) and not _forms(word, language) & there:
                yield Phrase("The article doesn't name “{name}”.", name=word)


def _is_name(word: str, before: str, following: str, language: str) -> bool:
    """Say whether a word is a name: a capital inside a sentence, or several together.

    In German every noun has a capital.
    """
    if not word[0].isupper():
        return False
    inner = any(letter.isupper() for letter in word[1:])
    several = following[:1].isupper() or before[:1].isupper()
    if _known(language) == "de":
        return inner
    return bool(before) or inner or (several and not is_empty(word.lower(), language))


def _name_forms(source: str, language: str) -> set[str]:
    return {form for word in set(_WORD.findall(source)) for form in _forms(word, language)}


def _forms(word: str, language: str) -> set[str]:
    """Return how a name may be written otherwise: without genitive, as a stem, in parts."""
    lower = word.casefold()
    bare = re.sub(r"(?:['’]s|s['’]|['’])\Z", "", lower)
    forms = {lower, bare, bare.removesuffix("s"), *bare.split("-"), *lower.split("-")}
    forms |= {stem for form in tuple(forms) for stem in stems(form, language)}
    return {lower, *(form for form in forms if len(form) > 1)}


def _of_words(summary: str, source: str, language: str) -> Iterator[Phrase]:
    there = set(stems(source, language))
    said = [stem for stem in stems(summary, language) if not stem.isdigit()]
    shared = sum(stem in there or any(akin(stem, other) for other in there) for stem in said)
    if said and shared < _SHARED * len(said):
        yield Phrase("It must stay closer to the words of the article.")


def _lower_words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _known(language: str) -> str:
    short = language.split("-", maxsplit=1)[0].lower()
    return "no" if short in ("nb", "nn") else short
