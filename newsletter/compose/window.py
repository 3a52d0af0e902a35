"""The best run of whole sentences in a text: what a teaser says when nobody has written one.

    blocks | sentences | candidates (runs from one of the first ten) | hard rules | score | the best

Contiguous sentences beat scattered ones, and an early start beats everything (docs/decisions.md,
measured on 698 posts).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from newsletter.compose.cues import Cues, cues
from newsletter.compose.sentences import is_whole, join, split
from newsletter.compose.stems import akin, stems
from newsletter.domain.words import count_words
from newsletter.posts.clean import Block, BlockKind
from newsletter.posts.clean.phrases import leads_on

#: How many sentences a run may start at; more only where none of these will do.
STARTS = 10
#: Sentences that are looked at, of a long text.
_LONGEST = 120
_ADDRESS = re.compile(r"https?://|www\.|\S@\S", re.IGNORECASE)
#: What a site's own markup leaves behind: shortcodes, template tags, tables, code.
_LEFTOVER = re.compile(
    r"\{\{|\{%|\}\}|%\}|\[/?[a-z_]+[\s=\]]|\]\(|\*\*|``|</?[a-z]|&[a-z]{2,8};|\{#|\||:::|\[\^|\$\$|[{}]{2}|^\W*\{|!\[|__\w",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"”“„«»'’‘–—-]\s?\w")
#: "June 27, 2014, from 9:30": a line of facts, whatever ends it.
_DATED = re.compile(
    r"\W*(?:\d{4}-\d\d-\d\d|\d{1,2}\.? [^\W\d]{3,10} \d{4}|[^\W\d]{3,10} \d{1,2},?"
    r" \d{4})\s?[,:;|–—-]"
)
_PROSE = frozenset({BlockKind.paragraph, BlockKind.lead})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long a summary should be, in words.

    `low` to `high` where whole sentences allow, else from `least`, and never over `most`.
    """

    least: int
    low: int
    high: int
    most: int


def lengths(words: tuple[int, int]) -> Lengths:
    """Return the lengths for what the settings ask: 35–50 gives 25, 35, 50 and 60."""
    low, high = words
    return Lengths(least=max(1, low * 5 // 7), low=low, high=high, most=high * 6 // 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with its place."""

    text: str
    words: int
    #: Of the block that it stands in.
    block: int
    #: Grows at every heading, list, quote and picture of code: a run had better not cross it.
    part: int
    #: Leans on what stands before it ("Detta", "However").
    dangling: bool
    #: Speaks of the page or greets: better not in a run, and never at its beginning.
    idle: bool
    #: Leads to the rest of the text, or holds left-over markup.
    barred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """What scoring needs to know of a whole text."""

    sentences: tuple[Sentence, ...]
    stems: tuple[frozenset[str], ...]
    weights: dict[str, float]
    title: frozenset[str]
    language: str
    lengths: Lengths


def best_run(blocks: Sequence[Block], *, title: str, language: str, wanted: Lengths) -> str:
    """Return the best run of whole sentences, or "" where no sentence of prose is whole and short enough.

    A run that begins with a dangling or an idle sentence is taken only where there is no other; one
    that is too short only where no longer one begins as well.
    """
    sentences = tuple(_sentences(blocks, language))[:_LONGEST]
    text = _read(sentences, title, language, wanted)
    best: tuple[int, int] = (0, 0)
    for starts, allowed in (
        (STARTS, _is_good),
        (_LONGEST, _is_good),
        (_LONGEST, _begins_well),
        (STARTS, _leans),
        (_LONGEST, _is_any),
    ):
        if best[1] and allowed in (_leans, _is_any):
            break
        candidates = [
            run for run in _runs(sentences, starts, wanted) if allowed(sentences[run[0] : run[1]])
        ]
        found = max(candidates, key=lambda run: (_score(run, text), -run[0]), default=(0, 0))
        best = max(best, found, key=lambda run: _size(sentences[run[0] : run[1]]))
        if _size(sentences[best[0] : best[1]]) >= wanted.least:
            break
    return join(sentence.text for sentence in sentences[best[0] : best[1]])


def _sentences(blocks: Sequence[Block], language: str) -> Iterator[Sentence]:
    patterns = cues(language)
    part = 0
    for number, block in enumerate(blocks):
        if block.kind not in _PROSE:
            part += 1
            continue
        for sentence in split(block.text, language):
            yield Sentence(
                text=sentence,
                words=count_words(sentence),
                block=number,
                part=part,
                dangling=bool(patterns.dangler.match(sentence)),
                idle=_is_idle(sentence, patterns),
                barred=leads_on(sentence) or _LEFTOVER.search(sentence) is not None,
            )


def _is_idle(sentence: str, patterns: Cues) -> bool:
    return any(pattern.match(sentence) for pattern in (patterns.meta, patterns.greeting, _DATED))


def _runs(sentences: Sequence[Sentence], starts: int, wanted: Lengths) -> Iterator[tuple[int, int]]:
    """Yield every run of whole sentences as (start, end), not over `most` words."""
    for start in range(min(starts, len(sentences))):
        words = 0
        for end in range(start, len(sentences)):
            words += sentences[end].words
            if words > wanted.most or not is_whole(sentences[end].text):
                break
            if words <= wanted.high or end == start:
                yield start, end + 1


def _size(run: Sequence[Sentence]) -> int:
    return sum(sentence.words for sentence in run)


def _is_good(run: Sequence[Sentence]) -> bool:
    return not run[0].dangling and _leans(run)


def _begins_well(run: Sequence[Sentence]) -> bool:
    return not run[0].dangling and not run[0].idle and not any(sentence.barred for sentence in run)


def _leans(run: Sequence[Sentence]) -> bool:
    return not any(sentence.idle or sentence.barred for sentence in run)


def _is_any(run: Sequence[Sentence]) -> bool:
    return bool(run)


def _read(sentences: Sequence[Sentence], title: str, language: str, wanted: Lengths) -> _Text:
    found = [stems(sentence.text, language) for sentence in sentences]
    counts = Counter(stem for sentence in found for stem in set(sentence))
    return _Text(
        sentences=tuple(sentences),
        stems=tuple(frozenset(sentence) for sentence in found),
        weights={stem: sqrt(count) for stem, count in counts.items()},
        title=frozenset(stems(title, language)),
        language=language,
        lengths=wanted,
    )


def _score(run: tuple[int, int], text: _Text) -> float:
    start, end = run
    chosen = text.sentences[start:end]
    held = frozenset().union(*text.stems[start:end])
    patterns = cues(text.language)
    score = _length_score(_size(chosen), text.lengths)
    score -= 0.2 * start
    score += 0.6 * _title_share(held, text.title)
    score += 0.4 * _central(held, text.weights)
    score += 0.15 * bool(patterns.cue.match(chosen[0].text))
    score -= 0.15 * bool(start and patterns.soft.match(chosen[0].text))
    score -= 0.3 * any(_ADDRESS.search(sentence.text) for sentence in chosen)
    score -= 0.25 * bool(_QUOTED.match(chosen[0].text))
    score -= 0.2 * chosen[0].text.rstrip("”\"'’»").endswith("?")
    score -= 0.1 * chosen[-1].text.rstrip("”\"'’»").endswith("?")
    score -= 0.3 * (chosen[-1].part - chosen[0].part)
    score -= 0.5 * (not _is_closed(chosen))
    return score


def _is_closed(chosen: Sequence[Sentence]) -> bool:
    """Say whether every quote and bracket that a run opens ends in it, whichever marks a language has."""
    text = "".join(sentence.text for sentence in chosen)
    return (
        not sum(map(text.count, '"“”„')) % 2
        and text.count("«") == text.count("»")
        and text.count("(") <= text.count(")")
    )


def _length_score(words: int, wanted: Lengths) -> float:
    if wanted.low <= words <= wanted.high:
        return 0.45
    if wanted.least <= words < wanted.low:
        return 0.0
    if words > wanted.high:
        return -1.0
    return -1.5 + 0.5 * words / wanted.least


def _title_share(held: frozenset[str], title: frozenset[str]) -> float:
    if not title:
        return 0.0
    return sum(any(akin(stem, other) for other in held) for stem in title) / len(title)


def _central(held: frozenset[str], weights: dict[str, float]) -> float:
    """Cosine between a run's words and the whole text's."""
    if not held or not weights:
        return 0.0
    norm = sqrt(sum(weight * weight for weight in weights.values()))
    return sum(weights[stem] for stem in held) / (norm * sqrt(len(held)))
