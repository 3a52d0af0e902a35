"""Decide where each teaser stands: the lead, cards two by two, and a compact list after the theme's number of cards."""

from dataclasses import dataclass

from newsletter.domain.issue import Issue, Section, Teaser


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A section as it is drawn."""

    section: Section
    lead: Teaser | None = None
    #: The lead stands above the section's heading: it is the letter's, not the section's.
    lead_first: bool = False
    #: Rows of two; an odd last one stands alone.
    rows: tuple[tuple[Teaser, ...], ...] = ()
    listed: tuple[Teaser, ...] = ()


def arrange(issue: Issue, cards: int) -> tuple[Block, ...]:
    """Return the sections of an issue with each teaser in its place, in the order of the file.

    The first teaser of the first section leads. It stands above that section's heading where more follow it and the
    section has no words of its own. At most `cards` cards are drawn in the whole issue, what comes later is listed.
    """
    blocks, left = [], cards
    for index, section in enumerate(issue.sections):
        lead = section.teasers[0] if index == 0 and section.teasers else None
        rest = section.teasers[1:] if lead else section.teasers
        drawn, listed = rest[:left], rest[left:]
        left -= len(drawn)
        blocks.append(
            Block(
                section=section,
                lead=lead,
                lead_first=bool(lead and rest and not section.text.strip()),
                rows=tuple(drawn[at : at + 2] for at in range(0, len(drawn), 2)),
                listed=listed,
            )
        )
    return tuple(blocks)
