"""The demo's blog: what a person meets first, and every test of teasers can lean on."""

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.domain.post import Source
from newsletter.posts.markdown.folder import find_picture_file
from newsletter.posts.sources import read_source
from newsletter.resources import find_stock_templates

DEMO = find_stock_templates() / "demo"
BLOG = DEMO / "blogg"
SOURCE = Source(url=str(BLOG), kind="markdown", link="https://blogg.example.org/{slug}/")


def refuse_fetch(*_: object, **__: object) -> None:
    pytest.fail("the demo's posts lie on disk")


@pytest.fixture(scope="module")
def posts() -> dict[str, object]:
    # nothing is fetched
    reading = read_source(SOURCE, refuse_fetch, folder=BLOG)  # type: ignore[arg-type]
    return {post.url or "": post for post in reading.posts}


def test_every_post_is_read_but_the_draft(posts: dict[str, object]) -> None:
    """Two years of posts, one of them in the future, each with title, date and address."""
    assert len(posts) == len(list(BLOG.glob("*.md"))) - 1 >= 22
    dates = sorted(post.published for post in posts.values())  # type: ignore[attr-defined]
    assert dates[0] < datetime(2025, 1, 1, tzinfo=UTC)
    assert dates[-1] > datetime(2026, 12, 1, tzinfo=UTC)
    assert all(url.startswith("https://blogg.example.org/") for url in posts)
    assert not any("UTKAST" in post.title for post in posts.values())  # type: ignore[attr-defined]


def test_every_picture_is_there_and_light(posts: dict[str, object]) -> None:
    """Whoever downloads this program gets a megabyte of pictures, not more.

    None is missing, none is left over.
    """
    shown = {
        find_picture_file(post.picture.url, SOURCE, BLOG) for post in posts.values() if post.picture
    }  # type: ignore[attr-defined]
    there = set((BLOG / "bilder").glob("*.jpg"))
    assert shown == there
    assert all(file.stat().st_size < 60_000 for file in there)


@pytest.mark.parametrize("file", sorted(BLOG.glob("*.md")), ids=lambda file: file.stem)
def test_a_post_names_no_place_that_could_exist(file: Path) -> None:
    """Addresses are those set aside for examples (RFC 2606)."""
    hosts = re.findall(r"https?://([^/\s)\"]+)|\bwww\.([a-z.]+)", file.read_text("utf-8"))
    assert all(host.endswith("example.org") for pair in hosts for host in pair if host)


def test_odd_characters_are_there_on_purpose() -> None:
    """What real sites send: decomposed letters, emoji, soft hyphens, hard spaces.

    Markup signs in titles.
    """
    text = "".join(file.read_text("utf-8") for file in BLOG.glob("*.md"))
    assert unicodedata.normalize("NFC", text) != text
    for odd in (
        "\u00ad",
        "\u00a0",
        "🌻",
        "\u200d",
        "& teater – under 200 kronor (och < 30",
        "”Äntligen",
        "<!--more-->",
    ):
        assert odd in text
    sizes = sorted(len(file.read_text("utf-8").split()) for file in BLOG.glob("*.md"))
    assert sizes[0] < 50
    assert sizes[-1] > 500


def test_made_up_names_are_enough_for_a_thousand_readers() -> None:
    """About eighty first and eighty last names, none twice in its list."""
    parts = re.split(r"^\[(first|last)\]$", (DEMO / "names.txt").read_text("utf-8"), flags=re.M)
    for names in (parts[2].split(), parts[4].split()):
        assert len(names) == len(set(names)) >= 80
