"""When two teasers are one."""

import datetime
from dataclasses import replace
from itertools import product

import pytest

from newsletter.domain.issue import (
    Issue,
    Section,
    Summary,
    SummaryReason,
    Teaser,
    TeaserMatch,
    match_teasers,
)
from newsletter.domain.post import PostId

POSTS = (None, PostId("a"), PostId("b"))
URLS = (None, "https://example.org/a", "https://example.org/b")
TITLES = ("A", "B")
TEASERS = tuple(
    Teaser(post=post, url=url, title=title, summary=summary)
    for post, url, title, summary in product(POSTS, URLS, TITLES, ("", "Text."))
)


def expect_match(one: Teaser, other: Teaser) -> TeaserMatch:
    """Return the rule in other words: a table from the surest down."""
    rows = [
        (one == other, TeaserMatch.equal),
        (bool(one.post) and one.post == other.post, TeaserMatch.same_post),
        (bool(one.post) and bool(other.post), TeaserMatch.none),
        (bool(one.url) and one.url == other.url, TeaserMatch.same_url),
        (one.title == other.title, TeaserMatch.same_title),
    ]
    return next((match for holds, match in rows if holds), TeaserMatch.none)


@pytest.mark.parametrize(
    "one", TEASERS, ids=lambda one: f"{one.post}-{one.url}-{one.title}-{one.summary}"
)
def test_every_pair_of_teasers(one: Teaser) -> None:
    """With and without post, address, title and text; the order doesn't matter."""
    for other in TEASERS:
        assert match_teasers(one, other) is expect_match(one, other)
        assert match_teasers(one, other) is match_teasers(other, one)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({}, TeaserMatch.equal),
        ({"summary": "Ny text."}, TeaserMatch.same_post),
        ({"url": None, "title": "Ny"}, TeaserMatch.same_post),
        ({"post": None}, TeaserMatch.same_url),
        ({"post": None, "title": "Ny"}, TeaserMatch.same_url),
        ({"post": None, "url": None}, TeaserMatch.same_title),
        ({"post": None, "url": None, "title": "Ny"}, TeaserMatch.none),
        ({"post": PostId("b")}, TeaserMatch.none),
    ],
)
def test_what_a_person_changes_makes_a_teaser_less_sure(
    change: dict[str, object], match: TeaserMatch
) -> None:
    """By its post first, then by its address, then by its title."""
    teaser = Teaser(post=PostId("a"), url="https://example.org/a", title="A", summary="Text.")
    assert match_teasers(teaser, replace(teaser, **change)) is match  # type: ignore[arg-type]


def test_no_match_is_false() -> None:
    """Callers ask whether, and how surely."""
    assert [match for match in TeaserMatch if not match] == [TeaserMatch.none]
    assert max(TeaserMatch) is TeaserMatch.equal


def test_teasers_stand_in_reading_order() -> None:
    """Section by section."""
    one, two, three = (Teaser(title=title) for title in "abc")
    issue = Issue(
        name="n",
        subject="s",
        language="sv",
        sections=(
            Section(title="1", teasers=(one, two)),
            Section(title="2"),
            Section(title="3", teasers=(three,)),
        ),
        date=datetime.date(2026, 12, 1),
    )
    assert issue.teasers == (one, two, three)


def test_a_summary_counts_its_words() -> None:
    """As the limits do."""
    assert Summary(text="Två ord.", reason=SummaryReason.window).word_count == 2
    assert Summary(text="", reason=SummaryReason.none).word_count == 0
