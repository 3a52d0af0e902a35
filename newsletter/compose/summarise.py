"""Write the summary of a teaser.

    a hand-written excerpt | a lead | the page's description | the window | what there is

The first that will do; the reason is kept. A summary is plain text on one line, of whole sentences.
"""

import re
from collections.abc import Sequence

from newsletter.compose.excerpts import (
    SHORTEST,
    described,
    ended,
    hand_written,
    is_broken_off,
    is_cut,
    whole_sentences,
    without_tail,
)
from newsletter.compose.sentences import is_whole, join, split
from newsletter.compose.window import Lengths, best_run, lengths
from newsletter.domain.issue import Reason, Summary
from newsletter.domain.words import count_words, first_words
from newsletter.posts.clean import Block, BlockKind

#: No word of any language has so many characters.
_LONGEST_WORD = 300
#: Where a sentence that is too long may be ended: a pause that is more than a comma, in the order
#: of preference.
_PAUSES = (r";\s|；", r"\s[–—]\s", r":\s|：", r",\s|[，、]", r"\s")


def summarise(
    title: str,
    blocks: Sequence[Block],
    *,
    excerpt: str = "",
    description: str = "",
    language: str,
    words: tuple[int, int] = (35, 50),
) -> Summary:
    """Return a summary of a post.

    `words`: its length where whole sentences allow; else it has from 5/7 of the lower number, and
    never over 6/5 of the higher.

    `blocks`: its cleaned text. `excerpt`: what the source gives as its summary, plain text.
    `description`: what its page says of itself. An excerpt that was cut short, where there is no
    text either, is cut back to its last whole sentence; without one the summary is empty and its
    reason `none`.
    """
    wanted = lengths(words)
    blocks = [block for block in blocks if not _is_noise(block.text)]
    written = hand_written(excerpt, blocks, title, language)
    if written:
        return Summary(text=_short(written, language, wanted), reason=Reason.excerpt)
    lead = hand_written(
        " ".join(block.text for block in blocks if block.kind is BlockKind.lead),
        (),
        title,
        language,
    )
    if lead:
        return Summary(text=_short(lead, language, wanted), reason=Reason.lead)
    told = described(description, blocks, title, language)
    if told:
        return Summary(text=_short(told, language, wanted), reason=Reason.description)
    run = best_run(blocks, title=title, language=language, wanted=wanted)
    if count_words(run) >= wanted.least:
        return Summary(text=run, reason=Reason.window)
    rest = _from_excerpt(excerpt, title, language, wanted)
    if count_words(rest) > count_words(run):
        return Summary(text=rest, reason=Reason.excerpt)
    fullest = max((run, _from_other_blocks(blocks, run, title, language, wanted)), key=count_words)
    return Summary(text=fullest, reason=Reason.window if fullest else Reason.none)


def _from_excerpt(excerpt: str, title: str, language: str, wanted: Lengths) -> str:
    """Make the best of an excerpt that isn't a summary by itself: too short, too long, or cut."""
    text = without_tail(excerpt, language)
    cut = is_cut(text, language)
    sentences = whole_sentences(text, language)
    if not sentences:
        return (
            ""
            if cut or not text or text.casefold() == title.casefold()
            else _short(ended(text), language, wanted)
        )
    if not cut and count_words(text) <= wanted.most:
        return ended(text)
    block = Block(kind=BlockKind.paragraph, text=" ".join(sentences))
    return best_run([block], title=title, language=language, wanted=wanted) or _short(
        sentences[0], language, wanted
    )


def _from_other_blocks(
    blocks: Sequence[Block], run: str, title: str, language: str, wanted: Lengths
) -> str:
    """Take the text of lists, quotes, paragraphs without a full stop and headings, for a post that has nothing better."""
    running = {BlockKind.paragraph, BlockKind.lead, BlockKind.quote}
    blocks = _without_ingredients(blocks)
    for kinds in (
        running,
        running | {BlockKind.item},
        {BlockKind.caption},
        {BlockKind.heading},
        {BlockKind.code},
    ):
        chosen = [block.text for block in blocks if block.kind in kinds and _speaks(block.text)]
        texts = [Block(kind=BlockKind.paragraph, text=_uncut(text, language)) for text in chosen]
        found = best_run(texts, title=title, language=language, wanted=wanted)
        if count_words(found) > count_words(run):
            return found
        if texts and not run and not found:
            return ended(_short(split(texts[0].text, language)[0], language, wanted))
    return ""


def _without_ingredients(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without those items of lists that are no sentences, where most are ("3 ägg" before "Vispa äggen.")."""
    items = [block for block in blocks if block.kind is BlockKind.item]
    whole = [block for block in items if is_whole(block.text)]
    return [
        block
        for block in blocks
        if len(whole) * 2 <= len(items) or block in whole or block not in items
    ]


def _uncut(text: str, language: str) -> str:
    """Return a block's text ending as a sentence ends.

    Up to its last whole sentence, or to a comma, where it was cut.
    """
    if not is_broken_off(text):
        return ended(text)
    head = text.rpartition(", ")[0]
    return join(whole_sentences(text, language)) or ended(
        head if count_words(head) >= SHORTEST else text
    )


def _is_noise(text: str) -> bool:
    """Say whether a text holds a word that is none: a key, an encoded picture."""
    return len(text) > _LONGEST_WORD and any(
        len(word) > _LONGEST_WORD and count_words(word) == 1 for word in text.split()
    )


def _speaks(text: str) -> bool:
    return sum(character.isalpha() for character in text) >= 2


def _short(text: str, language: str, wanted: Lengths) -> str:
    """Return a text of at most `most` words.

    Its first whole sentences, or its first sentence ended at a pause.
    """
    kept: list[str] = []
    for sentence in split(text, language):
        if sum(count_words(part) for part in [*kept, sentence]) > wanted.most:
            break
        kept.append(sentence)
    if kept:
        return join(kept)
    head = first_words(text, wanted.high)
    for pause in _PAUSES:
        places = [
            found.start()
            for found in re.finditer(pause, head)
            if count_words(head[: found.start()]) >= wanted.least
        ]
        if places:
            return ended(head[: places[-1]])
    return ended(head)
