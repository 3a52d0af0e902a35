"""The summaries that a post could have, from short to long, and which of them a teaser shows.

excerpt or lead | the best run of whole sentences of each length
| runs that begin as the summary of now does
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from newsletter.compose.issue_file.syntax import to_markdown, to_one_line
from newsletter.compose.issue_file.write import compute_fingerprint
from newsletter.compose.summary.summarise import summarise
from newsletter.compose.summary.window import SummaryLimits, best_run, to_summary_limits
from newsletter.domain.issue import Summary, SummaryReason, Teaser
from newsletter.domain.post import Post
from newsletter.domain.word_count import count_words
from newsletter.language.sentences import is_whole_sentence, join_sentences, split_sentences
from newsletter.posts.clean import BlockKind, TextBlock, extract_blocks, extract_plain_text

__all__ = ["SummaryAlternatives", "SummaryOrigin", "find_alternatives"]

#: Words between the lengths that a best run is looked for at.
LENGTH_STEP_WORDS = 5
_PROSE = frozenset({BlockKind.paragraph, BlockKind.lead})


class SummaryOrigin(StrEnum):
    """Where the words come from that a teaser shows."""

    excerpt = "excerpt"
    lead = "lead"
    description = "description"
    #: A language model wrote it, and nobody has changed it.
    model = "model"
    sentences = "sentences"
    #: Sentences of the post that a person chose instead of compose's.
    chosen = "chosen"
    person = "person"
    #: Compose wrote them, from a text that the post no longer has.
    former = "former"
    none = "none"


_ORIGIN_BY_REASON = {
    SummaryReason.excerpt: SummaryOrigin.excerpt,
    SummaryReason.description: SummaryOrigin.description,
    SummaryReason.lead: SummaryOrigin.lead,
    SummaryReason.window: SummaryOrigin.sentences,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryAlternatives:
    """What can be said of a teaser's summary; texts are Markdown."""

    origin: SummaryOrigin
    #: The next shorter and the next longer one within the bounds; "" where there is none.
    shorter: str = ""
    longer: str = ""
    #: What compose would write now.
    automatic: str = ""


def find_alternatives(
    teaser: Teaser,
    post: Post | None,
    *,
    language: str,
    word_range: tuple[int, int],
    model_summaries: Collection[str] = (),
) -> SummaryAlternatives:
    """Say where a teaser's summary comes from, and which ones its post offers beside it.

    `model_summaries`: what a language model has written, plain. `word_range`: as for `summarise`;
    what is offered has from 5/7 of the lower to 6/5 of the higher (35–50: 25–60 words).
    """
    untouched = (
        teaser.fingerprint is not None and compute_fingerprint(teaser.summary) == teaser.fingerprint
    )
    is_machines = untouched and any(
        compute_fingerprint(to_markdown(text)) == teaser.fingerprint for text in model_summaries
    )
    if post is None:
        return SummaryAlternatives(
            origin=_find_origin(teaser, None, (), untouched=untouched, is_machines=is_machines)
        )
    wanted = to_summary_limits(word_range)
    title, spoken = to_one_line(post.title), post.language or language
    body = extract_blocks(post.body, title=title)
    ours = summarise(
        title,
        body,
        excerpt=extract_plain_text(post.excerpt) if post.excerpt else "",
        description=extract_plain_text(post.description) if post.description else "",
        language=spoken,
        word_range=word_range,
    )
    offered = _generate_alternatives(teaser, body, title, spoken, wanted)
    texts = {
        compute_fingerprint(text): text
        for text in (to_markdown(one) for one in (*offered, *([ours.text] if ours.text else [])))
    }
    shorter, longer = _divide_by_length(teaser.summary, texts)
    return SummaryAlternatives(
        origin=_find_origin(teaser, ours, texts, untouched=untouched, is_machines=is_machines),
        shorter=_choose_nearest(shorter, teaser.summary, prefer_longest=True),
        longer=_choose_nearest(longer, teaser.summary, prefer_longest=False),
        automatic=to_markdown(ours.text),
    )


def _find_origin(
    teaser: Teaser,
    ours: Summary | None,
    offered: Collection[str],
    *,
    untouched: bool,
    is_machines: bool,
) -> SummaryOrigin:
    """Return where a teaser's summary comes from.

    `ours`: what compose would write now; None: the post is gone. `offered`: fingerprints of what
    the post offers. `untouched`: nobody has changed it; `is_machines`: a language model wrote it.
    """
    if is_machines and (teaser.summary or ours is None):
        return SummaryOrigin.model
    if not teaser.summary:
        return SummaryOrigin.none
    now = compute_fingerprint(teaser.summary)
    if ours is not None and now == compute_fingerprint(to_markdown(ours.text)):
        return _ORIGIN_BY_REASON.get(ours.reason, SummaryOrigin.sentences)
    if untouched:
        return SummaryOrigin.former
    return SummaryOrigin.chosen if now in offered else SummaryOrigin.person


def _divide_by_length(summary: str, texts: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the texts that are shorter than a summary and those that are longer, by length."""
    count, now = count_words(summary), compute_fingerprint(summary)
    others = sorted((text for key, text in texts.items() if key != now), key=count_words)
    return (
        [text for text in others if count_words(text) < count],
        [text for text in others if count_words(text) > count],
    )


def _choose_nearest(texts: Sequence[str], current: str, *, prefer_longest: bool) -> str:
    """Return, of several of one length, the one that begins as the summary of now does.

    One sees the same text grow and shrink.
    """
    alike = [text for text in texts if _has_same_opening(text, current)] or list(texts)
    return (alike[-1] if prefer_longest else alike[0]) if alike else ""


def _has_same_opening(one: str, other: str) -> bool:
    """Return True if two texts have the same first words.

    As many as half of the shorter, at most eight.
    """
    words, others = one.split(), other.split()
    count = max(1, min(8, min(len(words), len(others)) // 2))
    return words[:count] == others[:count]


def _generate_alternatives(
    teaser: Teaser, body: Sequence[TextBlock], title: str, language: str, limits: SummaryLimits
) -> Iterator[str]:
    """Yield plain texts of whole sentences within the bounds."""
    for high in range(
        limits.min_words + LENGTH_STEP_WORDS,
        limits.max_words + LENGTH_STEP_WORDS,
        LENGTH_STEP_WORDS,
    ):
        exact = SummaryLimits(
            min_words=high - LENGTH_STEP_WORDS,
            target_min_words=high - LENGTH_STEP_WORDS,
            target_max_words=min(high, limits.max_words),
            max_words=min(high, limits.max_words),
        )
        run = best_run(body, title=title, language=language, limits=exact)
        if limits.min_words <= count_words(run) <= limits.max_words:
            yield run
    sentences = [
        sentence
        for block in body
        if block.kind in _PROSE
        for sentence in split_sentences(block.text, language)
    ]
    for start, sentence in enumerate(sentences):
        if not _has_same_opening(to_markdown(sentence), teaser.summary):
            continue
        for end in range(start + 1, len(sentences) + 1):
            run = join_sentences(sentences[start:end])
            if count_words(run) > limits.max_words or not is_whole_sentence(sentences[end - 1]):
                break
            if count_words(run) >= limits.min_words:
                yield run
