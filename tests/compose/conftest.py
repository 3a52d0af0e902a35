"""Posts and ledger entries for tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.domain.post import LedgerEntry, Post, PostState
from newsletter.posts.identity import compute_post_id

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
SENTENCE = "Region Exempelland bygger ett nytt hus i Norrby under året. "
FEED = "https://blogg.example.org/feed/"


def build_post(
    number: int = 1,
    *,
    title: str | None = None,
    source: str = FEED,
    days: float | None = None,
    **more: object,
) -> Post:
    """Return a post that is `days` old (its number, if left out)."""
    slug = f"https://blogg.example.org/{number}/"
    values: dict[str, object] = {
        "source": source,
        "guid": f"g{number}",
        "url": slug,
        "title": (
            f"Inlägg med titel {'abcdefghijklmnopqrstuvwxyz'[number % 26] * 6}"
            if title is None
            else title
        ),
        "published": NOW - timedelta(days=number if days is None else days),
        "excerpt": "",
        "body": f"<p>Det här inlägget handlar om sak nummer {number}. {SENTENCE * 4}</p>",
    } | more
    values["id"] = more.get("id") or compute_post_id(
        str(values["source"]), values["guid"], values["url"], str(values["title"])
    )  # type: ignore[arg-type]
    return Post(**values)  # type: ignore[arg-type]


def build_entry(
    number: int = 1, *, state: PostState = PostState.new, issue: str | None = None, **more: object
) -> LedgerEntry:
    """Return a post with its place in the ledger."""
    return LedgerEntry(
        post=build_post(number, **more),
        state=state,
        first_seen=NOW - timedelta(hours=1),
        issue_name=issue,
    )  # type: ignore[arg-type]


@pytest.fixture
def make_post() -> Callable[..., Post]:
    """Return `post`."""
    return build_post


@pytest.fixture
def make_entry() -> Callable[..., LedgerEntry]:
    """Return `entry`."""
    return build_entry


@pytest.fixture
def now() -> datetime:
    """Return the first of December 2026, eight o'clock UTC."""
    return NOW
