"""Which posts of a source are asked for.

Categories, tags, authors, words in the title, as newsletter.toml says.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from newsletter.domain.post import Post, Source
from newsletter.i18n import Phrase


def why_not(post: Post, source: Source) -> Phrase | None:
    """Say why a source isn't asked for a post, or None where it is."""
    has = ", ".join(post.categories) or "–"
    if not is_in_categories(post.categories, source.categories):
        asked = ", ".join(source.categories)
        return Phrase(
            "Not in the categories that its source is asked for ({asked}); it has: {has}",
            asked=asked,
            has=has,
        )
    # Feeds don't tell tags from categories: both are looked for among both.
    if not is_in_categories(post.categories, source.tags):
        return Phrase(
            "Without the tags that its source is asked for ({asked}); it has: {has}",
            asked=", ".join(source.tags),
            has=has,
        )
    if not is_in_categories(post.authors, source.authors):
        who = ", ".join(post.authors) or "–"
        return Phrase(
            "Not by whom its source is asked for ({asked}), but by: {who}",
            asked=", ".join(source.authors),
            who=who,
        )
    if source.include and not find_matching_pattern(post, source.include):
        return Phrase(
            "Nothing of sources.include is in its title or address: {asked}",
            asked=", ".join(source.include),
        )
    found = find_matching_pattern(post, source.exclude)
    if found:
        return Phrase(
            "Its title or address holds “{pattern}”, which sources.exclude leaves out.",
            pattern=found,
        )
    return None


def is_in_categories(categories: Iterable[str], allowed: Sequence[str]) -> bool:
    """Return True if a post with these categories is asked for; asking for none takes all.

    Case doesn't count.
    """
    wanted = {category.strip().casefold() for category in allowed}
    return not wanted or any(category.strip().casefold() in wanted for category in categories)


def find_matching_pattern(post: Post, patterns: Sequence[str]) -> str:
    """Return the first pattern that is in a post's title or address, or "".

    "*" stands for anything, case doesn't count.
    """
    texts = (post.title.casefold(), (post.url or "").casefold())
    return next(
        (
            pattern
            for pattern in patterns
            if any(_compile_pattern(pattern).search(text) for text in texts)
        ),
        "",
    )


@lru_cache(maxsize=1_000)
def _compile_pattern(pattern: str) -> re.Pattern[str]:
    # Between two stars the nearest place will do: nothing is tried twice.
    parts = [re.escape(part) for part in pattern.strip().casefold().split("*") if part]
    return re.compile(
        "".join(f"(?>.*?{part})" if number else part for number, part in enumerate(parts)),
        re.DOTALL,
    )
