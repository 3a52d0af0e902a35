"""Clean what a source says: HTML into blocks of text, addresses into safe ones.

    tree (lxml: what is never prose goes) | flatten (elements → raw blocks)
        | boilerplate (bylines, dates, "Läs mer" go) → blocks

Text is all that leaves this folder, so no HTML sanitiser is asked: a walk over the tree can't hand
on a tag.
"""

from newsletter.posts.clean.blocks import (
    PROSE_KINDS,
    BlockKind,
    TextBlock,
    extract_blocks,
    extract_plain_text,
)
from newsletter.posts.clean.safe_url import sanitise_url

__all__ = [
    "PROSE_KINDS",
    "BlockKind",
    "TextBlock",
    "extract_blocks",
    "extract_plain_text",
    "sanitise_url",
]
