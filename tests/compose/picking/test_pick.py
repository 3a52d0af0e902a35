"""Posts are chosen by the rules, and every other one has its reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.compose.picking.pick import PickResult, PickRules, pick
from newsletter.domain.post import LedgerEntry, PostState, Source

FEED = "https://blogg.example.org/feed/"
Make = Callable[..., LedgerEntry]


@pytest.fixture
def rules(now: datetime) -> PickRules:
    return PickRules(
        now=now,
        sources={FEED: Source(url=FEED), "other": Source(url="other")},
        max_posts=3,
        issue_name="2026-12-01",
    )


def list_numbers(picked: PickResult) -> list[str]:
    return [(entry.post.url or "").rsplit("/", 2)[1] for entry in picked.chosen]


def list_reasons(picked: PickResult) -> list[str]:
    return [str(reason) for _entry, reason in picked.left_out]


def test_the_newest_come_first_up_to_the_most(make_entry: Make, rules: PickRules) -> None:
    """What doesn't fit waits, and is said to."""
    picked = pick([make_entry(number) for number in (4, 2, 1, 3)], rules)
    assert list_numbers(picked) == ["1", "2", "3"]
    assert list_reasons(picked) == ["No room: an issue holds 3 posts. It waits for the next one."]


@pytest.mark.parametrize(
    ("state", "issue", "reason"),
    [
        (PostState.sent, "2026-11-01", "Sent already, in 2026-11-01."),
        (PostState.picked, "2026-11-01", "Stands in the draft 2026-11-01 already."),
        (PostState.held, None, "You hold it back."),
        (PostState.skipped, "2026-11-01", "You deleted it from 2026-11-01, so it was skipped."),
        (PostState.skipped, None, "You skipped it."),
    ],
)
def test_what_is_announced_or_held_is_not_new(
    make_entry: Make, rules: PickRules, state: PostState, issue: str | None, reason: str
) -> None:
    """Nothing is announced twice."""
    picked = pick([make_entry(1, state=state, issue=issue)], rules)
    assert picked.chosen == ()
    assert list_reasons(picked)[0].startswith(reason)


def test_posts_of_this_issue_stay_whatever_else_is_new(make_entry: Make, rules: PickRules) -> None:
    """Composing again keeps what the issue has, and fills up to the most."""
    picked = pick(
        [make_entry(9, state=PostState.picked, issue="2026-12-01"), *map(make_entry, (1, 2, 3))],
        rules,
    )
    assert sorted(list_numbers(picked)) == ["1", "2", "9"]


def test_a_post_dated_in_the_future_waits(make_entry: Make, rules: PickRules) -> None:
    """It isn't published yet."""
    picked = pick([make_entry(1, days=-1)], rules)
    assert list_reasons(picked) == ["Its date is in the future: it waits until 2026-12-02 08:00."]


def test_an_undated_post_counts_from_when_it_was_first_seen(
    make_entry: Make, rules: PickRules, now: datetime
) -> None:
    """An undated post isn't dropped by a window of dates."""
    undated = make_entry(1, published=None)
    picked = pick([undated, make_entry(5)], replace(rules, since=now - timedelta(days=1)))
    assert list_numbers(picked) == ["1"]
    assert list_reasons(picked) == ["It is of 2026-11-26, before --since."]


def test_since_and_until_hold_the_days_named(
    make_entry: Make, rules: PickRules, now: datetime
) -> None:
    """A post at the very limit is in."""
    limits = replace(rules, since=now - timedelta(days=3), until=now - timedelta(days=2))
    assert list_numbers(pick([make_entry(number) for number in (1, 2, 3, 4)], limits)) == ["2", "3"]


def test_categories_are_asked_per_source(make_entry: Make, rules: PickRules) -> None:
    """Case doesn't count; a source without a filter takes all; a source that is gone takes none."""
    asked = replace(
        rules,
        sources={FEED: Source(url=FEED, categories=("Kultur",)), "other": Source(url="other")},
    )
    entries = [
        make_entry(1, categories=("kultur", "x")),
        make_entry(2, categories=("vård",)),
        make_entry(3, source="other"),
        make_entry(4, source="gone"),
    ]
    picked = pick(entries, asked)
    assert list_numbers(picked) == ["1", "3"]
    assert list_reasons(picked) == [
        "Not in the categories that its source is asked for (Kultur); it has: vård",
        "Its source is no longer in newsletter.toml: gone",
    ]


def test_pins_go_first_in_their_order_and_before_other_rules(
    make_entry: Make, rules: PickRules
) -> None:
    """A person names a post: age, hold and room don't count; spellings of its address neither."""
    entries = [
        make_entry(1),
        make_entry(2),
        make_entry(8, state=PostState.held),
        make_entry(9),
        make_entry(7, days=-2),
    ]
    pins = (
        "http://www.blogg.example.org/9?utm_source=x",
        entries[2].post.id,
        "https://blogg.example.org/7/",
    )
    assert list_numbers(pick(entries, replace(rules, pins=pins))) == ["9", "8", "7"]


def test_a_pin_does_not_announce_twice(make_entry: Make, rules: PickRules) -> None:
    """Not even a person gets a post out again by a slip."""
    entries = [make_entry(1, state=PostState.sent, issue="x")]
    assert pick(entries, replace(rules, pins=("https://blogg.example.org/1/",))).chosen == ()


def test_excludes_leave_out(make_entry: Make, rules: PickRules) -> None:
    """By address, however spelled."""
    picked = pick(
        [make_entry(1)],
        replace(rules, excludes=("blogg.example.org/1", "https://blogg.example.org/1")),
    )
    assert list_reasons(picked) == ["Left out by --exclude."]


def test_a_post_that_staff_deleted_from_this_issue_stays_out(
    make_entry: Make, rules: PickRules
) -> None:
    """And makes room for another."""
    deleted = make_entry(1, state=PostState.picked, issue="2026-12-01")
    picked = pick(
        [deleted, *map(make_entry, (2, 3, 4))],
        replace(rules, deleted_posts=frozenset({deleted.post.id})),
    )
    assert list_numbers(picked) == ["2", "3", "4"]
    assert list_reasons(picked) == ["You deleted it from 2026-12-01."]


def test_the_same_post_of_another_source_is_announced_once(
    make_entry: Make, rules: PickRules
) -> None:
    """Nearly the same title and text within a week, other ids and addresses."""
    title = "Biblioteken öppnar på söndagar i hela länet"
    entries = [
        make_entry(1, title=title),
        make_entry(
            3,
            title=title + "!",
            source="other",
            body=make_entry(1).post.body,
            url="https://x.example/a",
        ),
    ]
    picked = pick(entries, rules)
    assert list_numbers(picked) == ["1"]
    assert list_reasons(picked) == [f"The same post as “{title}” (https://blogg.example.org/1/)."]


BODY = (
    "<p>Det här inlägget handlar om sak nummer 1. "
    + "Region Exempelland bygger ett nytt hus i Norrby under året. " * 4
)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"title": "Nyheter för vecka 48"}, "another number"),
        ({"days": 12}, "another week"),
        ({"body": "<p>Ett helt annat ämne avhandlas i dessa rader om båtar.</p>"}, "another text"),
        ({"source": FEED, "body": f"{BODY} Och mer."}, "two ids of one feed"),
        ({"source": FEED, "days": 5}, "two ids of one feed, days apart"),
    ],
)
def test_posts_that_only_look_the_same_are_both_announced(
    make_entry: Make, rules: PickRules, change: dict[str, object], why: str
) -> None:
    """By title alone, weeks 47 and 48 would be one."""
    other: dict[str, object] = {
        "title": "Nyheter för vecka 47",
        "source": "other",
        "body": make_entry(1).post.body,
        "guid": "z",
        "url": "https://x.example/a",
    }
    picked = pick(
        [make_entry(1, title="Nyheter för vecka 47"), make_entry(2, **(other | change))], rules
    )
    assert len(picked.chosen) == 2, why


def test_a_copy_in_the_same_feed_is_announced_once(make_entry: Make, rules: PickRules) -> None:
    """Put out anew under another id and address, the same to the letter."""
    first = make_entry(1, title="Biblioteken öppnar")
    copy = make_entry(
        2,
        title="Biblioteken öppnar",
        body=first.post.body,
        guid="z",
        url="https://blogg.example.org/1-2/",
    )
    picked = pick([first, copy], rules)
    assert list_numbers(picked) == ["1"]
    assert list_reasons(picked) == [
        "The same post as “Biblioteken öppnar” (https://blogg.example.org/1/)."
    ]


def test_a_twin_of_a_sent_post_is_not_announced(make_entry: Make, rules: PickRules) -> None:
    """Also where the first was sent from another source."""
    title = "Biblioteken öppnar på söndagar i hela länet"
    sent = make_entry(1, title=title, state=PostState.sent, issue="x")
    picked = pick(
        [
            sent,
            make_entry(
                2, title=title, source="other", body=sent.post.body, url="https://x.example/a"
            ),
        ],
        rules,
    )
    assert picked.chosen == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),
            st.sampled_from(PostState),
            st.sampled_from([None, "2026-12-01", "x"]),
        ),
        max_size=15,
        unique_by=lambda row: row[0],
    )
)
def test_every_post_is_chosen_or_has_a_reason(
    make_entry: Make, now: datetime, rows: list[tuple[int, PostState, str | None]]
) -> None:
    """Nothing is dropped silently, nothing is both."""
    entries = [make_entry(number, state=state, issue=issue) for number, state, issue in rows]
    picked = pick(
        entries,
        PickRules(now=now, sources={FEED: Source(url=FEED)}, max_posts=3, issue_name="2026-12-01"),
    )
    told = [one.post.id for one in picked.chosen] + [
        one.post.id for one, _reason in picked.left_out
    ]
    assert sorted(told) == sorted(one.post.id for one in entries)
    assert not any(one.state is PostState.sent for one in picked.chosen)
