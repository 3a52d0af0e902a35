"""WordPress' export files: only what was published, with its picture."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.domain.post import Source
from newsletter.errors import SourceError
from newsletter.posts.clean import BlockKind, extract_blocks
from newsletter.posts.feeds.wxr import is_wxr, read_wxr
from newsletter.posts.fetch.fetch import Fetcher
from newsletter.posts.sources import read_source
from tests.waiting import CPU_SECONDS

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Bloggen</title>
<language>sv-SE</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login><![CDATA[anna]]></wp:author_login>
<wp:author_display_name><![CDATA[Anna Andersson]]></wp:author_display_name></wp:author>"""
TAIL = "</channel></rss>"
TEXT = "Fyra bibliotek håller öppet varje dag.\n\nFörsöket pågår i ett år."


def build_item(
    number: int = 1,
    *,
    kind: str = "post",
    status: str = "publish",
    text: str = TEXT,
    more: str = "",
    title: str = "Bad &amp; sol",
) -> str:
    return f"""<item><title><![CDATA[{title}]]></title><link>https://blogg.example.org/{number}/</link><dc:creator>anna</dc:creator>
    <pubDate>Tue, 24 Nov 2026 09:00:00 +0000</pubDate><guid isPermaLink="false">https://blogg.example.org/?p={number}</guid>
    <content:encoded><![CDATA[{text}]]></content:encoded><excerpt:encoded><![CDATA[Kort.]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>
    <wp:post_date>2026-11-24 10:00:00</wp:post_date><wp:post_date_gmt>2026-11-24 09:00:00</wp:post_date_gmt>
    <wp:post_type><![CDATA[{kind}]]></wp:post_type><wp:status>{status}</wp:status>
    <category domain="category" nicename="fritid"><![CDATA[Fritid]]></category><category domain="post_tag" nicename="bad">bad</category>
    <category domain="nav_menu" nicename="x">Meny</category>{more}</item>"""


THUMBNAIL = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
ALT = (
    "<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>Barn"
    " badar</wp:meta_value></wp:postmeta>"
)
FILE = "<wp:attachment_url>https://blogg.example.org/sol.jpg</wp:attachment_url>"
PICTURE = build_item(9, kind="attachment", status="inherit", more=FILE + ALT)


def test_all_that_a_post_has_is_read() -> None:
    """Also the picture, which stands behind the post."""
    reading = read_wxr(
        (HEAD + build_item(more=THUMBNAIL) + PICTURE + TAIL).encode(), source="export.xml"
    )
    (post,) = reading.posts
    assert (reading.title, reading.language, reading.notes) == ("Bloggen", "sv-SE", ())
    assert (post.title, post.url, post.guid) == (
        "Bad & sol",
        "https://blogg.example.org/1/",
        "https://blogg.example.org/?p=1",
    )
    assert post.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert (post.categories, post.authors, post.excerpt) == (
        ("Fritid", "bad"),
        ("Anna Andersson",),
        "Kort.",
    )
    assert post.picture is not None
    assert (post.picture.url, post.picture.alt) == (
        "https://blogg.example.org/sol.jpg",
        "Barn badar",
    )
    # Paragraphs lie in the database as empty lines.
    assert [block.text for block in extract_blocks(post.body)] == [
        "Fyra bibliotek håller öppet varje dag.",
        "Försöket pågår i ett år.",
    ]


def test_only_what_is_published_is_taken() -> None:
    password = "<wp:post_password>hemligt</wp:post_password>"
    items = [
        build_item(1),
        build_item(2, status="draft"),
        build_item(3, status="private"),
        build_item(4, kind="page"),
        build_item(5, status="trash"),
        build_item(6, more=password),
        build_item(7, kind="nav_menu_item"),
        build_item(8, status="future"),
    ]
    reading = read_wxr((HEAD + "".join(items) + TAIL).encode(), source="export.xml")
    assert [post.url for post in reading.posts] == [
        "https://blogg.example.org/1/",
        "https://blogg.example.org/8/",
    ]
    assert "4 drafts or closed posts" in str(reading.notes[0])
    assert "hemligt" not in repr(reading)


def test_shortcodes_and_captions_are_no_text() -> None:
    text = (
        '[caption id="a_1" width="300"]<img src="https://blogg.example.org/a.jpg" alt="En å" /> Ån'
        " i maj. Foto: Bo Berg[/caption]\n\nFyra bibliotek [sic] håller öppet.\n\n[gallery"
        ' ids="1,2"]\n\n[vc_row][vc_column width="1/2"]Försöket pågår.[/vc_column][/vc_row]'
    )
    (post,) = read_wxr((HEAD + build_item(text=text) + TAIL).encode(), source="s").posts
    said = " ".join(block.text for block in extract_blocks(post.body))
    assert said == "Fyra bibliotek [sic] håller öppet. Försöket pågår."
    assert post.picture is not None
    assert post.picture.alt == "En å"


def test_what_stands_before_more_is_the_authors_own_summary() -> None:
    (post,) = read_wxr(
        (
            HEAD
            + build_item(
                text="Fyra bibliotek håller öppet varje dag.<!--more-->Försöket pågår i ett år."
            )
            + TAIL
        ).encode(),
        source="s",
    ).posts
    assert [block.kind for block in extract_blocks(post.body)] == [
        BlockKind.lead,
        BlockKind.paragraph,
    ]


def test_broken_exports_give_what_is_whole() -> None:
    """Cut off, control characters, prefixes that nobody declares, other encodings."""
    cut = (HEAD + build_item(1) + build_item(2) + build_item(3)[:400]).encode()
    assert len(read_wxr(cut, source="s").posts) == 2
    controls = (HEAD + build_item(1, title="Bad\x0b\x00 sol") + TAIL).encode()
    assert read_wxr(controls, source="s").posts[0].title == "Bad sol"
    undeclared = HEAD.replace('xmlns:wp="http://wordpress.org/export/1.2/"', "").replace(
        "xmlns:excerpt", "xmlns:e"
    )
    (post,) = read_wxr(
        (undeclared + build_item(1) + build_item(2, status="draft") + TAIL).encode(), source="s"
    ).posts
    assert post.excerpt == "Kort."
    latin = (
        (HEAD + build_item(1, title="Blåbär") + TAIL)
        .replace("UTF-8", "ISO-8859-1")
        .encode("latin-1")
    )
    assert read_wxr(latin, source="s").posts[0].title == "Blåbär"


def test_entities_are_neither_opened_nor_multiplied() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM'
        ' "file:///etc/passwd">]>'
    )
    started = time.process_time()
    reading = read_wxr(
        (
            HEAD.replace("<rss", bomb + "<rss", 1) + build_item(title="]]>&b;&f;<![CDATA[") + TAIL
        ).encode(),
        source="s",
    )
    assert time.process_time() - started < CPU_SECONDS
    assert "root:" not in repr(reading)
    assert "haha" not in repr(reading)


def test_an_export_without_posts_says_so() -> None:
    reading = read_wxr((HEAD + PICTURE + TAIL).encode(), source="export.xml")
    assert (reading.posts, "no published posts" in str(reading.notes[0])) == ((), True)


def test_an_export_is_told_from_a_feed_and_may_be_larger(tmp_path: Path) -> None:
    """As a file beside newsletter.toml."""
    assert is_wxr(HEAD)
    assert not is_wxr("<rss version='2.0'><channel><title>wordpress.org</title></channel></rss>")
    large = (
        HEAD
        + build_item(1)
        + "".join(
            build_item(number, kind="revision", text="x" * 100_000) for number in range(2, 130)
        )
        + TAIL
    )
    (tmp_path / "export.xml").write_text(large, encoding="utf-8")
    assert len(read_source(Source(url="export.xml"), Fetcher().fetch, folder=tmp_path).posts) == 1
    with (tmp_path / "export.xml").open("a") as file:
        file.truncate(70_000_000)
    with pytest.raises(SourceError, match="larger than 60 MB"):
        read_source(Source(url="export.xml"), Fetcher().fetch, folder=tmp_path)
