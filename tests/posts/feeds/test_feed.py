"""Feeds: every format, every careless way of writing one, and every way of attacking its reader."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import SourceError
from newsletter.posts.dates import DateParser
from newsletter.posts.feeds.feed import Feed, read_feed
from newsletter.posts.feeds.json_feed import NotAJsonFeedError, read_json_feed
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.fetch.sniff import DocumentType, sniff_document_type
from tests.waiting import CPU_SECONDS

CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
BASE = "https://blogg.example.org/feed/"
LONG = (
    "<p>" + "Från och med januari håller fyra bibliotek öppet alla dagar i veckan. " * 10 + "</p>"
)


def read(text: str | bytes, content_type: str = "") -> Feed:
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return read_feed(content, source=BASE, base=BASE, content_type=content_type)


def build_rss(items: str, head: str = '<?xml version="1.0"?>', channel: str = "") -> str:
    spaces = (
        'xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    return (
        f'{head}<rss version="2.0"'
        f" {spaces}><channel><title>Bloggen</title>{channel}{items}</channel></rss>"
    )


def build_item(inner: str) -> str:
    return f"<item>{inner}</item>"


def test_rss_gives_all_that_a_post_has() -> None:
    feed = read(
        build_rss(
            build_item(
                "<title>Bad &amp; sol</title><link>https://blogg.example.org/sol</link><guid"
                " isPermaLink='false'>47</guid><category>Fritid</category><category>Vatten</category><author>anna@example.org"
                " (Anna Andersson)</author><pubDate>Tue, 24 Nov 2026 10:00:00"
                " +0100</pubDate><description>En kort"
                f" text.</description><content:encoded><![CDATA[{LONG}]]></content:encoded>"
            ),
            channel="<language>sv-se</language>",
        )
    )
    (post,) = feed.posts
    assert (feed.title, feed.language, post.language) == ("Bloggen", "sv-SE", "sv-SE")
    assert (post.title, post.url, post.guid, post.source) == (
        "Bad & sol",
        "https://blogg.example.org/sol",
        "47",
        BASE,
    )
    assert post.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert (post.categories, post.authors) == (("Fritid", "Vatten"), ("Anna Andersson",))
    assert post.excerpt == "En kort text."
    assert "Från och med januari" in post.body


def test_rdf_and_atom_are_read() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="x"><title>t</title></channel><item'
        ' rdf:about="https://blogg.example.org/1"><title>Ett</title>'
        "<link>https://blogg.example.org/1</link><dc:date>2026-11-24T10:00:00+01:00</dc:date><dc:creator>Anna</dc:creator></item></rdf:RDF>"
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sv"'
        ' xml:base="https://blogg.example.org/a/"><title>t</title><entry'
        ' xml:base="b/"><id>urn:uuid:1</id><title type="html">Ett &amp;lt;b&gt;ord</title><link'
        ' rel="alternate"'
        ' href="ett"/><published>2026-11-24T10:00:00Z</published><updated>2026-11-25T10:00:00Z</updated><author><name>Anna</name></author><category'
        ' term="x" label="Fritid"/><content type="xhtml"><div'
        ' xmlns="http://www.w3.org/1999/xhtml"><p>Hej.</p><img src="c.jpg" alt="Ett'
        ' hus"/></div></content></entry></feed>'
    )
    (one,) = read(rdf).posts
    assert (one.title, one.url, one.authors) == ("Ett", "https://blogg.example.org/1", ("Anna",))
    assert one.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    (two,) = read(atom).posts
    assert (two.url, two.guid, two.language, two.categories) == (
        "https://blogg.example.org/a/b/ett",
        "urn:uuid:1",
        "sv",
        ("Fritid",),
    )
    assert two.published == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert two.picture is not None
    assert (two.picture.url, two.picture.alt) == ("https://blogg.example.org/a/b/c.jpg", "Ett hus")


def test_json_feed_is_read_raw_control_characters_and_all() -> None:
    text = (
        '{"version":"https://jsonfeed.org/version/1.1","title":"Bloggen","language":"sv","authors":[{"name":"Anna"}],"items":[{"id":47,"url":"/sol",'
        '"title":"Bad\n\x01 och sol","content_text":"Ett'
        ' <b>\n\nTvå","summary":"Kort.","image":"/sol.jpg","tags":["Fritid"],'
        '"date_published":"2026-11-24T10:00:00+01:00"},"skräp"]}'
    )
    (post,) = read(text).posts
    assert (post.title, post.url, post.guid, post.authors) == (
        "Bad och sol",
        "https://blogg.example.org/sol",
        "47",
        ("Anna",),
    )
    assert post.body == "<p>Ett &lt;b&gt;</p><p>Två</p>"
    assert post.picture is not None
    assert post.picture.url == "https://blogg.example.org/sol.jpg"
    assert post.picture.alt is None


def test_a_json_feed_that_is_broken_off_gives_what_is_whole_and_says_so() -> None:
    feed = read('{"items":[{"title":"Ett","url":"https://x.example/1"},{"title":"Tv')
    assert [post.title for post in feed.posts] == ["Ett"]
    assert "broken off" in str(feed.notes[0])


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '"x"',
        "{",
        "[1,2]",
        '{"items":{}}',
        '{"items":' + "[" * 100_000,
        '{"items":[' + '{"a":[' * 100_000,
        "null",
    ],
)
def test_json_that_is_no_json_feed_is_said_so(text: str) -> None:
    with pytest.raises(NotAJsonFeedError):
        read_json_feed(text, BASE, 10)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
@settings(deadline=None)
def test_no_json_crashes(value: object) -> None:
    keys = (
        "id",
        "url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "image",
        "tags",
        "authors",
        "author",
        "attachments",
        "date_published",
    )
    feed = read(
        json.dumps(
            {
                "items": [dict.fromkeys(keys, value)],
                "title": value,
                "language": value,
                "authors": value,
                "feed_url": value,
            }
        )
    )
    for post in feed.posts:
        assert post.title == " ".join(post.title.split())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"<!doctype html><title>x</title>", "is a web page, not a feed"),
        (
            b"<html><link rel='alternate' type='application/rss+xml' href='/feed.xml'>",
            "Its feed is https://blogg.example.org/feed.xml",
        ),
        (b"<?xml version='1.0'?><opml version='1.0'><body/></opml>", "list of feeds"),
        (
            (
                b"<?xml version='1.0'?><!-- x --><urlset"
                b" xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>"
            ),
            "sitemap",
        ),
        (b"%PDF-1.7 \x00\xff", "is no feed"),
        (b"hej", "is no feed"),
        (b"{}", "no JSON Feed"),
        (b"\x1f\x8b\x08\x00", "is no feed"),
    ],
)
def test_what_is_no_feed_is_called_by_its_name(content: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        read(content)
    assert "\n" not in str(caught.value)


def test_an_empty_feed_is_a_note_and_no_error() -> None:
    feed = read(build_rss(""))
    assert feed.posts == ()
    assert "no posts" in str(feed.notes[0])


# Texts


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Bad &amp;amp; sol", "Bad & sol"),
        ("<![CDATA[Bad &#8211; <b>sol</b>]]>", "Bad – sol"),
        ("A&#13;&#10;Bcc: x@example.org", "A Bcc: x@example.org"),
        ("A&amp;#10;B&amp;#0;C", "A B�C"),
        ("=?utf-8?q?A=0D=0ABcc:_x?=", "=?utf-8?q?A=0D=0ABcc:_x?="),
        ("5 &lt; 6", "5 < 6"),
        ("\u202eabc\u2028d\u00ade", "abc de"),
        ("x" * 10_000, "x" * 499 + "…"),
        ("ord " * 5_000, "ord " * 123 + "ord…"),
        ("", ""),
    ],
)
def test_a_title_is_one_line_of_plain_text(title: str, shown: str) -> None:
    (post,) = read(
        build_rss(build_item(f"<title>{title}</title><link>https://x.example/1</link>"))
    ).posts
    assert post.title == shown


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "java&#10;script:x",
        "data:text/html,x",
        "&#x2028;javascript:x",
        "mailto:a@example.org",
        " ",
    ],
)
def test_a_link_that_is_none_leaves_the_post_without_one(link: str) -> None:
    feed = read(
        build_rss(build_item(f"<title>Hej</title><link>{link}</link>"), head="").replace(
            "<title>Bloggen</title>", ""
        )
    )
    (post,) = feed.posts
    assert post.title == "Hej"
    assert post.url is None or post.url.startswith("https://blogg.example.org/")


def test_a_relative_link_is_made_absolute_and_a_permalink_id_serves_as_link() -> None:
    first, second = read(
        build_rss(
            build_item("<title>a</title><link>/a</link>")
            + build_item("<title>b</title><guid>https://blogg.example.org/b</guid>")
        )
    ).posts
    assert (first.url, second.url) == ("https://blogg.example.org/a", "https://blogg.example.org/b")


def test_one_text_is_a_summary_when_short_and_the_article_when_long() -> None:
    short, long = read(
        build_rss(
            build_item("<title>a</title><description>En kort text.</description>")
            + build_item(f"<title>b</title><description>{escape(LONG)}</description>")
        )
    ).posts
    assert (short.excerpt, short.body) == ("En kort text.", "")
    assert (long.excerpt, long.body) == ("", LONG)


def test_a_content_that_is_its_own_summary_is_no_summary() -> None:
    (post,) = read(
        build_rss(
            build_item(
                f"<title>a</title><description>{escape(LONG)}</description><content:encoded>{escape(LONG)}</content:encoded>"
            )
        )
    ).posts
    assert (post.excerpt, post.body) == ("", LONG)


def test_two_posts_with_one_id_or_one_address_are_two_posts_and_one_twice_is_one() -> None:
    same_guid = build_item(
        "<title>a</title><guid isPermaLink='false'>1</guid><link>https://x.example/a</link>"
    ) + build_item(
        "<title>b</title><guid isPermaLink='false'>1</guid><link>https://x.example/b</link>"
    )
    same_link = build_item("<title>c</title><link>https://x.example/</link>") + build_item(
        "<title>d</title><link>https://x.example/</link>"
    )
    once = build_item("<title>e</title><link>https://x.example/e</link>")
    posts = read(build_rss(same_guid + same_link + once * 3)).posts
    assert [post.title for post in posts] == ["a", "b", "c", "d", "e"]
    assert len({post.id for post in posts}) == 5
    assert [post.guid for post in posts[:2]] == [None, None]


def test_a_post_without_title_link_and_text_is_left_out_and_one_with_any_of_them_is_not() -> None:
    feed = read(
        build_rss(
            build_item("<guid isPermaLink='false'>1</guid>")
            + build_item("<title>a</title>")
            + build_item("<link>https://x.example/</link>")
            + build_item("<description>b</description>")
        )
    )
    assert len(feed.posts) == 3
    assert "No post of" in str(
        read(build_rss(build_item("<guid isPermaLink='false'>1</guid>"))).notes[0]
    )


# Pictures


def build_description(text: str) -> str:
    return f"<description>{escape(text)}</description>"


@pytest.mark.parametrize(
    ("inner", "url", "alt"),
    [
        (
            (
                '<media:content url="/a.jpg" medium="image"><media:description>Ett'
                " hus</media:description></media:content>"
            ),
            "a.jpg",
            "Ett hus",
        ),
        ('<media:thumbnail url="https://blogg.example.org/a.jpg"/>', "a.jpg", None),
        (
            '<enclosure url="https://blogg.example.org/a.jpg" type="image/jpeg" length="1"/>',
            "a.jpg",
            None,
        ),
        (build_description('<img src="/a.jpg" alt="Ett hus">'), "a.jpg", "Ett hus"),
        (build_description('<img src="/a.jpg" alt="">'), "a.jpg", ""),
        (build_description('<img src="/a.jpg">'), "a.jpg", None),
        (
            (
                '<media:content url="/a-300x200.jpg" medium="image"/><description>&lt;img'
                ' src="/a.jpg" alt="Ett hus"&gt;</description>'
            ),
            "a-300x200.jpg",
            "Ett hus",
        ),
        (build_description('<img src="data:image/gif;base64,x" data-src="/a.jpg">'), "a.jpg", None),
        (build_description('<img srcset="/a.jpg 1x, /b.jpg 2x">'), "a.jpg", None),
        (
            build_description(
                '<img src="/p.gif" width="1" height="1"><img class="wp-smiley" src="/s.png"><img'
                ' src="/a.jpg">'
            ),
            "a.jpg",
            None,
        ),
        (
            build_description(
                '<img src="https://x.gravatar.com/a.jpg"><img src="/icons/i.png"><img src="/x.svg">'
            ),
            None,
            None,
        ),
        (
            build_description('<img src="javascript:x"><img src="file:///a.jpg"><img src=""><img>'),
            None,
            None,
        ),
        ('<enclosure url="https://blogg.example.org/a.mp3" type="audio/mpeg"/>', None, None),
        ('<media:content url="https://blogg.example.org/a.mp4" medium="video"/>', None, None),
    ],
)
def test_the_picture_is_the_featured_one_or_the_first_real_one(
    inner: str, url: str | None, alt: str | None
) -> None:
    (post,) = read(
        build_rss(build_item(f"<title>t</title><link>https://blogg.example.org/t</link>{inner}"))
    ).posts
    assert (post.picture.url if post.picture else None) == (
        f"https://blogg.example.org/{url}" if url else None
    )
    assert (post.picture.alt if post.picture else None) == alt


def test_the_description_of_a_picture_is_no_summary_of_the_post() -> None:
    (post,) = read(
        build_rss(
            build_item(
                '<title>t</title><media:content url="/a.jpg"><media:description>Ett'
                " hus</media:description></media:content>"
            )
        )
    ).posts
    assert post.excerpt == ""
    assert post.title == "t"


# Dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 24 Nov 2026 10:00:00 +0100", "2026-11-24T09:00"),
        ("Tor, 24 Nov 2026 10:00:00 GMT", "2026-11-24T10:00"),
        ("Tue, 24 Nov 2026 10:00:00 CET", "2026-11-24T09:00"),
        ("Fri, 24 Jul 2026 10:00:00 CEST", "2026-07-24T08:00"),
        ("2026-11-24T10:00:00.123+01:00", "2026-11-24T09:00"),
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00"),
        ("2026-11-24T10:00:00+0100", "2026-11-24T09:00"),
        ("2026-11-24", "2026-11-23T23:00"),
        ("2026-11-24 10:00", "2026-11-24T09:00"),
        ("24 november 2026", "2026-11-23T23:00"),
        ("24 maj 2026 10:00", "2026-05-24T08:00"),
        ("24. März 2026", "2026-03-23T23:00"),
        ("le 1 février 2026", "2026-01-31T23:00"),
        ("3. desember 2026", "2026-12-02T23:00"),
        ("24 Nov 26 10:00:00 GMT", "2026-11-24T10:00"),
    ],
)
def test_dates_are_read_in_any_language(text: str, expected: str) -> None:
    found = DateParser(ZoneInfo("Europe/Stockholm"), "sv").parse_first([text])
    assert found is not None
    assert found.isoformat()[:16] == expected


def test_a_zone_that_feeds_name_is_not_taken_for_the_newsletters() -> None:
    found = DateParser(UTC).parse_first(["Tue, 24 Nov 2026 10:00:00 CET"])
    assert found == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a date",
        "tomorrow",
        "2026-13-45",
        "9" * 5_000,
        "2026",
        "\0",
        "x" * 100 + "2026-11-24",
        "99999-01-01",
        "Mon, 0 Xxx 0000 99:99:99 +9999",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert DateParser().parse_first([text]) is None


@given(
    st.text(max_size=40)
    | st.from_regex(r"\d{1,4}[-/ .]\w{1,9}[-/ .]\d{1,4}( \d\d:\d\d)?", fullmatch=True)
)
@settings(max_examples=40, deadline=None)
def test_no_date_crashes(text: str) -> None:
    found = DateParser().parse_first([text])
    assert found is None or found.tzinfo is not None


# Encodings


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (build_rss("å", '<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1"), ""),
        (build_rss("å", '<?xml version="1.0" encoding="utf-8"?>').encode("latin-1"), ""),
        (build_rss("å", '<?xml version="1.0" encoding="windows-1252"?>').encode(), ""),
        (build_rss("å", '<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"), ""),
        (build_rss("å", '<?xml version="1.0" encoding="utf-16"?>').encode("utf-16-le"), ""),
        (build_rss("å", '<?xml version="1.0" encoding="no-such"?>').encode(), ""),
        (build_rss("å", '<?xml version="1.0" encoding="zip"?>').encode("latin-1"), ""),
        (build_rss("å").encode(), "text/xml; charset=iso-8859-1"),
        (build_rss("å").encode("latin-1"), "text/xml; charset=iso-8859-1"),
        (b"\xef\xbb\xbf" + build_rss("å").encode(), ""),
        (build_rss("å" * 9).encode() + b"<!-- \xe5 -->", ""),
        (build_rss("å\0\x0b\x1b").encode(), ""),
    ],
)
def test_a_document_is_read_whatever_it_says_of_itself(content: bytes, content_type: str) -> None:
    text = decode(content, content_type)
    assert "å" in text
    assert "Ã" not in text
    assert "\0" not in text


@given(st.binary(max_size=300), st.text(max_size=40))
@settings(deadline=None)
def test_no_bytes_crash(content: bytes, content_type: str) -> None:
    sniff_document_type(decode(content, content_type))
    assert sniff_document_type("<!-- " + decode(content)) in DocumentType


# Attacks


def test_entities_are_not_expanded_and_no_file_is_read() -> None:
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>' + build_rss(
        build_item("<title>T &a9;</title>"), head=""
    )
    outside = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + build_rss(build_item("<title>T &e;</title>"), head="")
    )
    for text in (bomb, outside):
        (post,) = read(text).posts
        assert len(post.title) < 20
    assert (
        Path("/etc/hostname").read_text().strip() not in post.title
        if Path("/etc/hostname").exists()
        else True
    )


def test_a_hundred_thousand_items_give_the_first_ten_thousand_and_say_so() -> None:
    feed = read(
        build_rss("".join(f"<item><title>t{number}</title></item>" for number in range(100_000)))
    )
    assert (len(feed.posts), feed.posts[0].title) == (10_000, "t0")
    assert "the first 10000 were read" in str(feed.notes[0])


def test_a_feed_that_takes_too_long_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process is ended; what it may take is next to nothing here."""
    monkeypatch.setattr("newsletter.posts.feeds.feed_parser._MIN_MEMORY_BYTES", 1_000_000)
    with pytest.raises(SourceError, match="too much time or memory"):
        read(build_rss(build_item("<title>x</title>")))


@pytest.mark.parametrize(
    "text",
    [
        build_rss(build_item("<title>Hej</title>")).partition("</item>")[0],
        build_rss(build_item("<title>Hej</title>") + "<item><title>&nbsp; &x; <b>"),
        f"skräp {build_rss(build_item('<title>Hej</title>'))}",
        f"<br />\n<b>Warning</b>: line 1<br />\n{build_rss(build_item('<title>Hej</title>'))}",
    ],
)
def test_broken_xml_gives_what_is_there(text: str) -> None:
    assert read(text).posts[0].title == "Hej"


def test_scripts_and_styles_in_a_text_do_no_harm() -> None:
    from newsletter.posts.clean import extract_blocks

    (post,) = read(
        build_rss(
            build_item(
                "<title>t</title><description><![CDATA[<script>alert(1)</script><style>p{}</style><p>Hej"
                " på dig.</p>]]></description>"
            )
        )
    ).posts
    assert [block.text for block in extract_blocks(post.excerpt)] == ["Hej på dig."]


def test_a_thousand_posts_in_ten_megabytes_take_seconds() -> None:
    body = escape(LONG * 14)
    one = build_item(
        "<title>Titel {}</title><link>https://x.example/{}</link><pubDate>24 Nov 2026 10:00:00"
        " GMT</pubDate><description>{}</description>"
    )
    text = build_rss("".join(one.format(number, number, body) for number in range(1000)))
    assert 9_000_000 < len(text.encode()) < 11_000_000
    began = time.process_time()
    assert len(read(text).posts) == 1000
    assert time.process_time() - began < CPU_SECONDS


# Material that others wrote


@pytest.mark.skipif(
    not (CORPORA / "feeds").is_dir(), reason="shared/corpora/feeds isn't beside this checkout"
)
def test_real_feeds_give_every_entry_with_a_title_or_a_link_and_its_date() -> None:
    for line in (CORPORA / "feeds" / "index.jsonl").read_text().splitlines():
        known = json.loads(line)
        content = (CORPORA / "feeds" / known["file"]).read_bytes()
        try:
            feed = read_feed(content, source=known["file"], base="")
        except SourceError:
            assert known["format"] in ("opml", "json"), known["file"]
            continue
        # Fixtures hold entries that are nothing but an id.
        if (
            not known["file"].startswith("reader__")
            and not known["file"].endswith("authors.json")
            and "entries" in known
        ):
            assert len(feed.posts) == known["entries"], known["file"]
            assert sum(post.published is None for post in feed.posts) == known.get("undated", 0), (
                known["file"]
            )
            assert len({post.id for post in feed.posts}) == len(feed.posts), known["file"]


@pytest.mark.skipif(
    not (CORPORA / "blns.json").is_file(),
    reason="shared/corpora/blns.json isn't beside this checkout",
)
def test_naughty_strings_stay_where_they_are() -> None:
    naughty = json.loads((CORPORA / "blns.json").read_text())
    feed = read(
        build_rss(
            "".join(
                build_item(
                    f"<title>{escape(text)}</title><link>https://x.example/{number}</link><description>{escape(text)}</description>"
                )
                for number, text in enumerate(naughty)
            )
        )
    )
    assert [post.url for post in feed.posts] == [
        f"https://x.example/{number}" for number in range(len(naughty))
    ]
    for post in feed.posts:
        assert post.title == " ".join(post.title.split())
        assert post.title.replace("\u200c", "").replace("\u200d", "").isprintable()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("sv", "1.12.2026", "2026-11-30T23:00"),
        ("fi", "1.12.2026 klo 8.15", "2026-12-01T07:15"),
        ("de", "01.12.2026, 08:15", "2026-12-01T07:15"),
        ("sv", "12/10 2026", "2026-10-11T22:00"),
        ("fr", "1/12/2026 10:15", "2026-12-01T09:15"),
        ("en-GB", "1/12/2026", "2026-11-30T23:00"),
        ("en", "1/12/2026", "2026-01-11T23:00"),
        ("en", "24/12/2026", "2026-12-23T23:00"),
        ("sv", "Tisdag 24 november 2026 kl. 08.15", "2026-11-24T07:15"),
        ("sv", "Publicerad: 2026-11-24", "2026-11-23T23:00"),
        ("sv", "Tue, 24 Nov 2026 08:00:00 -0500", "2026-11-24T13:00"),
    ],
)
def test_dates_in_numbers_are_read_as_their_language_writes_them(
    language: str, text: str, expected: str
) -> None:
    """The day goes first, but for American slashes.

    Hours and minutes may have a dot between them.
    """
    found = DateParser(ZoneInfo("Europe/Stockholm"), language).parse_first([text])
    assert found == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "0001-01-01T00:00:00",
        "0000-00-00 00:00:00",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "99.99.2026",
    ],
)
def test_what_a_program_makes_of_no_date_is_none(text: str) -> None:
    """WordPress' year -1, .NET's year 1, Unix' first day.

    Such a post counts from when it is first seen.
    """
    assert DateParser().parse_first([text], timestamp=0.0) is None


@pytest.mark.parametrize(
    ("end", "noted"),
    [
        ("</channel></rss>", False),
        ("</channel></rss>\n<!-- cached 0.2 s -->\n<script>x</script>", False),
        ("", True),
        ("<item><title>En", True),
    ],
)
def test_a_feed_that_is_broken_off_is_told_so(end: str, noted: bool) -> None:
    """What is there is read; staff learn that it wasn't all.

    What caches write behind the end isn't a fault.
    """
    feed = read(
        "<rss version='2.0'><channel><title>Blogg</title>"
        + build_item("<title>Ett</title><link>https://blogg.example.org/1</link>")
        + end
    )
    assert feed.posts[0].title == "Ett"
    assert ["broken off" in str(note) for note in feed.notes] == ([True] if noted else [])
