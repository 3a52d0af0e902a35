"""The Atom feed: well-formed whatever an issue is called, and with ids that never change."""

from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.public.atom_feed import (
    MAX_FEED_ENTRIES,
    FeedEntry,
    FeedHead,
    format_timestamp,
    render_atom_feed,
)

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def make_head(title: str = "Nytt", url: str = "https://example.org") -> FeedHead:
    return FeedHead(
        id="https://example.org/archive",
        title=title,
        language="sv",
        updated=NOW,
        url=f"{url}/feed.xml",
        page_url=f"{url}/archive",
    )


def make_entry(title: str = "Nr 1", summary: str = "Kort", url: str = "") -> FeedEntry:
    return FeedEntry(
        id="https://example.org/i/1",
        url=url or "https://example.org/i/1",
        title=title,
        summary=summary,
        language="sv",
        updated=NOW,
    )


def parse(feed: str) -> ElementTree.Element:
    return ElementTree.fromstring(feed)


def test_a_feed_has_what_atom_asks_for() -> None:
    """RFC 4287, 4.1.1: id, title, updated, author, and a link to itself."""
    feed = parse(render_atom_feed(make_head(), [make_entry()]))
    assert feed.findtext(f"{ATOM}id") == "https://example.org/archive"
    assert feed.findtext(f"{ATOM}title") == "Nytt"
    assert feed.findtext(f"{ATOM}updated") == "2026-12-01T08:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Nytt"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "https://example.org/feed.xml",
        "alternate": "https://example.org/archive",
    }


def test_an_entry_has_what_atom_asks_for() -> None:
    """RFC 4287, 4.1.2; its link may be another than its id."""
    entry = make_entry(url="https://elsewhere.example/i/1.html")
    (found,) = parse(render_atom_feed(make_head(), [entry])).findall(f"{ATOM}entry")
    assert found.findtext(f"{ATOM}id") == "https://example.org/i/1"
    assert found.findtext(f"{ATOM}title") == "Nr 1"
    assert found.findtext(f"{ATOM}summary") == "Kort"
    assert found.findtext(f"{ATOM}updated") == "2026-12-01T08:00:00Z"
    link = found.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "https://elsewhere.example/i/1.html"


def test_a_feed_without_issues_is_a_feed() -> None:
    """Before the first issue was sent."""
    assert parse(render_atom_feed(make_head(), [])).findall(f"{ATOM}entry") == []


def test_only_the_newest_stand_in_the_feed() -> None:
    """They come newest first; feed readers keep the older ones."""
    entries = [make_entry(title=str(n)) for n in range(MAX_FEED_ENTRIES + 5)]
    found = parse(render_atom_feed(make_head(), entries)).findall(f"{ATOM}entry/{ATOM}title")
    assert [title.text for title in found] == [str(n) for n in range(MAX_FEED_ENTRIES)]


words = st.text(max_size=40) | st.sampled_from(["]]>", "<b>&amp;", "\"'", "\x00\x1f", "\ufffe"])


@given(title=words, summary=words)
def test_any_words_make_a_well_formed_feed(title: str, summary: str) -> None:
    """Markup is shown as it is written; what XML can't hold is left out."""
    feed = render_atom_feed(make_head(title), [make_entry(title, summary)])
    parsed = parse(feed.encode("utf-8", "replace").decode())
    shown = parsed.findtext(f"{ATOM}entry/{ATOM}title") or ""
    assert shown == "".join(c for c in title if c.isprintable())


def test_quotes_in_an_address_end_no_attribute() -> None:
    """An issue's name stands in links."""
    entry = make_entry(url="https://example.org/i/\"'><script>")
    feed = render_atom_feed(make_head(), [entry])
    assert "<script>" not in feed
    assert len(parse(feed).findall(f"{ATOM}entry")) == 1


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "2026-12-01T08:00:00Z"),
        (NOW.replace(microsecond=123456), "2026-12-01T08:00:00Z"),
        (NOW.astimezone(timezone(timedelta(hours=1))), "2026-12-01T09:00:00+01:00"),
    ],
    ids=["utc", "microseconds", "zone"],
)
def test_a_timestamp_is_rfc_3339(moment: datetime, text: str) -> None:
    """Whole seconds, with the zone."""
    assert format_timestamp(moment) == text
