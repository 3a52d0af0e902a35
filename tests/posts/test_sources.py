"""Sources of every kind behind one function, and the command that shows them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter.cli import main
from newsletter.domain.post import Source
from newsletter.errors import FetchError, SourceError
from newsletter.posts.fetch.fetch import Fetcher, Validators
from newsletter.posts.sources import detect_source_kind, read_source
from tests.posts.web_server import WebServer, respond_with, respond_with_status

FEED = (
    b"<rss version='2.0'><channel><title>Bloggen</title><item><title>Bad och"
    b" sol</title><link>https://blogg.example.org/sol</link><category>Fritid</category><pubDate>Mon,"
    b" 24 Nov 2025 10:00:00 GMT</pubDate></item></channel></rss>"
)


def test_a_feed_is_read_over_http_and_asked_for_again_by_its_validators(
    web_server: WebServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    web_server.responses["/feed"] = respond_with(FEED, ETag='"1"')
    source = Source(url=f"{web_server.url}/feed")
    first = read_source(source, fetcher.fetch, folder=tmp_path)
    assert [post.title for post in first.posts] == ["Bad och sol"]
    assert (first.title, first.unchanged, first.validators) == (
        "Bloggen",
        False,
        Validators(etag='"1"'),
    )
    web_server.responses["/feed"] = respond_with_status(304)
    again = read_source(source, fetcher.fetch, folder=tmp_path, validators=first.validators)
    assert (again.posts, again.unchanged, again.validators) == ((), True, first.validators)
    assert web_server.requests[-1][2]["if-none-match"] == '"1"'


def test_a_feed_that_has_moved_is_read_and_its_new_address_said(
    web_server: WebServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    web_server.responses["/old"] = respond_with_status(301, Location="/feed")
    web_server.responses["/feed"] = respond_with(FEED)
    reading = read_source(Source(url=f"{web_server.url}/old"), fetcher.fetch, folder=tmp_path)
    assert len(reading.posts) == 1
    assert f"Write {web_server.url}/feed in newsletter.toml" in str(reading.notes[0])


def test_the_same_post_has_the_same_id_by_http_and_from_a_file(
    web_server: WebServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    web_server.responses["/feed"] = respond_with(FEED)
    (tmp_path / "feed.xml").write_bytes(FEED)
    by_http = read_source(
        Source(url=f"{web_server.url}/feed"), fetcher.fetch, folder=tmp_path
    ).posts[0]
    from_file = read_source(Source(url="feed.xml"), fetcher.fetch, folder=tmp_path).posts[0]
    assert by_http.id == from_file.id


def test_a_filter_of_categories_keeps_no_post_from_being_seen(tmp_path: Path) -> None:
    """Picking applies it: a post that was never seen would be lost when the filter changes."""
    (tmp_path / "feed.xml").write_bytes(FEED)
    assert (
        len(
            read_source(
                Source(url="feed.xml", categories=("Vård",)), Fetcher().fetch, folder=tmp_path
            ).posts
        )
        == 1
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (FEED, "feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed"),
        (
            b'[{"id": 1, "link": "https://blogg.example.org/1", "title": {"rendered": "Ett"}}]',
            "wordpress",
        ),
        (
            (
                b'<?xml version="1.0"?><rss'
                b' xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>'
            ),
            "wxr",
        ),
        (b"<!doctype html><p>Hej", "page"),
        (b"", "feed"),
    ],
)
def test_the_kind_is_found_out(content: bytes, kind: str) -> None:
    assert detect_source_kind(content) == kind


@pytest.mark.parametrize("url", ["saknas", "saknas/feed.xml", "a\0b", ""])
def test_a_source_that_is_nothing_is_one_sentence(tmp_path: Path, url: str) -> None:
    with pytest.raises(SourceError):
        read_source(Source(url=url), Fetcher().fetch, folder=tmp_path)


def test_other_addresses_than_the_webs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no address of the web"):
        read_source(Source(url="ftp://example.org/feed"), Fetcher().fetch, folder=tmp_path)


def test_markdown_lies_in_a_folder_not_on_the_web(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Name the folder"):
        read_source(
            Source(url="https://blogg.example.org", kind="markdown"),
            Fetcher().fetch,
            folder=tmp_path,
        )


def test_a_file_that_is_too_large_is_one_sentence(tmp_path: Path) -> None:
    with (tmp_path / "feed.xml").open("wb") as file:
        file.truncate(20_000_000)
    with pytest.raises(SourceError, match="larger than 10 MB"):
        read_source(Source(url="feed.xml"), Fetcher().fetch, folder=tmp_path)


# The command


def test_a_source_is_shown_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feed.xml").write_bytes(FEED)
    done = CliRunner().invoke(main, ["posts", "--source", "feed.xml", "--json"])
    assert done.exit_code == 0
    (row,) = json.loads(done.stdout)
    assert list(row) == [
        "id",
        "title",
        "url",
        "published",
        "source",
        "state",
        "issue",
        "categories",
        "changed",
    ]
    assert (row["title"], row["published"], row["state"], row["issue"]) == (
        "Bad och sol",
        "2025-11-24T10:00:00+00:00",
        "new",
        None,
    )
    table = CliRunner().invoke(main, ["posts", "--source", "feed.xml"])
    assert "2025-11-24" in table.stdout
    assert "Bad och sol" in table.stdout


def test_a_source_that_cannot_be_read_is_one_sentence_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text("<!doctype html><p>Hej")
    done = CliRunner().invoke(main, ["posts", "--source", "page.html"])
    assert done.exit_code == 1
    assert "holds neither an article nor links to articles" in done.stderr
    assert done.stdout == ""


def test_options_of_the_list_do_not_go_with_a_subcommand() -> None:
    assert CliRunner().invoke(main, ["posts", "--json", "hold", "x"]).exit_code == 2


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a newsletter whose source is a feed beside it, and read it once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "en")
    (tmp_path / "feed.xml").write_bytes(FEED)
    (tmp_path / "newsletter.toml").write_text(
        "[newsletter]\ntitle = 'Nytt'\nlanguage = 'sv'\ntimezone = 'Europe/Stockholm'\nfrom ="
        " 'Redaktionen <nyhetsbrev@example.org>'\npostal_address = 'Box 1'\npublic_url ="
        " 'https://nyhetsbrev.example.org'\n[[sources]]\nurl = 'feed.xml'\n[smtp]\nhost ="
        " 'smtp.example.org'\n"
    )
    return tmp_path


def test_a_post_is_held_and_released_by_any_spelling_of_its_address(workspace: Path) -> None:
    def read_state() -> str:
        return str(json.loads(CliRunner().invoke(main, ["posts", "--json"]).stdout)[0]["state"])

    empty = CliRunner().invoke(main, ["posts"])
    assert "No posts have been seen" in empty.stderr
    # Excluded, the only post is seen and not picked.
    seen = CliRunner().invoke(main, ["compose", "--exclude", "https://blogg.example.org/sol"])
    assert "nothing new" in seen.stderr
    assert read_state() == "new"
    held = CliRunner().invoke(
        main, ["posts", "hold", "http://www.blogg.example.org/sol/?utm_source=x"]
    )
    assert (held.exit_code, read_state()) == (0, "held")
    assert "Bad och sol" in held.stdout
    assert (
        CliRunner().invoke(main, ["posts", "release", "https://blogg.example.org/sol"]).exit_code
        == 0
    )
    assert read_state() == "new"
    unknown = CliRunner().invoke(main, ["posts", "hold", "https://blogg.example.org/saknas"])
    assert unknown.exit_code == 1
    assert "No post with the address" in unknown.stderr
