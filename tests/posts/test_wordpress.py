"""WordPress by its API: paging, pictures with alt texts, categories.

What servers send instead of JSON.
"""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.domain.post import Source
from newsletter.errors import FetchError, SourceError
from newsletter.posts.clean import BlockKind, extract_blocks
from newsletter.posts.fetch.fetch import Fetcher
from newsletter.posts.sources import read_source
from newsletter.posts.wordpress import build_api_url, read_wordpress, read_wordpress_file
from tests.posts.web_server import Responder, WebServer, respond_with, respond_with_status

LONG = "<p>Från och med januari håller fyra bibliotek öppet alla dagar i veckan.</p>" * 4


def build_item(number: int = 1, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "date": "2026-11-24T10:00:00",
        "date_gmt": "2026-11-24T09:00:00",
        "guid": {"rendered": f"https://blogg.example.org/?p={number}"},
        "link": f"https://blogg.example.org/{number}/",
        "status": "publish",
        "title": {"rendered": f"Bad &amp; sol &#8211; del {number}"},
        "content": {"rendered": LONG, "protected": False},
        "excerpt": {"rendered": "<p>Från och med januari håller fyra […]</p>"},
        "_embedded": {
            "author": [{"name": "Anna Andersson"}],
            "wp:featuredmedia": [
                {"source_url": "https://blogg.example.org/bilder/sol.jpg", "alt_text": "Barn badar"}
            ],
            "wp:term": [
                [{"taxonomy": "category", "name": "Natur &amp; fritid"}],
                [{"taxonomy": "post_tag", "name": "bad"}, {"taxonomy": "lang", "name": "Svenska"}],
            ],
        },
    } | more


def respond_with_items(items: list[dict[str, object]], *, size: int = 50) -> Responder:
    """Answer as WordPress does: a page of items, and 400 after the last one."""

    def answer(handler: object) -> None:
        query = parse_qs(urlsplit(handler.path).query)  # type: ignore[attr-defined]
        page = int(query["page"][0])
        found = items[(page - 1) * size : page * size]
        content = json.dumps(
            found
            if found or page == 1
            else {"code": "rest_post_invalid_page_number", "message": "No such page."}
        )
        respond_with(content.encode(), 200 if found or page == 1 else 400)(handler)  # type: ignore[arg-type]

    return answer


class WordPressServer(WebServer):
    """A site that answers whatever the query says."""

    def serve(self, path: str, answer: Responder) -> None:
        class Table(dict[str, Responder]):
            def get(self, key: str, default: Responder | None = None) -> Responder | None:  # type: ignore[override]
                return super().get(key) or super().get(urlsplit(key).path, default)

        self.responses = Table(self.responses)
        self.responses[path] = answer


@pytest.fixture
def wordpress_server() -> "WordPressServer":
    here = WordPressServer()
    yield here  # type: ignore[misc]
    here.close()


def test_all_that_a_post_has_is_read(wordpress_server: WordPressServer, fetcher: Fetcher) -> None:
    """Title, address, date in UTC, text, authors, categories and tags.

    The picture with its alternative text.
    """
    wordpress_server.serve("/wp-json/wp/v2/posts", respond_with_items([build_item()]))
    reading = read_wordpress(wordpress_server.url, fetcher.fetch, source=wordpress_server.url)
    (post,) = reading.posts
    assert (post.title, post.url, post.guid) == (
        "Bad & sol – del 1",
        "https://blogg.example.org/1/",
        "https://blogg.example.org/?p=1",
    )
    assert post.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert (post.categories, post.authors) == (("Natur & fritid", "bad"), ("Anna Andersson",))
    assert post.picture is not None
    assert (post.picture.url, post.picture.alt) == (
        "https://blogg.example.org/bilder/sol.jpg",
        "Barn badar",
    )
    assert (post.body, post.excerpt) == (LONG, "<p>Från och med januari håller fyra […]</p>")
    query = parse_qs(urlsplit(wordpress_server.requests[0][1]).query)
    assert (query["_embed"], query["page"]) == (["1"], ["1"])


def test_every_page_is_read_whatever_its_size_is(
    wordpress_server: WordPressServer, fetcher: Fetcher
) -> None:
    """Also where the server gives fewer posts at a time than it was asked for; each post once."""
    wordpress_server.serve(
        "/wp-json/wp/v2/posts",
        respond_with_items([build_item(number) for number in range(1, 26)], size=10),
    )
    reading = read_wordpress(wordpress_server.url, fetcher.fetch, source=wordpress_server.url)
    assert [post.url for post in reading.posts] == [
        f"https://blogg.example.org/{number}/" for number in range(1, 26)
    ]
    assert len(wordpress_server.requests) == 4
    assert reading.notes == ()


def test_a_server_that_gives_the_same_page_for_ever_is_asked_twice(
    wordpress_server: WordPressServer, fetcher: Fetcher
) -> None:
    wordpress_server.serve(
        "/wp-json/wp/v2/posts", respond_with(json.dumps([build_item()]).encode())
    )
    assert (
        len(read_wordpress(wordpress_server.url, fetcher.fetch, source=wordpress_server.url).posts)
        == 1
    )
    assert len(wordpress_server.requests) == 2


def test_pages_that_fail_later_leave_the_first_ones_and_a_word(
    wordpress_server: WordPressServer, fetcher: Fetcher
) -> None:
    first = respond_with_items([build_item(number) for number in range(1, 60)])
    wordpress_server.serve(
        "/wp-json/wp/v2/posts",
        lambda handler: (
            first(handler)
            if "page=1" in handler.path.split("&")
            else respond_with_status(503)(handler)
        ),
    )
    reading = read_wordpress(wordpress_server.url, fetcher.fetch, source=wordpress_server.url)
    assert len(reading.posts) == 50
    assert "Only the newest 50 posts" in str(reading.notes[0])


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org", "https://example.org/wp-json/wp/v2/posts"),
        ("https://example.org/blogg/", "https://example.org/blogg/wp-json/wp/v2/posts"),
        (
            "https://example.org/wp-json/wp/v2/posts?categories=5",
            "https://example.org/wp-json/wp/v2/posts?categories=5",
        ),
        (
            "https://example.org/?rest_route=/wp/v2/posts",
            "https://example.org/?rest_route=/wp/v2/posts",
        ),
    ],
)
def test_the_address_of_the_api(url: str, address: str) -> None:
    assert build_api_url(url) == address


def test_what_the_address_asks_for_is_kept(
    wordpress_server: WordPressServer, fetcher: Fetcher
) -> None:
    """A category of the API, say."""
    wordpress_server.serve("/wp-json/wp/v2/posts", respond_with_items([build_item()]))
    read_source(
        Source(url=f"{wordpress_server.url}/wp-json/wp/v2/posts?categories=5"),
        fetcher.fetch,
        folder=Path(),
    )
    assert parse_qs(urlsplit(wordpress_server.requests[0][1]).query)["categories"] == ["5"]


def test_a_page_below_the_site_finds_the_api_above(
    wordpress_server: WordPressServer, fetcher: Fetcher
) -> None:
    wordpress_server.serve("/wp-json/wp/v2/posts", respond_with_items([build_item()]))
    assert (
        len(
            read_source(
                Source(url=f"{wordpress_server.url}/nyheter/", kind="wordpress"),
                fetcher.fetch,
                folder=Path(),
            ).posts
        )
        == 1
    )


def test_raw_control_characters_warnings_and_a_broken_end_are_taken() -> None:
    """json.loads refuses all three."""
    whole = json.dumps([build_item(1), build_item(2)])
    raw = whole.replace("del 1", "del\t1\x0b\n")
    assert read_wordpress_file(raw.encode(), source="s").posts[0].title == "Bad & sol – del 1"
    warned = (
        "<br />\n<b>Warning</b>: Undefined array key in <b>/x.php</b> on line [12]<br />\n" + whole
    )
    assert len(read_wordpress_file(warned.encode(), source="s").posts) == 2
    assert len(read_wordpress_file(("\ufeff" + whole).encode(), source="s").posts) == 2
    assert len(read_wordpress_file(whole[:-200].encode(), source="s").posts) == 1


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ('{"code": "rest_disabled", "message": "The REST API is off."}', "The REST API is off"),
        ("<!doctype html><p>Hej", "isn't a WordPress site"),
        ("", "isn't a WordPress site"),
        ('{"a": [[[', "isn't a WordPress site"),
        ("[" * 100_000, "isn't a WordPress site"),
        ("[1, null, []]", "isn't a WordPress site"),
    ],
)
def test_what_holds_no_posts_is_one_sentence(content: str, part: str) -> None:
    with pytest.raises(SourceError, match=part) as caught:
        read_wordpress_file(content.encode(), source="https://blogg.example.org")
    assert "\n" not in str(caught.value)


def test_a_closed_api_and_an_empty_site(
    wordpress_server: WordPressServer, fetcher: Fetcher
) -> None:
    with pytest.raises(FetchError, match="404"):
        read_wordpress(wordpress_server.url, fetcher.fetch, source=wordpress_server.url)
    wordpress_server.serve("/wp-json/wp/v2/posts", respond_with_items([]))
    reading = read_wordpress(wordpress_server.url, fetcher.fetch, source=wordpress_server.url)
    assert (reading.posts, "no posts" in str(reading.notes[0])) == ((), True)


def test_posts_with_a_password_and_drafts_are_left_out() -> None:
    items = [
        build_item(1, content={"rendered": "", "protected": True}),
        build_item(2, status="draft"),
        build_item(3, status="future"),
        build_item(4),
    ]
    reading = read_wordpress_file(json.dumps(items).encode(), source="s")
    assert [post.url for post in reading.posts] == [
        "https://blogg.example.org/3/",
        "https://blogg.example.org/4/",
    ]
    assert "1 posts of s ask for a password" in str(reading.notes[0])


def test_dates_without_gmt_are_the_newsletters() -> None:
    one = build_item(date_gmt="0000-00-00T00:00:00")
    (post,) = read_wordpress_file(
        json.dumps([one]).encode(), source="s", zone=ZoneInfo("Europe/Stockholm")
    ).posts
    assert post.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_pictures_of_all_kinds() -> None:
    """An alt text that isn't written is unknown, not decorative; a huge original gives way.

    A refusal is no picture.
    """

    def read_picture(media: object, **more: object) -> tuple[str, str | None] | None:
        one = build_item(_embedded={"wp:featuredmedia": media}, **more)
        (post,) = read_wordpress_file(json.dumps([one]).encode(), source="s").posts
        return (post.picture.url, post.picture.alt) if post.picture else None

    url = "https://blogg.example.org/a.jpg"
    assert read_picture([{"source_url": url, "alt_text": ""}]) == (url, None)
    huge = {
        "width": 4000,
        "sizes": {"large": {"source_url": "https://blogg.example.org/a-1024x683.jpg"}},
    }
    assert read_picture([{"source_url": url, "alt_text": "En å", "media_details": huge}]) == (
        "https://blogg.example.org/a-1024x683.jpg",
        "En å",
    )
    assert read_picture([{"code": "rest_forbidden", "data": {"status": 401}}]) is None
    assert read_picture("nonsense", jetpack_featured_media_url=url) == (url, None)
    assert read_picture([{"source_url": "javascript:alert(1)"}]) is None


def test_what_stands_before_more_is_the_authors_own_summary() -> None:
    one = build_item(
        content={
            "rendered": (
                "<p>Fyra bibliotek håller öppet varje dag.</p><p><span"
                ' id="more-7"></span></p><p>Försöket pågår i ett år.</p>'
            )
        }
    )
    (post,) = read_wordpress_file(json.dumps([one]).encode(), source="s").posts
    found = [(block.kind, block.text) for block in extract_blocks(post.body)]
    assert found == [
        (BlockKind.lead, "Fyra bibliotek håller öppet varje dag."),
        (BlockKind.paragraph, "Försöket pågår i ett år."),
    ]


def test_the_same_post_by_feed_and_by_api_has_the_same_id(tmp_path: Path) -> None:
    """Both give WordPress' guid."""
    (tmp_path / "posts.json").write_text(json.dumps([build_item(7)]))
    feed = (
        "<rss version='2.0'><channel><title>B</title><item><title>x</title><guid"
        " isPermaLink='false'>https://blogg.example.org/?p=7</guid></item></channel></rss>"
    )
    (tmp_path / "feed.xml").write_text(feed)
    ids = {
        read_source(Source(url=name), Fetcher().fetch, folder=tmp_path).posts[0].id
        for name in ("posts.json", "feed.xml")
    }
    assert len(ids) == 1


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *build_item(),
                    "rendered",
                    "name",
                    "source_url",
                    "alt_text",
                    "sizes",
                    "large",
                    "message",
                ]
            ),
            inner,
            max_size=8,
        )
    ),
    max_leaves=40,
)


@given(_JSON)
@settings(max_examples=200, deadline=None)
def test_no_json_crashes(found: object) -> None:
    """Whatever types stand where."""
    with contextlib.suppress(SourceError):
        read_wordpress_file(
            json.dumps(
                [found, {"link": found, "title": {"rendered": found}, "_embedded": found}]
            ).encode(),
            source="s",
        )


def test_one_odd_post_does_not_hide_the_others() -> None:
    """A plugin has made a plain string of the first title: it is read, and so are the rest."""
    found = read_wordpress_file(
        json.dumps([build_item(1, title="Bara text"), None, build_item(2)]).encode(),
        source="posts.json",
    )
    assert [post.title for post in found.posts] == ["Bara text", "Bad & sol – del 2"]
