"""Which posts of a source are asked for."""

from collections.abc import Callable

import pytest

from newsletter.compose.picking.filters import find_matching_pattern, is_in_categories, why_not
from newsletter.domain.post import Post, Source

URL = "https://blogg.example.org/feed/"
Make = Callable[..., Post]


@pytest.mark.parametrize(
    ("has", "asked", "is_wanted"),
    [
        ((), (), True),
        (("Kultur",), (), True),
        ((), ("kultur",), False),
        (("Kultur",), ("kultur",), True),
        ((" kultur ",), ("KULTUR ",), True),
        (("Vård", "Kultur"), ("kultur",), True),
        (("Kulturhus",), ("kultur",), False),
        (("Straße",), ("STRASSE",), True),
        (("a",), ("b", "c", "A"), True),
    ],
)
def test_categories_are_compared_whole_and_without_case(
    has: tuple[str, ...], asked: tuple[str, ...], is_wanted: bool
) -> None:
    """One of those that are asked for is enough; asking for none takes all."""
    assert is_in_categories(has, asked) is is_wanted


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        ((), ""),
        (("buss",), "buss"),
        (("BUSS",), "BUSS"),
        (("tåg",), ""),
        (("tåg", "buss"), "buss"),
        (("natt*lia",), "natt*lia"),
        (("lia*natt",), ""),
        (("/2026/",), "/2026/"),
        (("2026*nattbuss",), "2026*nattbuss"),
        (("n.ttbuss",), ""),
        (("(buss",), ""),
        ((" buss ",), " buss "),
        (("*",), "*"),
    ],
)
def test_a_pattern_is_looked_for_in_title_and_address(
    make_post: Make, patterns: tuple[str, ...], found: str
) -> None:
    """A star stands for anything, everything else for itself."""
    post = make_post(title="Nattbuss till Lia", url="https://blogg.example.org/2026/nattbuss/")
    assert find_matching_pattern(post, patterns) == found


def test_a_pattern_of_many_stars_is_no_trap(make_post: Make) -> None:
    """Between two stars the nearest place will do: nothing is tried twice."""
    post = make_post(title="a" * 5_000, url=None)
    assert find_matching_pattern(post, ("*a" * 40 + "b",)) == ""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (Source(url=URL), None),
        (
            Source(url=URL, categories=("Vård", "Skola")),
            "Not in the categories that its source is asked for (Vård, Skola); it has: Kultur",
        ),
        (
            Source(url=URL, tags=("barn",)),
            "Without the tags that its source is asked for (barn); it has: Kultur",
        ),
        (
            Source(url=URL, authors=("Bo",)),
            "Not by whom its source is asked for (Bo), but by: Anna Ek",
        ),
        (
            Source(url=URL, include=("tåg", "båt")),
            "Nothing of sources.include is in its title or address: tåg, båt",
        ),
        (
            Source(url=URL, exclude=("båt", "buss")),
            "Its title or address holds “buss”, which sources.exclude leaves out.",
        ),
        (Source(url=URL, tags=("kultur",), authors=("anna ek",), include=("buss",)), None),
    ],
)
def test_each_filter_says_why(make_post: Make, source: Source, reason: str | None) -> None:
    """With what was asked for, and what the post has instead."""
    post = make_post(title="Bussen", categories=("Kultur",), authors=("Anna Ek",))
    found = why_not(post, source)
    assert (found if found is None else str(found)) == reason


def test_what_a_post_doesnt_have_is_a_dash(make_post: Make) -> None:
    """It has no category and no author."""
    post = make_post(title="Bussen")
    assert str(why_not(post, Source(url=URL, categories=("x",)))).endswith("it has: –")
    assert str(why_not(post, Source(url=URL, authors=("x",)))).endswith("but by: –")
