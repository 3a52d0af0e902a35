"""By what a post is known, and when it counts as dated."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.domain.post import (
    FetchedPost,
    LedgerEntry,
    Post,
    PostId,
    PostIdentity,
    PostState,
    SourceState,
)

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
POST = Post(
    id=PostId("a" * 12),
    source="https://blogg.example.org/feed/",
    guid="g",
    url="https://blogg.example.org/1/",
    title="Bussen",
    published=NOW,
    excerpt="",
    body="<p>Text.</p>",
    categories=("buss",),
)
FETCHED = FetchedPost(post=POST, url_key="blogg.example.org/1", content_hash="hash")


def test_a_new_post_is_known_by_what_was_fetched() -> None:
    """And hasn't changed since."""
    identity = PostIdentity.from_fetched(FETCHED)
    assert (identity.id, identity.guid, identity.url) == (POST.id, POST.guid, POST.url)
    assert (identity.url_key, identity.content_hash) == ("blogg.example.org/1", "hash")
    assert not identity.has_changed(FETCHED)


@pytest.mark.parametrize(
    ("fetched", "changed"),
    [
        (replace(FETCHED, content_hash="other"), True),
        (replace(FETCHED, post=replace(POST, url="https://blogg.example.org/2/")), True),
        (replace(FETCHED, post=replace(POST, guid=None)), True),
        (replace(FETCHED, post=replace(POST, categories=("buss", "tåg"))), True),
        (replace(FETCHED, url_key="other"), False),
        (replace(FETCHED, post=replace(POST, published=None)), False),
    ],
    ids=["text", "address", "guid", "categories", "spelling of the address", "date"],
)
def test_what_counts_as_a_change(fetched: FetchedPost, changed: bool) -> None:
    """What is written to the ledger anew: the hash holds title and text."""
    assert PostIdentity.from_fetched(FETCHED).has_changed(fetched) is changed


def test_an_undated_post_counts_from_when_it_was_first_seen() -> None:
    """A dated one from its own date."""
    seen = NOW - timedelta(days=3)
    entry = LedgerEntry(post=POST, state=PostState.new, first_seen=seen)
    assert entry.effective_date == NOW
    assert replace(entry, post=replace(POST, published=None)).effective_date == seen


@pytest.mark.parametrize(
    ("last_success_at", "has_failed"),
    [(NOW, False), (NOW - timedelta(days=1), True), (None, True)],
)
def test_a_source_has_failed_where_its_last_reading_did(
    last_success_at: datetime | None, has_failed: bool
) -> None:
    """However often it was read before."""
    state = SourceState(read_at=NOW, last_success_at=last_success_at, notes=())
    assert state.has_failed is has_failed
