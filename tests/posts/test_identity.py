"""Addresses that may stand in a mail, and which post it is."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.domain.post import Post, PostId
from newsletter.posts.clean import sanitise_url
from newsletter.posts.identity import compute_post_id, hash_content, url_key

FEED = "https://blogg.example.org/feed/"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://blogg.example.org/a?b=1#c", "https://blogg.example.org/a?b=1#c"),
        (" HTTPS://Blogg.Example.ORG:443/A ", "https://blogg.example.org/A"),
        ("http://blogg.example.org:8080", "http://blogg.example.org:8080"),
        (
            "https://räksmörgås.example/åäö ?q=ö",
            "https://xn--rksmrgs-5wao1o.example/%C3%A5%C3%A4%C3%B6%20?q=%C3%B6",
        ),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://example.org/100%25?x=%zz", "https://example.org/100%25?x=%zz"),
        ("https://user:secret@example.org/", "https://example.org/"),
        ("https://example.org\\@evil.example/", "https://example.org/@evil.example/"),
        ("https://example.org/\r\nBcc: a", "https://example.org/Bcc:%20a"),
        ("ht\ttps://example.org/\0\u2028x", "https://example.org/x"),
        ("http://[::1]:80/", "http://[::1]/"),
        (f"https://example.org/{'a' * 3000}", None),
        (None, None),
    ],
)
def test_only_web_addresses_in_ascii_are_safe(url: str | None, safe: str | None) -> None:
    assert sanitise_url(url) == safe


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            " ",
            "/a",
            "a",
            "//example.org/a",
            "https://",
            "http:example.org",
            "https://example.org:99999/",
            "https://exa mple.org/",
            "http://-&",
        ),
        *(
            "javascript:alert(1)",
            "\u2028javascript:alert(1)",
            "\u3000javascript:x",
            "JaVaScRiPt:x",
            "java\nscript:x",
            "data:text/html,x",
        ),
        *(
            "file:///etc/passwd",
            "ftp://example.org/",
            "mailto:a@example.org",
            "https://ex<a>.org/",
            "https://[::1/",
            "https://[x]/",
            "vbscript:x",
        ),
    ],
)
def test_anything_else_is_no_address(url: str) -> None:
    assert sanitise_url(url) is None


def test_a_relative_address_is_made_absolute() -> None:
    assert (
        sanitise_url("../b?x", "https://blogg.example.org/a/c/")
        == "https://blogg.example.org/a/b?x"
    )
    assert (
        sanitise_url("//cdn.example.org/x.jpg", "https://blogg.example.org/")
        == "https://cdn.example.org/x.jpg"
    )
    assert sanitise_url("javascript:x", "https://blogg.example.org/") is None


@given(
    st.text(max_size=200)
    | st.text(max_size=100).map(lambda rest: f"https://{rest}")
    | st.text(max_size=50).map(lambda rest: f"https://example.org/{rest}")
)
@settings(deadline=None)
def test_no_address_carries_anything_hidden(url: str) -> None:
    safe = sanitise_url(url)
    if safe is not None:
        assert safe.isascii()
        assert safe.isprintable()
        assert " " not in safe
        assert "@" not in urlsplit(safe).netloc
        assert urlsplit(safe).scheme in ("http", "https")
        assert sanitise_url(safe) == safe
    url_key(url)


@pytest.mark.parametrize(
    "same",
    [
        "https://blogg.example.org/sondag",
        "http://blogg.example.org/sondag/",
        "https://www.blogg.example.org/sondag",
        "HTTPS://BLOGG.example.org:443/sondag#top",
        "https://blogg.example.org/sondag/index.html",
        "https://blogg.example.org/sondag?utm_source=feed&utm_medium=rss",
        "https://blogg.example.org/sondag?fbclid=1&gclid=2",
        "https://blogg.example.org//x/../sondag/./",
        "https://blogg.example.org/s%6Fndag",
        "https://blogg.example.org/sondag/?",
    ],
)
def test_one_post_has_one_key_however_its_address_is_spelled(same: str) -> None:
    assert url_key(same) == "blogg.example.org/sondag"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://blogg.example.org/?p=1", "https://blogg.example.org/?p=2"),
        ("https://blogg.example.org/a", "https://blogg.example.org/A"),
        ("https://a.example.org/x", "https://b.example.org/x"),
        ("https://blogg.example.org/a%2Fb", "https://blogg.example.org/a/b"),
        ("https://blogg.example.org:8443/a", "https://blogg.example.org/a"),
    ],
)
def test_different_posts_have_different_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


def test_the_order_of_a_query_says_nothing() -> None:
    assert url_key("https://x.example/?b=2&a=1") == url_key("https://x.example/?a=1&b=2")


def test_an_id_is_twelve_hexadecimal_digits_and_stays_the_same_for_ever() -> None:
    """Issue files hold these: a change here would announce every post again."""
    assert compute_post_id(FEED, "https://blogg.example.org/?p=47", None, "") == "b6649212ca54"
    assert compute_post_id(FEED, "47", None, "") == "36dbd22e113f"
    assert compute_post_id(FEED, None, "https://blogg.example.org/sondag", "") == "5e99900ca366"
    assert compute_post_id(FEED, None, None, "Biblioteken öppnar") == "520a5d5a809c"


def test_the_feeds_own_id_goes_before_address_and_title() -> None:
    first = compute_post_id(FEED, "urn:uuid:1", "https://blogg.example.org/a", "A")
    assert first == compute_post_id(FEED, "urn:uuid:1", "https://blogg.example.org/moved", "B")
    assert first == compute_post_id("https://other.example/feed", "urn:uuid:1", None, "")
    assert compute_post_id(FEED, "7", None, "") != compute_post_id(
        "https://other.example/feed", "7", None, ""
    )
    assert compute_post_id(FEED, "7", None, "") == compute_post_id(
        "http://blogg.example.org/feed", "7", None, ""
    )


def test_the_fingerprint_of_a_text_changes_with_its_words_and_not_with_its_markup() -> None:
    def build_post(title: str, body: str) -> Post:
        return Post(
            id=PostId("x"),
            source="s",
            guid=None,
            url=None,
            title=title,
            published=None,
            excerpt="",
            body=body,
        )

    assert hash_content(build_post("A", "<p>Ett <b>ord</b>.</p>")) == hash_content(
        build_post("A", "<div>Ett  ord.</div>\n")
    )
    assert hash_content(build_post("A", "<p>Ett ord.</p>")) != hash_content(
        build_post("A", "<p>Ett annat ord.</p>")
    )
    assert hash_content(build_post("A", "x")) != hash_content(build_post("B", "x"))
