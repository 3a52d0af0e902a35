"""Write the summary of a teaser.

    a hand-written excerpt | a lead | the page's description | the window | what there is

The first that will do; the reason is kept. A summary is plain text on one line, of whole sentences.
"""

import re
from collections.abc import Sequence

from newsletter.compose.summary.excerpts import (
    MIN_HAND_WRITTEN_WORDS,
    accept_description,
    accept_excerpt,
    ensure_full_stop,
    extract_whole_sentences,
    has_cut_mark,
    is_cut,
    strip_tail,
)
from newsletter.compose.summary.window import SummaryLimits, best_run, to_summary_limits
from newsletter.domain.issue import Summary, SummaryReason
from newsletter.domain.word_count import count_words, truncate_words
from newsletter.language.sentences import is_whole_sentence, join_sentences, split_sentences
from newsletter.posts.clean import BlockKind, TextBlock

#: No word of any language has so many characters.
_MAX_WORD_CHARS = 300
#: Where a sentence that is too long may be ended: a pause that is more than a comma, in the order
#: of preference.
_PAUSES = (r";\s|；", r"\s[–—]\s", r":\s|：", r",\s|[，、]", r"\s")


def summarise(
    title: str,
    blocks: Sequence[TextBlock],
    *,
    excerpt: str = "",
    description: str = "",
    language: str,
    word_range: tuple[int, int] = (35, 50),
) -> Summary:
    """Return a summary of a post.

    `word_range`: its length where whole sentences allow; else it has from 5/7 of the lower
    number, and never over 6/5 of the higher.

    `blocks`: its cleaned text. `excerpt`: what the source gives as its summary, plain text.
    `description`: what its page says of itself. An excerpt that was cut short, where there is no
    text either, is cut back to its last whole sentence; without one the summary is empty and its
    reason `none`.
    """
    wanted = to_summary_limits(word_range)
    blocks = [block for block in blocks if not _is_noise(block.text)]
    written = accept_excerpt(excerpt, blocks, title, language)
    if written:
        return Summary(
            text=_truncate_to_limits(written, language, wanted), reason=SummaryReason.excerpt
        )
    lead = accept_excerpt(
        " ".join(block.text for block in blocks if block.kind is BlockKind.lead),
        (),
        title,
        language,
    )
    if lead:
        return Summary(text=_truncate_to_limits(lead, language, wanted), reason=SummaryReason.lead)
    told = accept_description(description, blocks, title, language)
    if told:
        return Summary(
            text=_truncate_to_limits(told, language, wanted), reason=SummaryReason.description
        )
    run = best_run(blocks, title=title, language=language, limits=wanted)
    if count_words(run) >= wanted.min_words:
        return Summary(text=run, reason=SummaryReason.window)
    rest = _summarise_excerpt(excerpt, title, language, wanted)
    if count_words(rest) > count_words(run):
        return Summary(text=rest, reason=SummaryReason.excerpt)
    fullest = max(
        (run, _summarise_other_blocks(blocks, run, title, language, wanted)), key=count_words
    )
    return Summary(text=fullest, reason=SummaryReason.window if fullest else SummaryReason.none)


def _summarise_excerpt(excerpt: str, title: str, language: str, limits: SummaryLimits) -> str:
    """Make the best of an excerpt that isn't a summary by itself: too short, too long, or cut."""
    text = strip_tail(excerpt, language)
    cut = is_cut(text, language)
    sentences = extract_whole_sentences(text, language)
    if not sentences:
        return (
            ""
            if cut or not text or text.casefold() == title.casefold()
            else _truncate_to_limits(ensure_full_stop(text), language, limits)
        )
    if not cut and count_words(text) <= limits.max_words:
        return ensure_full_stop(text)
    block = TextBlock(kind=BlockKind.paragraph, text=" ".join(sentences))
    return best_run([block], title=title, language=language, limits=limits) or _truncate_to_limits(
        sentences[0], language, limits
    )


def _summarise_other_blocks(
    blocks: Sequence[TextBlock], run: str, title: str, language: str, limits: SummaryLimits
) -> str:
    """Take the text of a post that has nothing better.

    Of lists, quotes, paragraphs without a full stop, captions, headings.
    """
    running = {BlockKind.paragraph, BlockKind.lead, BlockKind.quote}
    blocks = _drop_ingredients(blocks)
    for kinds in (
        running,
        running | {BlockKind.item},
        {BlockKind.caption},
        {BlockKind.heading},
        {BlockKind.code},
    ):
        chosen = [
            block.text for block in blocks if block.kind in kinds and _has_letters(block.text)
        ]
        texts = [
            TextBlock(kind=BlockKind.paragraph, text=_end_as_sentence(text, language))
            for text in chosen
        ]
        found = best_run(texts, title=title, language=language, limits=limits)
        if count_words(found) > count_words(run):
            return found
        if texts and not run and not found:
            return ensure_full_stop(
                _truncate_to_limits(split_sentences(texts[0].text, language)[0], language, limits)
            )
    return ""


def _drop_ingredients(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """Return the blocks without items of lists that are no sentences, where most items are.

    "3 ägg" before "Vispa äggen."
    """
    items = [block for block in blocks if block.kind is BlockKind.item]
    whole = [block for block in items if is_whole_sentence(block.text)]
    return [
        block
        for block in blocks
        if len(whole) * 2 <= len(items) or block in whole or block not in items
    ]


def _end_as_sentence(text: str, language: str) -> str:
    """Return a block's text ending as a sentence ends.

    Up to its last whole sentence, or to a comma, where it was cut.
    """
    if not has_cut_mark(text):
        return ensure_full_stop(text)
    head = text.rpartition(", ")[0]
    return join_sentences(extract_whole_sentences(text, language)) or ensure_full_stop(
        head if count_words(head) >= MIN_HAND_WRITTEN_WORDS else text
    )


def _is_noise(text: str) -> bool:
    """Return True if a text holds a word that is none: a key, an encoded picture."""
    return len(text) > _MAX_WORD_CHARS and any(
        len(word) > _MAX_WORD_CHARS and count_words(word) == 1 for word in text.split()
    )


def _has_letters(text: str) -> bool:
    return sum(character.isalpha() for character in text) >= 2


def _truncate_to_limits(text: str, language: str, limits: SummaryLimits) -> str:
    """Return a text of at most `most` words.

    Its first whole sentences, or its first sentence ended at a pause.
    """
    kept: list[str] = []
    for sentence in split_sentences(text, language):
        if sum(count_words(part) for part in [*kept, sentence]) > limits.max_words:
            break
        kept.append(sentence)
    if kept:
        return join_sentences(kept)
    head = truncate_words(text, limits.target_max_words)
    for pause in _PAUSES:
        places = [
            found.start()
            for found in re.finditer(pause, head)
            if count_words(head[: found.start()]) >= limits.min_words
        ]
        if places:
            return ensure_full_stop(head[: places[-1]])
    return ensure_full_stop(head)
