"""Decide where each teaser stands.

The lead, cards two by two, and a compact list after the theme's number of cards.
"""

from dataclasses import dataclass

from newsletter.domain.issue import Issue, Layout, Section, Teaser

#: Bytes of HTML from which later cards become a list by themselves: Gmail hides what is beyond
#: 102,000.
NEAR_CLIP_BYTES = 90_000
#: Bytes that a card takes more than its row in a list, at least; measured with both themes.
_BYTES_SAVED_PER_CARD = 1_800


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLayout:
    """A section as it is drawn."""

    section: Section
    lead: Teaser | None = None
    #: The lead stands above the section's heading: it is the letter's, not the section's.
    lead_first: bool = False
    #: Rows of two; an odd last one stands alone.
    rows: tuple[tuple[Teaser, ...], ...] = ()
    listed: tuple[Teaser, ...] = ()


def arrange(issue: Issue, cards: int, *, max_cards: int | None = None) -> tuple[SectionLayout, ...]:
    """Return the sections of an issue with each teaser in its place, in the order of the file.

    The first teaser of the first section leads. It stands above that section's heading where more
    follow it and the section has no words of its own. At most `cards` cards are drawn in the whole
    issue, what comes later is listed. A section's own layout wins over that; `most`, if given, is
    the number of cards that the size of the letter allows.
    """
    blocks, left = [], cards
    room = len(issue.teasers) if max_cards is None else max_cards
    for index, section in enumerate(issue.sections):
        leads = section.layout is Layout.lead or (
            index == 0 and section.layout in (None, Layout.calendar)
        )
        lead = section.teasers[0] if leads and section.teasers else None
        rest = section.teasers[1:] if lead else section.teasers
        wanted = (
            0
            if section.layout is Layout.list
            else len(rest)
            if section.layout in (Layout.cards, Layout.lead)
            else max(left, 0)
        )
        drawn, listed = rest[: min(wanted, room)], rest[min(wanted, room) :]
        left -= len(drawn)
        room -= len(drawn)
        blocks.append(
            SectionLayout(
                section=section,
                lead=lead,
                lead_first=bool(index == 0 and lead and rest and not section.text.strip()),
                rows=tuple(drawn[at : at + 2] for at in range(0, len(drawn), 2)),
                listed=listed,
            )
        )
    return tuple(blocks)


def collect_picture_widths(
    blocks: tuple[SectionLayout, ...], *, lead_width: int, card_width: int
) -> dict[str, int]:
    """Return each picture's address with twice the width, in pixels, that it is shown in."""
    found: dict[str, int] = {}
    for block in blocks:
        for teaser, width in [
            (block.lead, lead_width),
            *((one, card_width) for row in block.rows for one in row),
        ]:
            if teaser and teaser.picture:
                found[teaser.picture.url] = max(found.get(teaser.picture.url, 0), 2 * width)
    return found


def count_cards(blocks: tuple[SectionLayout, ...]) -> int:
    """Return how many cards there are."""
    return sum(len(row) for block in blocks for row in block.rows)


def reduce_cards(cards: int, html_bytes: int) -> int | None:
    """Return how many cards to try instead where a letter has so many bytes.

    None: it may stay as it is.
    """
    if html_bytes <= NEAR_CLIP_BYTES or not cards:
        return None
    return max(0, cards - -(-(html_bytes - NEAR_CLIP_BYTES) // _BYTES_SAVED_PER_CARD))
