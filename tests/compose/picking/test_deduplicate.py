"""One post stays one post, however a source changes it."""

from collections.abc import Callable

from newsletter.compose.picking.deduplicate import PostMatch, is_similar_title, match_known
from newsletter.domain.post import FetchedPost, Post, PostIdentity
from newsletter.posts.identity import hash_content, url_key

Make = Callable[..., Post]


def build_seen(post: Post) -> FetchedPost:
    return FetchedPost(
        post=post, url_key=url_key(post.url) if post.url else None, content_hash=hash_content(post)
    )


def recognise_in_turn(
    *readings: list[Post],
    wanted: Callable[[str, tuple[str, ...]], bool] = lambda source, categories: True,
) -> list[PostMatch]:
    """Read one after the other; return what becomes of the last."""
    known: list[PostIdentity] = []
    steps: list[PostMatch] = []
    for reading in readings:
        steps = match_known(known, [build_seen(post) for post in reading], wanted)
        known += [
            PostIdentity.from_fetched(step.fetched) for step in steps if step.existing is None
        ]
    return steps


def list_new(steps: list[PostMatch]) -> list[bool]:
    return [step.existing is None for step in steps]


def test_the_same_reading_again_is_nothing_new(make_post: Make) -> None:
    """And nothing is written."""
    posts = [make_post(number) for number in range(5)]
    assert [
        (step.existing is None, step.needs_update) for step in recognise_in_turn(posts, posts)
    ] == [(False, False)] * 5


def test_a_moved_post_is_the_same(make_post: Make) -> None:
    """The same guid at a new address."""
    (step,) = recognise_in_turn([make_post(1)], [make_post(1, url="https://nytt.example.org/x")])
    assert step.existing is not None
    assert step.needs_update


def test_an_edited_post_is_the_same(make_post: Make) -> None:
    """Another title, another text."""
    (step,) = recognise_in_turn(
        [make_post(1)], [make_post(1, title="Helt ny rubrik", body="<p>Ny.</p>")]
    )
    assert step.existing is not None
    assert step.needs_update


def test_a_republished_post_is_the_same(make_post: Make) -> None:
    """A new guid at the same address, however that is spelled."""
    (step,) = recognise_in_turn(
        [make_post(1)],
        [make_post(1, guid="ny", url="http://www.blogg.example.org/1/?utm_source=rss#x")],
    )
    assert step.existing is not None


def test_a_post_that_is_fed_twice_is_one(make_post: Make) -> None:
    """Twice in one feed, and in two feeds with other ids."""
    assert list_new(recognise_in_turn([make_post(1), make_post(1), make_post(1, guid="b")])) == [
        True,
        False,
        False,
    ]
    assert list_new(
        recognise_in_turn(
            [make_post(1)], [make_post(1, source="other", guid="https://blogg.example.org/?p=1")]
        )
    ) == [False]


def test_posts_that_share_an_address_are_several(make_post: Make) -> None:
    """A feed whose entries all link to the front page, with ids and without."""
    home = "https://blogg.example.org/"
    titles = ["Bussar i norr", "Nytt bibliotek", "Vård på nätet"]
    assert (
        list_new(
            recognise_in_turn(
                [make_post(number, url=home, title=title) for number, title in enumerate(titles)]
            )
        )
        == [True] * 3
    )
    steps = recognise_in_turn([make_post(0, url=home, title=title, guid=None) for title in titles])
    assert list_new(steps) == [True] * 3
    assert len({step.fetched.post.id for step in steps}) == 3
    assert list_new(
        recognise_in_turn(
            [make_post(0, url=home, title=title, guid=None) for title in titles],
            [make_post(0, url=home, title=titles[1], guid=None)],
        )
    ) == [False]


def test_a_new_post_of_a_feed_that_shares_an_address_is_new(make_post: Make) -> None:
    """Also when the older ones have left the feed."""
    home = "https://blogg.example.org/"
    first = [
        make_post(number, url=home, title=title)
        for number, title in enumerate(["Bussar i norr", "Nytt bibliotek"])
    ]
    assert list_new(recognise_in_turn(first, [make_post(7, url=home, title="Vård på nätet")])) == [
        True
    ]


def test_a_post_without_address_and_id_is_known_by_its_title(make_post: Make) -> None:
    """There is nothing else."""
    assert list_new(
        recognise_in_turn(
            [make_post(1, url=None, guid=None)],
            [make_post(1, url=None, guid=None, body="<p>Ny.</p>")],
        )
    ) == [False]


def test_a_post_passes_to_a_source_that_wants_it(make_post: Make) -> None:
    """A feed that was exchanged for another doesn't take its posts with it."""
    (step,) = recognise_in_turn(
        [make_post(1)],
        [make_post(1, source="other")],
        wanted=lambda source, _categories: source == "other",
    )
    assert (step.existing is not None, step.needs_update) == (True, True)


def test_titles_with_other_numbers_are_others() -> None:
    """94 per cent the same, and another week."""
    assert is_similar_title("Nyheter vecka 47!", "nyheter vecka 47")
    assert not is_similar_title("Nyheter vecka 47", "Nyheter vecka 48")
