"""Why a post is in or out is told in words, and each bound is tried from both sides."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.compose.picking.pick import PickResult, PickRules, pick
from newsletter.domain.post import LedgerEntry, PostState, Source
from tests.compose.conftest import FEED, NOW, build_entry

ISSUE = "2026-12-01"
RULES = PickRules(
    now=NOW,
    sources={FEED: Source(url=FEED), "heavy": Source(url="heavy", weight=5)},
    max_posts=3,
    issue_name=ISSUE,
)
TITLE = "Biblioteken öppnar på söndagar i hela länet"


def list_numbers(picked: PickResult) -> list[int]:
    return [int((entry.post.url or "").rsplit("/", 2)[1]) for entry in picked.chosen]


def list_reasons(picked: PickResult) -> list[str]:
    return [str(reason) for _entry, reason in picked.left_out]


ENTRY = build_entry(1)
IN_ISSUE = {"state": PostState.picked, "issue": ISSUE}


@pytest.mark.parametrize(
    ("entry", "changes", "reason"),
    [
        (ENTRY, {}, "New, of 2026-11-30."),
        (ENTRY, {"pins": (ENTRY.post.id,)}, "You pinned it."),
        (build_entry(1, **IN_ISSUE), {}, "It stands in this issue already."),
        (
            ENTRY,
            {"related_scores": {ENTRY.post.id: 0.87}},
            "New, and about the same things (87 % alike).",
        ),
        (build_entry(1, source="heavy"), {}, "New, of a source with the weight 5."),
        (build_entry(1, source="gone", **IN_ISSUE), {}, "It stands in this issue already."),
    ],
    ids=["new", "pinned", "in the issue", "related", "weight", "in the issue, source gone"],
)
def test_why_a_post_is_in(entry: LedgerEntry, changes: Mapping[str, object], reason: str) -> None:
    """Each of the chosen has its reason."""
    picked = pick([entry], replace(RULES, **changes))  # type: ignore[arg-type]
    assert {post: str(why) for post, why in picked.reasons.items()} == {entry.post.id: reason}


@pytest.mark.parametrize(
    ("url", "named"),
    [("https://blogg.example.org/1/", "https://blogg.example.org/1/"), (None, ENTRY.post.id)],
    ids=["by its address", "by its id where it has no address"],
)
def test_a_post_that_is_held_is_named_as_the_command_takes_it(url: str | None, named: str) -> None:
    picked = pick([build_entry(1, url=url, state=PostState.held)], RULES)
    assert list_reasons(picked) == [
        f"You hold it back. Let it go with: newsletter posts release {named}"
    ]


def test_why_a_post_is_not_related() -> None:
    """The one that is named is told apart from those that are about other things."""
    named, near, far = (build_entry(number) for number in (1, 2, 3))
    rules = replace(RULES, related_scores={near.post.id: 0.5}, related_to=named.post.url)
    picked = pick([named, near, far], rules)
    assert list_numbers(picked) == [2]
    assert list_reasons(picked) == [
        "It is the post that --related-to names.",
        "Not about the same things as the post that --related-to names.",
    ]


def test_the_nearest_of_the_related_get_the_room() -> None:
    """And then stand in the order of their dates."""
    entries = [build_entry(number) for number in (1, 2, 3, 4)]
    scores = dict(zip((one.post.id for one in entries), (0.2, 0.5, 0.1, 0.9), strict=True))
    picked = pick(entries, replace(RULES, max_posts=2, related_scores=scores))
    assert list_numbers(picked) == [2, 4]


@pytest.mark.parametrize(
    ("seconds", "is_chosen"), [(-1, True), (0, True), (1, False)], ids=["past", "now", "future"]
)
def test_a_post_of_this_very_second_is_out_already(seconds: int, is_chosen: bool) -> None:
    entry = build_entry(1, published=NOW + timedelta(seconds=seconds))
    assert bool(pick([entry], RULES).chosen) is is_chosen


def test_weight_goes_before_date() -> None:
    """A source that is no longer asked for weighs nothing."""
    entries = [
        build_entry(1),
        build_entry(2, source="heavy"),
        build_entry(3, source="gone", **IN_ISSUE),
    ]
    assert list_numbers(pick(entries, RULES)) == [2, 1, 3]


@pytest.mark.parametrize(
    ("most", "numbers"), [(None, [1, 2, 3]), (2, [1, 2, 4]), (1, [1, 4, 5])], ids=str
)
def test_a_category_has_as_many_posts_as_it_may(most: int | None, numbers: list[int]) -> None:
    """By the first category of a post, whatever its case."""
    entries = [
        build_entry(1, categories=("Vård", "Kultur")),
        build_entry(2, categories=("vård",)),
        build_entry(3, categories=("VÅRD", "Trafik")),
        build_entry(4, categories=("Trafik", "Vård")),
        build_entry(5, categories=("Kultur",)),
    ]
    picked = pick(entries, replace(RULES, max_per_category=most))
    assert list_numbers(picked) == numbers
    if most == 2:
        assert list_reasons(picked)[0] == (
            "No room for more of “VÅRD”: an issue takes 2. It waits for the next one."
        )


def test_pins_and_posts_of_the_issue_go_beyond_what_a_category_may_have() -> None:
    """They count, too: nothing else of their category comes in."""
    entries = [build_entry(number, categories=("Vård",)) for number in (1, 2)]
    entries.append(build_entry(3, categories=("Vård",), **IN_ISSUE))
    rules = replace(RULES, max_per_category=1, pins=(entries[1].post.id,))
    assert list_numbers(pick(entries, rules)) == [2, 3]


@pytest.mark.parametrize(
    ("days", "is_chosen"),
    [(2.99, True), (3, False), (6, False), (10, False), (14, False), (17, False), (17.01, True)],
)
def test_a_post_is_looked_for_a_week_before_and_after(days: float, is_chosen: bool) -> None:
    """The same post of another source, sent ten days ago."""
    sent = build_entry(10, title=TITLE, state=PostState.sent, issue="x")
    copy = build_entry(20, title=TITLE, source="heavy", days=days, body=sent.post.body)
    assert bool(pick([sent, copy], RULES).chosen) is is_chosen


def test_of_two_copies_the_earliest_is_named() -> None:
    """It is the one that readers saw first."""
    later, earlier = (
        build_entry(number, title=TITLE, body=ENTRY.post.body, state=PostState.sent, issue="x")
        for number in (8, 12)
    )
    copy = build_entry(10, title=TITLE, source="heavy", body=ENTRY.post.body)
    assert list_reasons(pick([later, earlier, copy], RULES))[2] == (
        f"The same post as “{TITLE}” (https://blogg.example.org/12/)."
    )
