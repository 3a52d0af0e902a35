"""What an issue is made of is decided without disk, database or clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.compose.enrich import Enrichment
from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.plan import (
    ComposeState,
    PlannedIssue,
    build_defaults,
    plan_issue,
    write_planned_issue,
)
from newsletter.compose.request import ComposeRequest, NothingToCompose
from newsletter.domain.issue import SummaryReason
from newsletter.domain.post import LedgerEntry, PostState, Source
from newsletter.errors import SourceError

FEED = "https://blogg.example.org/feed/"
NAME = "2026-12-01"
REQUEST = ComposeRequest(
    folder=Path("issues"),
    sources=(Source(url=FEED),),
    title="Nytt från regionen",
    language="sv",
    zone=ZoneInfo("Europe/Stockholm"),
    section="Nytt sedan sist",
)
Make = Callable[..., LedgerEntry]
Write = Callable[..., PlannedIssue]


def build_state(*entries: LedgerEntry, file_text: str | None = None) -> ComposeState:
    """Return what ledger and files hold."""
    return ComposeState(
        issue_name=NAME,
        file_text=file_text,
        issue_texts={} if file_text is None else {NAME: file_text},
        entries=entries,
        excluded_posts=frozenset(),
        description_counts={},
    )


@pytest.fixture
def write(now: datetime) -> Write:
    def plan_and_write(
        state: ComposeState,
        request: ComposeRequest = REQUEST,
        enrichment: Enrichment = Enrichment(),  # noqa: B008 - it is frozen
    ) -> PlannedIssue:
        plan = plan_issue(state, request, now, None)
        defaults = build_defaults(request, NAME, state.issue_texts, now)
        return write_planned_issue(plan, state, request, defaults, enrichment)

    return plan_and_write


def test_a_new_issue_holds_what_was_picked(make_entry: Make, write: Write) -> None:
    """Its text is its file, and reads as the issue."""
    planned = write(build_state(make_entry(1), make_entry(2)))
    assert [teaser.teaser.post for teaser in planned.teasers] == [
        make_entry(1).post.id,
        make_entry(2).post.id,
    ]
    assert planned.text is not None
    assert parse_issue(planned.text, issue_name=NAME) == planned.issue


def test_a_plan_made_twice_is_the_same(make_entry: Make, write: Write) -> None:
    """It is decided before pages are asked, and again after."""
    state = build_state(*map(make_entry, range(1, 6)))
    assert write(state) == write(state)


def test_a_file_that_needs_no_change_isnt_written(make_entry: Make, write: Write) -> None:
    """Its posts are picked, none is new."""
    first = write(build_state(make_entry(1)))
    picked = replace(make_entry(1), state=PostState.picked, issue_name=NAME)
    again = write(build_state(picked, file_text=first.text))
    assert again.text is None
    assert again.issue == first.issue
    assert [str(note) for note in again.notes] == ["No new posts were added."]


def test_a_new_post_comes_into_the_file_as_it_was_typed(make_entry: Make, write: Write) -> None:
    """The lines of a person stay."""
    first = write(build_state(make_entry(2)))
    typed = (first.text or "").replace("Hello!", "Hej!").replace("\n\n## ", "\n\n\n\n## ")
    picked = replace(make_entry(2), state=PostState.picked, issue_name=NAME)
    again = write(build_state(picked, make_entry(1), file_text=typed))
    assert again.text is not None
    assert "\n\n\n\n## " in again.text
    assert len(again.issue.teasers) == 2


def test_an_excluded_post_leaves_the_file(make_entry: Make, write: Write) -> None:
    """It goes from its section, the others stay."""
    first = write(build_state(make_entry(1), make_entry(2)))
    gone = make_entry(1).post
    state = build_state(
        replace(make_entry(2), state=PostState.picked, issue_name=NAME),
        make_entry(1),
        file_text=first.text,
    )
    request = replace(REQUEST, excludes=(gone.id,))
    again = write(replace(state, excluded_posts=frozenset({gone.id})), request)
    assert [teaser.post for teaser in again.issue.teasers] == [make_entry(2).post.id]


def test_a_deleted_post_stays_out_until_it_is_pinned(make_entry: Make, write: Write) -> None:
    """It is known, and not in the file."""
    first = write(build_state(make_entry(1)))
    deleted = replace(make_entry(2), state=PostState.picked, issue_name=NAME)
    kept = replace(make_entry(1), state=PostState.picked, issue_name=NAME)
    state = build_state(kept, deleted, file_text=first.text)
    assert len(write(state).issue.teasers) == 1
    pinned = write(state, replace(REQUEST, pins=(deleted.post.id,)))
    assert {teaser.post for teaser in pinned.issue.teasers} == {kept.post.id, deleted.post.id}


def test_a_pin_that_nobody_knows_is_refused(make_entry: Make, now: datetime) -> None:
    """Before anything is picked."""
    request = replace(REQUEST, pins=("https://blogg.example.org/none/",))
    with pytest.raises(SourceError, match=r"No source has a post with the address .*/none/"):
        plan_issue(build_state(make_entry(1)), request, now, None)


def test_a_pin_that_cant_be_followed_is_a_note(make_entry: Make, write: Write) -> None:
    """It was sent already, and the note says in which issue."""
    sent = replace(make_entry(2), state=PostState.sent, issue_name="ett")
    request = replace(REQUEST, pins=(sent.post.id,))
    planned = write(build_state(make_entry(1), sent), request)
    assert [str(note) for note in planned.notes] == [
        f"--pin {sent.post.id} was not followed. Sent already, in ett."
    ]


@pytest.mark.parametrize(
    ("min_posts", "count", "message"),
    [
        (1, 0, "There is nothing new to announce"),
        (0, 0, "There is nothing new to announce"),
        (3, 2, "Too few new posts for an issue: 2, and compose.min_posts asks for 3."),
    ],
)
def test_too_few_posts_make_no_issue(
    make_entry: Make, write: Write, min_posts: int, count: int, message: str
) -> None:
    """Those that would be in wait, each with the reason."""
    state = build_state(*map(make_entry, range(1, count + 1)))
    with pytest.raises(NothingToCompose, match=message) as caught:
        write(state, replace(REQUEST, min_posts=min_posts))
    assert len(caught.value.left_out) == count
    assert all("waits" in str(reason) for _entry, reason in caught.value.left_out)


def test_a_description_that_several_posts_share_is_the_sites(
    make_entry: Make, write: Write
) -> None:
    """It is no summary of any of them."""
    said = "Region Exempelland berättar här om allt som händer i regionen under hela året."
    state = build_state(make_entry(1, body="", description=said))
    [alone] = write(state).teasers
    assert (alone.text, alone.reason) == (said, SummaryReason.description)
    [shared] = write(replace(state, description_counts={said: 2})).teasers
    assert (shared.text, shared.reason) == ("", SummaryReason.none)


def test_a_models_summary_stands_where_no_person_has_written_one(
    make_entry: Make, write: Write
) -> None:
    """With its reason."""
    entry = make_entry(1)
    found = Enrichment(model_summaries={entry.post.id: "Huset i Norrby byggs nu."})
    [teaser] = write(build_state(entry), enrichment=found).teasers
    assert (teaser.text, teaser.reason) == ("Huset i Norrby byggs nu.", SummaryReason.model)


@pytest.mark.parametrize(
    ("name", "date"), [("2026-11-24", "2026-11-24"), ("julbrev", "2026-12-01")]
)
def test_an_issue_is_dated_by_its_name_or_today(now: datetime, name: str, date: str) -> None:
    """And numbered after the highest."""
    texts = {"a": "---\nnumber: 7\n---\n"}
    defaults = build_defaults(REQUEST, name, texts, now)
    assert (defaults.date.isoformat(), defaults.number) == (date, 8)
    assert defaults.section_by_source == {FEED: "Nytt sedan sist"}
