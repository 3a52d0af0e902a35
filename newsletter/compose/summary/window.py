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

from newsletter.domain.word_count import count_words
from newsletter.language.cue_phrases import Cues, get_cues
from newsletter.language.sentences import is_whole_sentence, join_sentences, split_sentences
from newsletter.language.stems import extract_stems, is_related_stem
from newsletter.posts.clean import BlockKind, TextBlock
from newsletter.posts.clean.phrases import has_read_more_opening

#: How many sentences a run may start at; more only where none of these will do.
MAX_START_SENTENCES = 10
#: Sentences that are looked at, of a long text.
_MAX_SENTENCES = 120
_ADDRESS = re.compile(r"https?://|www\.|\S@\S", re.IGNORECASE)
#: What a site's own markup leaves behind: shortcodes, template tags, tables, code.
_LEFTOVER_MARKUP = re.compile(
    r"\{\{|\{%|\}\}|%\}|\[/?[a-z_]+[\s=\]]|\]\(|\*\*|``|</?[a-z]|&[a-z]{2,8};|\{#|\||:::|\[\^"
    r"|\$\$|[{}]{2}|^\W*\{|!\[|__\w",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"”“„«»'’‘–—-]\s?\w")
#: "June 27, 2014, from 9:30": a line of facts, whatever ends it.
_DATE_LINE = re.compile(
    r"(?<!\W)\W*+(?:\d{4}-\d\d-\d\d|\d{1,2}\.? [^\W\d]{3,10} \d{4}|[^\W\d]{3,10} \d{1,2},?"
    r" \d{4})\s?[,:;|–—-]"
)
_PROSE = frozenset({BlockKind.paragraph, BlockKind.lead})


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLimits:
    """How long a summary should be, in words.

    The target where whole sentences allow, else from the minimum, and never over the maximum.
    """

    min_words: int
    target_min_words: int
    target_max_words: int
    max_words: int


def to_summary_limits(word_range: tuple[int, int]) -> SummaryLimits:
    """Return the lengths for what the settings ask: 35–50 gives 25, 35, 50 and 60."""
    low, high = word_range
    return SummaryLimits(
        min_words=max(1, low * 5 // 7),
        target_min_words=low,
        target_max_words=high,
        max_words=high * 6 // 5,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSentence:
    """A sentence with its place."""

    text: str
    word_count: int
    #: Of the block that it stands in.
    block_index: int
    #: Grows at every heading, list, quote and picture of code: a run had better not cross it.
    part_index: int
    #: Leans on what stands before it ("Detta", "However").
    is_dangling: bool
    #: Speaks of the page or greets: better not in a run, and never at its beginning.
    is_idle: bool
    #: Leads to the rest of the text, or holds left-over markup.
    is_barred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScoringText:
    """What scoring needs to know of a whole text."""

    sentences: tuple[PlacedSentence, ...]
    stems: tuple[frozenset[str], ...]
    weights: dict[str, float]
    title: frozenset[str]
    language: str
    limits: SummaryLimits


def best_run(
    blocks: Sequence[TextBlock], *, title: str, language: str, limits: SummaryLimits
) -> str:
    """Return the best run of whole sentences, or "" where none is whole and short enough.

    A run that begins with a dangling or an idle sentence is taken only where there is no other; one
    that is too short only where no longer one begins as well.
    """
    sentences = tuple(_split_blocks(blocks, language))[:_MAX_SENTENCES]
    text = _prepare_scoring(sentences, title, language, limits)
    best: tuple[int, int] = (0, 0)
    for starts, allowed in (
        (MAX_START_SENTENCES, _is_good),
        (_MAX_SENTENCES, _is_good),
        (_MAX_SENTENCES, _has_good_start),
        (MAX_START_SENTENCES, _is_on_topic),
        (_MAX_SENTENCES, _is_nonempty),
    ):
        if best[1] and allowed in (_is_on_topic, _is_nonempty):
            break
        candidates = [
            run
            for run in _generate_runs(sentences, starts, limits)
            if allowed(sentences[run[0] : run[1]])
        ]
        found = max(candidates, key=lambda run: (_score_run(run, text), -run[0]), default=(0, 0))
        best = max(best, found, key=lambda run: _count_run_words(sentences[run[0] : run[1]]))
        if _count_run_words(sentences[best[0] : best[1]]) >= limits.min_words:
            break
    return join_sentences(sentence.text for sentence in sentences[best[0] : best[1]])


def _split_blocks(blocks: Sequence[TextBlock], language: str) -> Iterator[PlacedSentence]:
    patterns = get_cues(language)
    part = 0
    for number, block in enumerate(blocks):
        if block.kind not in _PROSE:
            part += 1
            continue
        for sentence in split_sentences(block.text, language):
            yield PlacedSentence(
                text=sentence,
                word_count=count_words(sentence),
                block_index=number,
                part_index=part,
                is_dangling=bool(patterns.dangler.match(sentence)),
                is_idle=_is_idle(sentence, patterns),
                is_barred=has_read_more_opening(sentence)
                or _LEFTOVER_MARKUP.search(sentence) is not None,
            )


def _is_idle(sentence: str, patterns: Cues) -> bool:
    return any(
        pattern.match(sentence) for pattern in (patterns.meta, patterns.greeting, _DATE_LINE)
    )


def _generate_runs(
    sentences: Sequence[PlacedSentence], starts: int, limits: SummaryLimits
) -> Iterator[tuple[int, int]]:
    """Yield every run of whole sentences as (start, end), not over `most` words."""
    for start in range(min(starts, len(sentences))):
        words = 0
        for end in range(start, len(sentences)):
            words += sentences[end].word_count
            if words > limits.max_words or not is_whole_sentence(sentences[end].text):
                break
            if words <= limits.target_max_words or end == start:
                yield start, end + 1


def _count_run_words(run: Sequence[PlacedSentence]) -> int:
    return sum(sentence.word_count for sentence in run)


def _is_good(run: Sequence[PlacedSentence]) -> bool:
    return not run[0].is_dangling and _is_on_topic(run)


def _has_good_start(run: Sequence[PlacedSentence]) -> bool:
    return (
        not run[0].is_dangling
        and not run[0].is_idle
        and not any(sentence.is_barred for sentence in run)
    )


def _is_on_topic(run: Sequence[PlacedSentence]) -> bool:
    return not any(sentence.is_idle or sentence.is_barred for sentence in run)


def _is_nonempty(run: Sequence[PlacedSentence]) -> bool:
    return bool(run)


def _prepare_scoring(
    sentences: Sequence[PlacedSentence], title: str, language: str, limits: SummaryLimits
) -> _ScoringText:
    found = [extract_stems(sentence.text, language) for sentence in sentences]
    counts = Counter(stem for sentence in found for stem in set(sentence))
    return _ScoringText(
        sentences=tuple(sentences),
        stems=tuple(frozenset(sentence) for sentence in found),
        weights={stem: sqrt(count) for stem, count in counts.items()},
        title=frozenset(extract_stems(title, language)),
        language=language,
        limits=limits,
    )


def _score_run(run: tuple[int, int], text: _ScoringText) -> float:
    start, end = run
    chosen = text.sentences[start:end]
    held = frozenset().union(*text.stems[start:end])
    patterns = get_cues(text.language)
    score = _score_length(_count_run_words(chosen), text.limits)
    score -= 0.2 * start
    score += 0.6 * _score_title_overlap(held, text.title)
    score += 0.4 * _score_centrality(held, text.weights)
    score += 0.15 * bool(patterns.cue.match(chosen[0].text))
    score -= 0.15 * bool(start and patterns.soft_dangler.match(chosen[0].text))
    score -= 0.3 * any(_ADDRESS.search(sentence.text) for sentence in chosen)
    score -= 0.25 * bool(_QUOTED.match(chosen[0].text))
    score -= 0.2 * chosen[0].text.rstrip("”\"'’»").endswith("?")
    score -= 0.1 * chosen[-1].text.rstrip("”\"'’»").endswith("?")
    score -= 0.3 * (chosen[-1].part_index - chosen[0].part_index)
    score -= 0.5 * (not _is_balanced(chosen))
    return score


def _is_balanced(chosen: Sequence[PlacedSentence]) -> bool:
    """Return True if every quote and bracket that a run opens ends in it, in any language."""
    text = "".join(sentence.text for sentence in chosen)
    return (
        not sum(map(text.count, '"“”„')) % 2
        and text.count("«") == text.count("»")
        and text.count("(") <= text.count(")")
    )


def _score_length(words: int, limits: SummaryLimits) -> float:
    if limits.target_min_words <= words <= limits.target_max_words:
        return 0.45
    if limits.min_words <= words < limits.target_min_words:
        return 0.0
    if words > limits.target_max_words:
        return -1.0
    return -1.5 + 0.5 * words / limits.min_words


def _score_title_overlap(held: frozenset[str], title: frozenset[str]) -> float:
    if not title:
        return 0.0
    return sum(any(is_related_stem(stem, other) for other in held) for stem in title) / len(title)


def _score_centrality(held: frozenset[str], weights: dict[str, float]) -> float:
    """Cosine between a run's words and the whole text's."""
    if not held or not weights:
        return 0.0
    norm = sqrt(sum(weight * weight for weight in weights.values()))
    return sum(weights[stem] for stem in held) / (norm * sqrt(len(held)))
