"""How the sources are is kept whenever they are read, and shown by `newsletter posts`."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli import main
from newsletter.domain.post import SourceState
from newsletter.i18n import Phrase
from newsletter.store import source_states
from newsletter.store.database import open_database
from tests.posts.web_server import WebServer, respond_with, respond_with_status

FEED = """<rss version="2.0"><channel><title>Blogg</title>
<item><title>Färjan går hela vintern</title><link>https://blogg.example.org/1/</link><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate>
<description>Färjan går hela vintern, fyra turer om dagen, och passar bussen till staden.</description></item>
<item><title>Biblioteken har öppet på söndagar</title><link>https://blogg.example.org/2/</link></item></channel></rss>"""


@pytest.fixture
def web_server() -> Iterator[WebServer]:
    one = WebServer()
    yield one
    one.close()


@pytest.fixture
def workspace(tmp_path: Path, web_server: WebServer) -> Path:
    sources = "".join(
        f'[[sources]]\nurl = "{web_server.url}/{name}"\n' for name in ("feed.xml", "gone.xml")
    )
    (tmp_path / "newsletter.toml").write_text(
        '[newsletter]\ntitle = "Nytt"\nlanguage = "sv"\ntimezone = "Europe/Stockholm"\nfrom = "R'
        ' <r@example.org>"\npostal_address = "Box 1"\npublic_url ='
        f' "https://nyhetsbrev.example.org"\n{sources}[fetch]\nallow_hosts ='
        ' ["127.0.0.1"]\n[smtp]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\n',
        encoding="utf-8",
    )
    return tmp_path


def run_command(workspace: Path, *arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(
        main, ["-c", str(workspace / "newsletter.toml"), *arguments], env={"LANGUAGE": language}
    )


def list_states(workspace: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(
        run_command(workspace, "posts", "--sources", "--json").stdout
    )
    return found


def test_what_came_of_each_source_is_shown(workspace: Path, web_server: WebServer) -> None:
    """One gives two posts, one is gone.

    When that was, in one sentence each, and how many posts lie in the ledger.
    """
    web_server.responses["/feed.xml"] = respond_with(
        FEED.encode(), Content_Type="application/rss+xml", ETag='"1"'
    )
    web_server.responses["/gone.xml"] = respond_with_status(404)
    assert [
        (one["at"], one["good"], one["failed"], one["said"], one["posts"])
        for one in list_states(workspace)
    ] == [(None, None, None, [], 0)] * 2
    assert run_command(workspace, "compose", "1").exit_code == 0
    good, gone = list_states(workspace)
    assert (good["failed"], good["said"], good["posts"]) == (False, ["Posts read: 2."], 2)
    assert good["at"] == good["good"] is not None
    assert (gone["failed"], gone["good"], gone["posts"]) == (True, None, 0)
    assert "(404)" in str(gone["said"])
    shown = run_command(workspace, "posts", language="sv").stdout
    assert "Inlägg som lästes: 2." in shown
    assert "har inget på" in shown
    assert isinstance(json.loads(run_command(workspace, "posts", "--json").stdout), list)


def test_a_source_that_fails_now_keeps_when_it_was_read(
    workspace: Path, web_server: WebServer
) -> None:
    """The sentence is the newest, `good` is the time before; unchanged counts as read."""
    web_server.responses["/feed.xml"] = respond_with(
        FEED.encode(), Content_Type="application/rss+xml", ETag='"1"'
    )
    web_server.responses["/gone.xml"] = respond_with(
        FEED.encode(), Content_Type="application/rss+xml"
    )
    run_command(workspace, "compose", "1")
    first = list_states(workspace)
    web_server.responses["/feed.xml"] = respond_with_status(304)
    web_server.responses["/gone.xml"] = respond_with_status(503)
    run_command(workspace, "compose", "1")
    same, broken = list_states(workspace)
    assert same["said"] == ["Nothing has changed since it was read before."]
    assert same["failed"] is False
    assert broken["failed"] is True
    assert broken["good"] == first[1]["good"]
    assert "fault of its own (503)" in str(broken["said"])


def test_all_sources_failing_is_kept_too(workspace: Path, web_server: WebServer) -> None:
    """Staff who look the day after see why no issue was written; a dry run keeps nothing."""
    web_server.responses["/feed.xml"] = web_server.responses["/gone.xml"] = respond_with_status(500)
    assert run_command(workspace, "compose", "1", "--dry-run").exit_code == 1
    assert [one["at"] for one in list_states(workspace)] == [None, None]
    assert run_command(workspace, "compose", "1").exit_code == 1
    assert [one["failed"] for one in list_states(workspace)] == [True, True]
    assert "fault of its own (500)" in run_command(workspace, "posts").stdout


def test_sentences_are_kept_to_be_said_in_any_language(tmp_path: Path) -> None:
    """Their values too: numbers, names, other sentences and several of them."""
    now = datetime(2026, 11, 2, 8, tzinfo=UTC)
    inner = Phrase(
        "{host} is too slow: no full answer came in time. Try again later.",
        host="blogg.example.org",
    )
    said = (
        Phrase("Posts read: {count}.", count=3),
        Phrase("No source could be read.\n{reasons}", reasons=(inner, inner)),
    )
    database = open_database(f"sqlite:///{tmp_path / 'n.db'}")
    with database.begin() as connection:
        source_states.save(connection, "a", said, now, failed=False)
    with database.read() as connection:
        found = source_states.list_states(connection)["a"]
    database.close()
    assert found == SourceState(read_at=now, last_success_at=now, notes=said)
    assert [phrase.translate("sv") for phrase in found.notes] == [
        phrase.translate("sv") for phrase in said
    ]


def test_source_and_sources_are_two_questions(workspace: Path) -> None:
    """One reads a source now, the other tells of all."""
    assert run_command(workspace, "posts", "--source", "x", "--sources").exit_code == 2
    assert run_command(workspace, "posts", "--sources", "hold", "x").exit_code == 2
