"""The summaries that a post could have, from short to long, and which of them a teaser shows.

excerpt or lead | the best run of whole sentences of each length | runs that begin as the summary of now does
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from newsletter.compose.draft import markdown
from newsletter.compose.issue_writer import fingerprint
from newsletter.compose.lines import one_line
from newsletter.compose.sentences import is_whole, join, split
from newsletter.compose.summarise import summarise
from newsletter.compose.window import Lengths, best_run, lengths
from newsletter.domain.issue import Reason, Teaser
from newsletter.domain.post import Post
from newsletter.domain.words import count_words
from newsletter.posts.clean import Block, BlockKind, blocks, plain

__all__ = ["Origin", "Summaries", "summaries"]

#: Words between the lengths that a best run is looked for at.
STEP = 5
_PROSE = frozenset({BlockKind.paragraph, BlockKind.lead})


class Origin(StrEnum):
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


_ORIGINS = {
    Reason.excerpt: Origin.excerpt,
    Reason.description: Origin.description,
    Reason.lead: Origin.lead,
    Reason.window: Origin.sentences,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summaries:
    """What can be said of a teaser's summary; texts are Markdown."""

    origin: Origin
    #: The next shorter and the next longer one within the bounds; "" where there is none.
    shorter: str = ""
    longer: str = ""
    #: What compose would write now.
    ours: str = ""


def summaries(
    teaser: Teaser,
    post: Post | None,
    *,
    language: str,
    words: tuple[int, int],
    machine: Collection[str] = (),
) -> Summaries:
    """Say where a teaser's summary comes from, and which ones its post offers beside it.

    `machine`: what a language model has written, plain. `words`: as for `summarise`; what is
    offered has from 5/7 of the lower to 6/5 of the higher (35–50: 25–60 words).
    """
    untouched = teaser.fingerprint is not None and fingerprint(teaser.summary) == teaser.fingerprint
    is_machines = untouched and any(
        fingerprint(markdown(text)) == teaser.fingerprint for text in machine
    )
    if post is None:
        if is_machines:
            return Summaries(origin=Origin.model)
        return Summaries(
            origin=(
                Origin.former
                if untouched and teaser.summary
                else Origin.person
                if teaser.summary
                else Origin.none
            )
        )
    wanted = lengths(words)
    title, spoken = one_line(post.title), post.language or language
    body = blocks(post.body, title=title)
    excerpt = plain(post.excerpt) if post.excerpt else ""
    description = plain(post.description) if post.description else ""
    ours = summarise(
        title, body, excerpt=excerpt, description=description, language=spoken, words=words
    )
    offered = _offered(teaser, body, title, spoken, wanted)
    texts = {
        fingerprint(text): text
        for text in (markdown(one) for one in (*offered, *([ours.text] if ours.text else [])))
    }
    now = fingerprint(teaser.summary)
    if not teaser.summary:
        origin = Origin.none
    elif is_machines:
        origin = Origin.model
    elif now == fingerprint(markdown(ours.text)):
        origin = _ORIGINS.get(ours.reason, Origin.sentences)
    elif untouched:
        origin = Origin.former
    else:
        origin = Origin.chosen if now in texts else Origin.person
    count = count_words(teaser.summary)
    others = sorted((text for key, text in texts.items() if key != now), key=count_words)
    # Of several of one length the one that begins as the summary of now does: she sees the same
    # text grow and shrink.
    shorter = [text for text in others if count_words(text) < count]
    longer = [text for text in others if count_words(text) > count]
    return Summaries(
        origin=origin,
        shorter=_nearest(shorter, teaser.summary, longest=True),
        longer=_nearest(longer, teaser.summary, longest=False),
        ours=markdown(ours.text),
    )


def _nearest(texts: Sequence[str], now: str, *, longest: bool) -> str:
    alike = [text for text in texts if _begins_alike(text, now)] or list(texts)
    return (alike[-1] if longest else alike[0]) if alike else ""


def _begins_alike(one: str, other: str) -> bool:
    """Say whether two texts have the same first words.

    As many as half of the shorter, at most eight.
    """
    ours, hers = one.split(), other.split()
    count = max(1, min(8, min(len(ours), len(hers)) // 2))
    return ours[:count] == hers[:count]


def _offered(
    teaser: Teaser, body: Sequence[Block], title: str, language: str, wanted: Lengths
) -> Iterator[str]:
    """Yield plain texts of whole sentences within the bounds."""
    for high in range(wanted.least + STEP, wanted.most + STEP, STEP):
        exact = Lengths(
            least=high - STEP,
            low=high - STEP,
            high=min(high, wanted.most),
            most=min(high, wanted.most),
        )
        run = best_run(body, title=title, language=language, wanted=exact)
        if wanted.least <= count_words(run) <= wanted.most:
            yield run
    sentences = [
        sentence
        for block in body
        if block.kind in _PROSE
        for sentence in split(block.text, language)
    ]
    for start, sentence in enumerate(sentences):
        if not _begins_alike(markdown(sentence), teaser.summary):
            continue
        for end in range(start + 1, len(sentences) + 1):
            run = join(sentences[start:end])
            if count_words(run) > wanted.most or not is_whole(sentences[end - 1]):
                break
            if count_words(run) >= wanted.least:
                yield run
