"""Related posts are about the same things."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.picking.related import MIN_LIKENESS, find_related
from newsletter.domain.post import Post
from tests.compose.conftest import build_post

TOPICS = {
    "Nya cykelvägar i Norrby": (
        "Cykelvägarna byggs mellan Norrby och stationen. Cyklister får belysning och breda banor"
        " längs hela vägen."
    ),
    "Cykelbanan får belysning": (
        "Belysningen längs cykelvägen till stationen tänds i höst, så att cyklister vågar cykla"
        " också på kvällen."
    ),
    "Biblioteken öppnar på söndagar": (
        "Fyra bibliotek håller öppet alla dagar. Besökarna lånar böcker i biblioteket på söndagar."
    ),
    "Bokbussen rullar igen": "Besökarna lånar böcker i bokbussen, som biblioteket har köpt.",
    "Lediga jobb i vården": (
        "Sjukhusen söker sjuksköterskor och undersköterskor till sommaren. Ansök före sista mars."
    ),
}


def build_posts() -> list[Post]:
    return [
        build_post(number, title=title, body=f"<p>{text}</p>", language="sv")
        for number, (title, text) in enumerate(TOPICS.items(), 1)
    ]


def test_the_nearest_posts_are_about_the_same(make_post: Callable[..., Post]) -> None:
    """Bicycles go with bicycles, books with books, and jobs with neither."""
    all_posts = build_posts()
    titles = {one.id: one.title for one in all_posts}
    assert [titles[found] for found in find_related(all_posts[0], all_posts, "sv")] == [
        "Cykelbanan får belysning"
    ]
    assert [titles[found] for found in find_related(all_posts[2], all_posts, "sv")] == [
        "Bokbussen rullar igen"
    ]
    assert find_related(all_posts[4], all_posts, "sv") == {}


def test_a_post_that_the_ledger_does_not_hold_can_be_the_target() -> None:
    """Inflected words and titles count."""
    target = build_post(
        99, title="Cyklisternas belysning", body="<p>Kommunen lyser upp cykelbanor.</p>"
    )
    found = find_related(target, build_posts(), "sv")
    assert found
    assert all(share > MIN_LIKENESS for share in found.values())
    assert target.id not in found


def test_posts_without_words_are_related_to_nothing() -> None:
    empty = build_post(7, title="", body="", excerpt="")
    assert find_related(empty, [*build_posts(), build_post(8, title="", body="")], "sv") == {}
    assert find_related(empty, [], "sv") == {}


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_likeness_is_a_share_whatever_the_texts_hold(texts: list[tuple[str, str]]) -> None:
    found = [
        build_post(number, title=title, body=body) for number, (title, body) in enumerate(texts)
    ]
    assert all(
        MIN_LIKENESS < share < 1.000001 for share in find_related(found[0], found, "sv").values()
    )
