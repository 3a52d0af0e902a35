"""Two posts are one: the bounds of time, title and text, each from both sides."""

from dataclasses import replace

import pytest

from newsletter.compose.picking.deduplicate import is_same_post, is_similar_title
from newsletter.domain.post import LedgerEntry
from tests.compose.conftest import FEED, build_entry

OTHER = "https://annan.example.org/feed/"
TEXT = "Biblioteken i fyra kommuner håller öppet alla dagar i veckan från januari nästa år. "
#: Another text of the same length, with few letters in the same places.
FOREIGN = "xyz zyx wvu qpo rst uvw xyz zyx wvu qpo rst uvw xyz zyx wvu qpo rst uvw xyz zyx xx. "


def build_pair(**changes: object) -> tuple[LedgerEntry, LedgerEntry]:
    """Two posts of two sources that are one, but for what is changed in the second."""
    values = {"title": "Öppna bibliotek på söndagar", "body": f"<p>{TEXT * 9}</p>", "days": 10}
    first = build_entry(1, **values)
    return first, build_entry(2, **{**values, "source": OTHER, **changes})


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"days": 17}, True),
        ({"days": 17.01}, False),
        ({"days": 3}, True),
        ({"days": 2.99}, False),
        ({"title": "Öppna bibliotek på lördagar"}, True),
        ({"title": "Ny bro över ån"}, False),
        ({"body": f"<p>{FOREIGN * 9}</p>"}, False),
        ({"body": f"<p>{TEXT * 2}</p>"}, True),
        ({"body": f"<p>{TEXT}</p>", "title": "ÖPPNA BIBLIOTEK PÅ SÖNDAGAR"}, True),
    ],
    ids=[
        "nothing", "a week later", "more than a week later", "a week before", "longer before",
        "a title nearly the same", "another title", "another text", "a summary", "capitals",
    ],
)  # fmt: skip
def test_what_makes_two_posts_of_two_sources_one(changes: dict[str, object], same: bool) -> None:
    """Seven days, titles and texts nearly equal; the same answer whichever comes first."""
    first, second = build_pair(**changes)
    assert is_same_post(first, second) is same
    assert is_same_post(second, first) is same


@pytest.mark.parametrize(
    ("title", "other", "same"),
    [
        ("Öppna bibliotek på söndagar", "öppna bibliotek på söndagar", True),
        ("Öppna bibliotek på söndagar", "Öppna bibliotek på söndagen", False),
        ("Nya tider", "Nya tider", False),
        ("Nya tider idag", "Nya tider idag", True),
        ("", "", False),
    ],
)
def test_without_text_the_title_must_be_equal_and_say_something(
    title: str, other: str, same: bool
) -> None:
    """Three words at least: many posts are called "Nya tider"."""
    first = build_entry(1, title=title, body="", days=5)
    second = build_entry(2, title=other, body="", days=5, source=OTHER)
    assert is_same_post(first, second) is same


def test_a_text_that_is_there_on_one_side_only_is_none() -> None:
    """Then titles decide, to the letter."""
    first, second = build_pair(body="")
    assert is_same_post(first, second)
    first, second = build_pair(body="", title="Öppna bibliotek på söndagen")
    assert not is_same_post(first, second)


def test_only_the_beginning_of_long_texts_is_compared() -> None:
    """What a feed adds at the end (tags, a form) makes no other post of it."""
    first = build_entry(1, title="En lång text om vägar", body=f"<p>{TEXT * 8}</p>", days=5)
    second = build_entry(
        2,
        title="En lång text om vägar",
        body=f"<p>{TEXT * 8}{FOREIGN * 40}</p>",
        days=5,
        source=OTHER,
    )
    assert is_same_post(first, second)


def test_a_summary_may_stand_deep_in_the_whole_text() -> None:
    """One feed gives a summary, the other the whole: it is looked for within 6,000 characters."""
    summary = "Från och med januari håller fyra bibliotek i regionen öppet alla dagar i veckan."
    near = f"<p>{FOREIGN * 20}{summary}</p>"
    far = f"<p>{FOREIGN * 90}{summary}</p>"
    for body, same in ((near, True), (far, False)):
        first = build_entry(1, title="Öppna bibliotek på söndagar", body=body, days=5)
        second = build_entry(
            2,
            title="Öppna bibliotek på söndagar",
            body=f"<p>{summary}</p>",
            days=5,
            source=OTHER,
        )
        assert is_same_post(first, second) is same


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"days": 13}, True),
        ({"days": 13.01}, False),
        ({"title": "ÖPPNA BIBLIOTEK PÅ SÖNDAGAR"}, True),
        ({"title": "Öppna bibliotek på söndagen"}, False),
        ({"body": f"<p>{TEXT * 9}</p><p>Ny.</p>"}, False),
    ],
)
def test_in_one_feed_only_a_copy_is_the_same(changes: dict[str, object], same: bool) -> None:
    """Within three days, title and text to the letter."""
    first, second = build_pair(source=FEED, **changes)
    assert is_same_post(first, second) is same


@pytest.mark.parametrize(("length", "same"), [(79, False), (80, True), (81, True)])
def test_a_copy_in_one_feed_has_eighty_characters(length: int, same: bool) -> None:
    """The words "Se bilder." twice in a feed is two posts."""
    first, second = (
        build_entry(number, title="Se bilder här", body=f"<p>{'a' * length}</p>", days=5)
        for number in (1, 2)
    )
    assert is_same_post(first, second) is same


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("Nyheter vecka 47", "Nyheter vecka 48", False),
        ("Nyheter vecka 47", "NYHETER VECKA 47", True),
        ("abcdefghij" * 2, "abcdefghij" + "abcdefghxy", True),
        ("abcdefghij" * 2, "abcdefghij" + "abcdefgxyz", False),
        ("", "", True),
    ],
)
def test_titles_are_similar_from_ninety_per_cent(one: str, other: str, similar: bool) -> None:
    """And with the same numbers in them."""
    assert is_similar_title(one, other) is similar


def build_texts(same: int, total: int) -> tuple[str, str]:
    """Return two texts of `total` letters, of which `same` are equal, spread evenly.

    They begin and end with a letter that is equal.
    """
    kinds = [(number + 1) * same // total - number * same // total for number in range(total)]
    kinds[kinds.index(1)], kinds[0] = 0, 1
    return "".join("-x"[not kind] for kind in kinds), "".join("-y"[not kind] for kind in kinds)


@pytest.mark.parametrize(
    ("same", "total", "more", "is_one"),
    [
        (510, 600, ("", ""), True),
        (509, 600, ("", ""), False),
        (510, 600, ("x", "y"), True),
        (170, 200, ("", ""), True),
        (169, 200, ("", ""), False),
    ],
    ids=["85 %", "less", "the 601st isn't compared", "85 % of short ones", "less of short ones"],
)
def test_texts_are_the_same_from_eighty_five_per_cent(
    same: int, total: int, more: tuple[str, str], is_one: bool
) -> None:
    """Of the first 600 characters."""
    texts = [text + end for text, end in zip(build_texts(same, total), more, strict=True)]
    first, second = build_pair(body=texts[1])
    first = replace(first, post=replace(first.post, body=texts[0]))
    assert is_same_post(first, second) is is_one


@pytest.mark.parametrize(("same", "is_one"), [(510, True), (509, False)])
def test_a_summary_deep_in_a_text_is_the_same_from_eighty_five_per_cent(
    same: int, is_one: bool
) -> None:
    summary, whole = build_texts(same, 600)
    first, second = build_pair(body="z" * 100 + whole)
    first = replace(first, post=replace(first.post, body=summary))
    assert is_same_post(first, second) is is_one


@pytest.mark.parametrize(("start", "is_one"), [(5920, True), (6000, False)])
def test_a_summary_is_looked_for_in_the_first_six_thousand_characters(
    start: int, is_one: bool
) -> None:
    """What comes after them costs no time."""
    first, second = build_pair(body="z" * start + "abcdefghij" * 8)
    first = replace(first, post=replace(first.post, body="abcdefghij" * 8))
    assert is_same_post(first, second) is is_one
