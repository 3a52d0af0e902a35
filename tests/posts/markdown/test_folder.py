"""Folders of Markdown: the conventions of four generators, and nothing from outside the folder."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.domain.post import Post, Source
from newsletter.errors import SourceError
from newsletter.posts.clean import extract_blocks, extract_plain_text
from newsletter.posts.markdown.folder import find_picture_file, read_folder
from newsletter.posts.markdown.front_matter import BadFrontMatterError, split_front_matter
from newsletter.posts.markdown.markdown_html import render_body, strip_generator_syntax

LINK = "https://blogg.example.org/{slug}/"


def write_and_read(
    folder: Path, name: str, text: str | bytes, link: str | None = LINK
) -> Post | None:
    """Write one file, and return the post in it."""
    file = folder / "blogg" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return next(iter(read_folder(Source(url="blogg", link=link), folder).posts), None)


HUGO = """+++
title = "Bad & sol"
date = 2026-11-24T10:00:00+01:00
description = "En kort text."
slug = "sol"
tags = ["Fritid", "Vatten"]
authors = ["Anna"]
[cover]
image = "bilder/sol.jpg"
alt = "Sol över hav"
+++
Texten.
"""
JEKYLL = """---
title:  "Bad & sol"
date:   2026-11-24 10:00:00 +0100
excerpt: En kort text.
slug: sol
categories: [Fritid, Vatten]
author: Anna
image:
  path: bilder/sol.jpg
  alt: Sol över hav
---
Texten.
"""
PELICAN = """Title: Bad & sol
Date: 2026-11-24T10:00+01:00
Category: Fritid
Tags: Vatten
Slug: sol
Author: Anna
Summary: En kort
    text.
Cover: bilder/sol.jpg
Cover_alt: Sol över hav

Texten.
"""
PLAIN_YAML = """---
title: Bad & sol
date: 2026-11-24T09:00:00Z
summary: En kort text.
permalink: /sol/
tags: Fritid, Vatten
author: {name: Anna}
featured_image: bilder/sol.jpg
featured_image_alt: Sol över hav
---
Texten.
"""


@pytest.mark.parametrize(
    "text", [HUGO, JEKYLL, PELICAN, PLAIN_YAML], ids=["hugo", "jekyll", "pelican", "eleventy"]
)
def test_four_generators_say_the_same_in_their_own_ways(tmp_path: Path, text: str) -> None:
    post = write_and_read(tmp_path, "bad-och-sol.md", text)
    assert post is not None
    assert (post.title, post.url) == ("Bad & sol", "https://blogg.example.org/sol/")
    assert post.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert extract_plain_text(post.excerpt) == "En kort text."
    assert post.categories == ("Fritid", "Vatten")
    assert post.authors == ("Anna",)
    assert post.picture is not None
    assert (post.picture.url, post.picture.alt) == (
        "https://blogg.example.org/sol/bilder/sol.jpg",
        "Sol över hav",
    )
    assert "Texten." in post.body


@pytest.mark.parametrize(
    ("name", "text", "link", "url"),
    [
        ("2026-11-24-sol.md", "Text.", LINK, "https://blogg.example.org/sol/"),
        ("sol.md", "Text.", LINK, "https://blogg.example.org/sol/"),
        ("sol/index.md", "Text.", LINK, "https://blogg.example.org/sol/"),
        ("Bad och sol.md", "Text.", LINK, "https://blogg.example.org/Bad-och-sol/"),
        (
            "2026-11-24-sol.md",
            "Text.",
            "https://blogg.example.org/{year}/{month}/{day}/{slug}.html",
            "https://blogg.example.org/2026/11/24/sol.html",
        ),
        ("sol.md", "Text.", "https://blogg.example.org/{year}/{slug}", None),
        (
            "sol.md",
            "---\nurl: https://annan.example.org/x\n---\nText.",
            LINK,
            "https://annan.example.org/x",
        ),
        ("sol.md", "---\nurl: /x\n---\nText.", LINK, "https://blogg.example.org/x"),
        (
            "sol.md",
            "---\npermalink: /:year/:title/\n---\nText.",
            LINK,
            "https://blogg.example.org/sol/",
        ),
        (
            "sol.md",
            "---\npermalink: '/{{ page.fileSlug }}/'\n---\nText.",
            LINK,
            "https://blogg.example.org/sol/",
        ),
        (
            "sol.md",
            "---\nurl: javascript:alert(1)\n---\nText.",
            LINK,
            "https://blogg.example.org/sol/",
        ),
        (
            "sol.md",
            "---\nslug: ../../{year}?x#å\n---\nText.",
            LINK,
            "https://blogg.example.org/..%2F..%2F%7Byear%7D%3Fx%23%C3%A5/",
        ),
        (
            "sol.md",
            "---\nurl: https://annan.example.org/x\n---\nText.",
            None,
            "https://annan.example.org/x",
        ),
        ("sol.md", "Text.", None, None),
    ],
)
def test_the_address_of_a_post(
    tmp_path: Path, name: str, text: str, link: str | None, url: str | None
) -> None:
    post = write_and_read(tmp_path, name, text, link)
    assert post is not None
    assert post.url == url
    assert post.guid == (None if url else name)


def test_a_day_without_a_zone_is_a_day_where_the_newsletter_is(tmp_path: Path) -> None:
    (tmp_path / "2026-11-24-sol.md").write_text("Text.")
    source = Source(url=".", link="https://blogg.example.org/{year}-{month}-{day}")
    (post,) = read_folder(source, tmp_path, zone=ZoneInfo("Europe/Stockholm")).posts
    assert post.published == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert post.url == "https://blogg.example.org/2026-11-24"


@pytest.mark.parametrize(
    "head", ["draft: true", "draft: 'yes'", "published: false", "status: draft", "status: hidden"]
)
def test_a_draft_is_no_post(tmp_path: Path, head: str) -> None:
    assert write_and_read(tmp_path, "a.md", f"---\ntitle: a\n{head}\n---\nText.") is None


def test_text_before_the_more_mark_is_the_summary_unless_there_is_one(tmp_path: Path) -> None:
    with_mark = write_and_read(tmp_path, "a.md", "Början.\n\n<!--more-->\n\nResten.")
    assert with_mark is not None
    assert extract_plain_text(with_mark.excerpt) == "Början."
    assert [block.text for block in extract_blocks(with_mark.body)] == ["Början.", "Resten."]
    with_both = write_and_read(
        tmp_path, "a.md", "---\nsummary: Kort.\n---\nBörjan.\n\n<!-- more -->\n\nResten."
    )
    assert with_both is not None
    assert extract_plain_text(with_both.excerpt) == "Kort."


def test_a_title_may_stand_in_the_text_only(tmp_path: Path) -> None:
    post = write_and_read(tmp_path, "a.md", "# Bad *och* sol\n\nText.")
    assert post is not None
    assert post.title == "Bad och sol"
    assert [block.text for block in extract_blocks(post.body, title=post.title)] == ["Text."]


def test_one_bad_file_is_one_note_and_the_others_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "blogg"
    folder.mkdir()
    (folder / "bra.md").write_text("---\ntitle: Bra\n---\nText.")
    (folder / "trasig.md").write_text("---\ntitle: a: b: [\n---\nText.")
    (folder / "toml.md").write_text("+++\ntitle = \n+++\nText.")
    (folder / "stor.md").write_bytes(b"x" * 2_000_001)
    (folder / "bin.md").write_bytes(bytes(range(256)))
    (folder / "tom.md").write_text("")
    (folder / "mapp.md").mkdir()
    found = read_folder(Source(url="blogg"), tmp_path)
    assert "Bra" in [post.title for post in found.posts]
    notes = [str(note) for note in found.notes]
    assert len(notes) == 3
    assert any(
        note.startswith("trasig.md was not read: its front matter is wrong") and "line" in note
        for note in notes
    )
    assert any(note.startswith("toml.md") for note in notes)
    assert any(note.startswith("stor.md is larger than") for note in notes)


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "hemligt"
    outside.mkdir()
    (outside / "hemlig.md").write_text("# Hemligt\n\nText.")
    folder = tmp_path / "blogg"
    folder.mkdir()
    (folder / "bra.md").write_text("# Bra\n\nText.")
    (folder / "ut.md").symlink_to(outside / "hemlig.md")
    (folder / "in.md").symlink_to(folder / "bra.md")
    (folder / "utmapp").symlink_to(outside)
    (folder / "rund").symlink_to(folder)
    (folder / "slinga.md").symlink_to(folder / "slinga.md")
    os.mkfifo(folder / "ror.md")
    found = read_folder(Source(url="blogg"), tmp_path)
    assert {post.title for post in found.posts} == {"Bra"}
    assert sorted(str(note).split()[0] for note in found.notes) == ["ror.md", "slinga.md", "ut.md"]


def test_files_that_are_no_posts_are_passed_over(tmp_path: Path) -> None:
    for name in (
        "README.md",
        "_index.md",
        ".gomd.md",
        "_drafts/a.md",
        "node_modules/x/a.md",
        ".git/a.md",
        "bild.jpg",
        "a.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# Nej")
    with pytest.raises(SourceError, match="no posts in"):
        read_folder(Source(url="."), tmp_path)
    with pytest.raises(SourceError, match="no folder"):
        read_folder(Source(url="saknas"), tmp_path)


def test_posts_come_newest_first_and_undated_ones_last(tmp_path: Path) -> None:
    for name in ("2026-01-02-b.md", "2026-11-24-a.md", "c.md"):
        (tmp_path / name).write_text(f"# {name}")
    assert [post.title for post in read_folder(Source(url="."), tmp_path).posts] == [
        "2026-11-24-a.md",
        "2026-01-02-b.md",
        "c.md",
    ]


def test_a_picture_of_a_post_is_found_in_its_folder_and_nowhere_else(tmp_path: Path) -> None:
    root = tmp_path / "blogg"
    for name in ("bilder/x.jpg", "static/bilder/y.jpg", "z å.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (tmp_path / "hemlig.jpg").write_bytes(b"x")
    (root / "ut.jpg").symlink_to(tmp_path / "hemlig.jpg")
    source = Source(url="blogg", link=LINK)
    assert (
        find_picture_file("https://blogg.example.org/bilder/x.jpg", source, tmp_path)
        == (root / "bilder/x.jpg").resolve()
    )
    assert (
        find_picture_file("https://blogg.example.org/bilder/y.jpg?v=2", source, tmp_path)
        == (root / "static/bilder/y.jpg").resolve()
    )
    assert (
        find_picture_file("https://blogg.example.org/en-post/z%20%C3%A5.jpg", source, tmp_path)
        == (root / "z å.jpg").resolve()
    )
    for url in (
        "../hemlig.jpg",
        "%2e%2e/hemlig.jpg",
        "/etc/hostname",
        "ut.jpg",
        "saknas.jpg",
        "",
        "bilder",
        "%00.jpg",
        "a" * 5000,
    ):
        assert find_picture_file(f"https://blogg.example.org/{url}", source, tmp_path) is None
    assert find_picture_file("https://annan.example.org/bilder/x.jpg", source, tmp_path) is None
    assert (
        find_picture_file("https://blogg.example.org/bilder/x.jpg", Source(url="blogg"), tmp_path)
        is None
    )


def test_marks_of_generators_go_and_code_stays() -> None:
    text = (
        'A {{< figure src="x.jpg" >}} b{{% note %}} c {% include x.html %} d {{ site.url'
        " }}[^1].\n{: .lead}\n\n{% highlight python %}\nkod\n{% endhighlight %}\n\n```\n{{ kod }}"
        " [^1]\n```\n\n[^1]: En not\n    som går vidare.\n\nSlut."
    )
    cleaned = strip_generator_syntax(text)
    assert "{{ kod }} [^1]" in cleaned
    assert [block.text for block in extract_blocks(render_body(text)) if block.kind != "code"] == [
        "A b c d .",
        "Slut.",
    ]


def test_raw_html_in_markdown_is_text_when_it_is_cleaned() -> None:
    html = render_body(
        "<script>alert(1)</script>\n\n<p>Hej på dig.</p>\n\n<div onclick='x'>Mer text.</div>"
    )
    assert [block.text for block in extract_blocks(html)] == ["Hej på dig.", "Mer text."]


def test_a_colon_does_not_make_front_matter() -> None:
    assert split_front_matter("Hej: så här är det.\n\nText.") == (
        {},
        "Hej: så här är det.\n\nText.",
    )
    assert split_front_matter("---\n\nText.\n")[1] == "---\n\nText."


def test_references_in_yaml_are_not_multiplied() -> None:
    bomb = "---\na: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(12)
    )
    found, _ = split_front_matter(bomb + "tags: *m\ntitle: *m\n---\nText.")
    assert "tags" in found


def test_a_bomb_of_references_makes_no_post_slow(tmp_path: Path) -> None:
    bomb = "---\na: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(12)
    )
    post = write_and_read(
        tmp_path,
        "a.md",
        bomb
        + "tags: *m\ncategories: *m\nauthor: *m\nimage: *m\ndate: *m\nslug: *m\nlang: *m\ndraft:"
        " *m\n---\nText.",
    )
    assert post is None or post.categories == ()


@given(
    st.text(max_size=200)
    | st.sampled_from("-+").flatmap(
        lambda mark: st.text(max_size=100).map(lambda text: f"{mark * 3}\n{text}\n{mark * 3}\nx")
    )
)
@settings(deadline=None)
def test_no_front_matter_crashes(text: str) -> None:
    try:
        found, body = split_front_matter(text)
    except BadFrontMatterError as error:
        found, body = {}, str(error)
        assert "\n" not in body
    assert isinstance(body, str)
    assert all(isinstance(key, str) for key in found)


KEYS = st.sampled_from(
    [
        "title",
        "date",
        "tags",
        "image",
        "url",
        "slug",
        "draft",
        "author",
        "lang",
        "summary",
        "cover",
        "status",
        "published",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.dictionaries(KEYS, SCALARS | st.lists(SCALARS) | st.dictionaries(st.text(), SCALARS)))
@settings(deadline=None)
def test_no_value_of_front_matter_crashes(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    write_and_read(
        tmp_path_factory.mktemp("x"), "a.md", "{\n" + json.dumps(values)[1:-1] + "\n}\nText."
    )


@pytest.mark.parametrize("word", ["no", "On", "yes", "OFF"])
def test_words_that_old_yaml_takes_for_truth_are_words(tmp_path: Path, word: str) -> None:
    """A title may be “On”, and Norwegian is “no”; true and false stay what they are."""
    post = write_and_read(
        tmp_path, "a.md", f"---\ntitle: {word}\nlang: no\ndraft: false\n---\nText.\n"
    )
    assert post is not None
    assert (post.title, post.language) == (word, "no")
    assert write_and_read(tmp_path / "b", "b.md", "---\ntitle: B\ndraft: yes\n---\nText.\n") is None
    assert (
        write_and_read(tmp_path / "c", "c.md", "---\ntitle: C\npublished: no\n---\nText.\n") is None
    )


def test_jekyll_splits_categories_at_blanks_and_others_dont(tmp_path: Path) -> None:
    """The folder `_posts` is Jekyll's: “nyheter kultur” are two.

    Elsewhere “Kultur och fritid” is one.
    """
    jekyll = write_and_read(
        tmp_path,
        "_posts/2026-11-03-a.md",
        "---\ntitle: A\ncategories: nyheter  kultur\ntags: [två ord]\n---\nText.\n",
    )
    hugo = write_and_read(
        tmp_path / "hugo", "b.md", "---\ntitle: B\ncategory: Kultur och fritid\n---\nText.\n"
    )
    assert jekyll is not None
    assert hugo is not None
    assert jekyll.categories == ("nyheter", "kultur", "två ord")
    assert hugo.categories == ("Kultur och fritid",)
