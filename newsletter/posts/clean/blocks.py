"""HTML into blocks of text: what a summary is made of."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from newsletter.posts.clean import phrases, tree
from newsletter.posts.clean.boilerplate import find_writers, is_biography, is_boilerplate
from newsletter.posts.clean.cleanup import clean_up_text
from newsletter.posts.clean.flatten import RawBlock, flatten_html

#: Paragraphs of at most so many words that don't end as sentences do are headings.
_MAX_HEADING_WORDS = 12
#: Bold paragraphs of more words are an ingress, not a heading.
_MAX_BOLD_HEADING_WORDS = 12


#: "1. ", "2) " before a capital.
_NUMBERING = re.compile(r"(\d{1,2})[.)]\s+(?=[^\W\d_a-zåäöæøéüß])")


class BlockKind(StrEnum):
    """What a block of text is."""

    heading = "heading"
    paragraph = "paragraph"
    #: The text's own summary, marked so by the source (ingress, standfirst), or bold before all
    #: else.
    lead = "lead"
    item = "item"
    quote = "quote"
    code = "code"
    #: What a picture shows.
    caption = "caption"


#: Kinds that hold running text.
PROSE_KINDS = frozenset({BlockKind.paragraph, BlockKind.lead, BlockKind.item, BlockKind.quote})


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A block of text on one line: a heading never joins the sentence that follows."""

    kind: BlockKind
    text: str


def extract_blocks(html: str, *, title: str = "") -> tuple[TextBlock, ...]:
    """Return the blocks of a post in reading order, without furniture.

    `title`: the post's own; a block that repeats it goes. Any text is taken: broken HTML, plain
    text, nothing.
    """
    raws = _strip_signatures(flatten_html(html))
    writers = find_writers(raws)
    kept = _classify_blocks(
        [
            raw
            for raw in _strip_numbering(raws)
            if not is_boilerplate(raw, title) and not is_biography(raw, writers)
        ],
        title,
    )
    if any(block.kind in PROSE_KINDS for block in kept):
        return kept
    # Nothing but links, or a writer's life: better those than nothing.
    return _classify_blocks(
        [raw for raw in raws if not is_boilerplate(replace(raw, linked=0.0), title)], title
    )


def extract_plain_text(html: str) -> str:
    """Return the text of a short piece of HTML on one line: an excerpt, a description.

    Furniture goes where other text is left.
    """
    kept = extract_blocks(html)
    prose = [block.text for block in kept if block.kind in PROSE_KINDS] or [
        block.text for block in kept
    ]
    return " ".join(prose) or phrases.strip_signature(tree.extract_all_text(html))


def _strip_signatures(raws: list[RawBlock]) -> list[RawBlock]:
    kept: list[RawBlock] = []
    for raw in raws:
        text = phrases.strip_signature(raw.text)
        # Links in the signature must not condemn the sentences before it.
        kept.append(raw if text == raw.text else replace(raw, text=text, linked=0.0))
    return [raw for raw in kept if raw.text]


def _strip_numbering(raws: list[RawBlock]) -> list[RawBlock]:
    """Return paragraphs without the numbers that count them ("1. …", "2.

    …"); one alone may be a date ("3. Oktober").
    """
    numbered = [
        (raw, found)
        for raw in raws
        if raw.kind == "paragraph" and (found := _NUMBERING.match(raw.text))
    ]
    if [int(found[1]) for _raw, found in numbered][:2] != [1, 2]:
        return raws
    ends = {id(raw): found.end() for raw, found in numbered}
    return [
        replace(raw, text=raw.text[ends[id(raw)] :]) if id(raw) in ends else raw for raw in raws
    ]


def _classify_blocks(raws: list[RawBlock], title: str) -> tuple[TextBlock, ...]:
    found: list[TextBlock] = []
    first = leading = True
    for raw in raws:
        text = raw.text if raw.kind == "code" else clean_up_text(raw.text, title)
        if found and found[-1].text.endswith(","):
            text = _capitalise(text)  # "Liebe Leute, | seit gestern ist …"
        # Marked so below the text, it is another's.
        kind = _classify_kind(replace(raw, text=text, lead=raw.lead and leading), is_first=first)
        found.append(TextBlock(kind=kind, text=text))
        first = first and kind not in PROSE_KINDS
        leading = leading and (kind is BlockKind.lead or kind not in PROSE_KINDS)
    return tuple(found)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:2].islower() else text


def _classify_kind(raw: RawBlock, *, is_first: bool) -> BlockKind:
    words = len(raw.text.split())
    sentence = phrases.has_sentence_end(raw.text)
    if raw.lead and (sentence or words > _MAX_HEADING_WORDS):
        return BlockKind.lead
    if raw.kind == "heading":
        return BlockKind.heading
    if raw.kind != "paragraph":
        return BlockKind(raw.kind)
    if raw.bold > 0.9:
        if words <= _MAX_BOLD_HEADING_WORDS and not raw.text.endswith("."):
            return BlockKind.heading
        return BlockKind.lead if is_first and words > 8 else BlockKind.paragraph
    if not sentence and words <= _MAX_HEADING_WORDS:
        return BlockKind.heading
    return BlockKind.heading if raw.text.endswith(":") and words <= 6 else BlockKind.paragraph
