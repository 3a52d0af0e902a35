"""Which row of the ledger a reading belongs to: each rule, and the case just beside it."""

from dataclasses import replace

import pytest

from newsletter.compose.picking.deduplicate import PostMatch, match_known
from newsletter.domain.post import FetchedPost, Post, PostIdentity
from newsletter.posts.identity import compute_post_id, hash_content, url_key
from tests.compose.conftest import FEED, build_post

OTHER = "https://annan.example.org/feed/"
PAGE, MOVED = "https://blogg.example.org/sida/", "https://blogg.example.org/flyttad/"


def build_fetched(post: Post) -> FetchedPost:
    return FetchedPost(
        post=post, url_key=url_key(post.url) if post.url else None, content_hash=hash_content(post)
    )


def match(known: list[Post], reading: list[Post], wanted: tuple[str, ...] = ()) -> list[PostMatch]:
    """Return what becomes of a reading, where `wanted` are the sources that are asked for."""
    rows = [PostIdentity.from_fetched(build_fetched(post)) for post in known]
    fetched = [build_fetched(post) for post in reading]
    return match_known(rows, fetched, lambda source, _categories: source in wanted)


BUSES = build_post(1, guid="a", url=PAGE, title="Bussar i norr")
LIBRARY = build_post(2, guid="b", url=PAGE, title="Nytt bibliotek")


@pytest.mark.parametrize(
    ("known", "reading", "is_known"),
    [
        ([BUSES], [LIBRARY], True),
        ([BUSES], [replace(BUSES, url=MOVED), LIBRARY], False),
        ([BUSES], [BUSES, LIBRARY], False),
        ([BUSES], [BUSES, replace(LIBRARY, source=OTHER)], True),
        ([BUSES], [replace(BUSES, source=OTHER), replace(LIBRARY, guid=None)], True),
        ([BUSES], [replace(BUSES, url=MOVED), replace(LIBRARY, guid=None)], True),
        ([BUSES], [replace(LIBRARY, url=MOVED)], False),
        ([BUSES, LIBRARY], [build_post(3, guid="c", url=PAGE, title="Vård på nätet")], False),
        ([BUSES, LIBRARY], [build_post(3, guid="c", url=PAGE, title="Nytt bibliotek!")], True),
    ],
    ids=[
        "another id and title at its address",
        "the old one has moved and is still there",
        "both at one address",
        "another source links to it under its own title",
        "an entry without id at its address",
        "an entry without id where the old one has moved",
        "another post at another address",
        "a third title at a shared address",
        "one of the titles at a shared address",
    ],
)
def test_whose_address_it_is(known: list[Post], reading: list[Post], is_known: bool) -> None:
    """The last of the reading is a row that is known, or a post of its own."""
    assert (match(known, reading)[-1].existing is not None) is is_known


def test_an_id_of_the_whole_world_is_known_in_every_source() -> None:
    """Under another address, too: the id says which post it is."""
    post = build_post(1, guid="tag:blogg.example.org,2026:1", title="Bussar i norr")
    (step,) = match([post], [replace(post, source=OTHER, url="https://annan.example.org/x/")])
    assert step.existing is not None
    assert step.existing.id == post.id


@pytest.mark.parametrize(
    ("wanted", "is_updated"),
    [((), False), ((FEED,), False), ((OTHER,), True), ((FEED, OTHER), False)],
    ids=["neither", "the first alone", "the second alone", "both"],
)
def test_a_row_passes_to_another_source_only_where_its_own_does_not_want_it(
    wanted: tuple[str, ...], is_updated: bool
) -> None:
    """Otherwise two feeds with one post would take it from each other at every reading."""
    post = build_post(1)
    (step,) = match([post], [replace(post, source=OTHER)], wanted)
    assert (step.existing is not None, step.needs_update) == (True, is_updated)


def test_a_new_post_is_written_with_its_own_id() -> None:
    """Only one whose id is taken gets another, made of its title."""
    first = build_post(1, guid=None, url=PAGE, title="Bussar i norr")
    second = build_post(2, guid=None, url=PAGE, title="Nytt bibliotek")
    steps = match([], [first, second])
    assert [step.needs_update for step in steps] == [True, True]
    assert [step.fetched.post.id for step in steps] == [
        first.id,
        compute_post_id(FEED, None, None, "Nytt bibliotek"),
    ]
