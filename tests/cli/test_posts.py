"""`newsletter posts`: the ledger, one source, and what staff say of a post."""

import json

import pytest
from click.testing import CliRunner

from newsletter.cli import main
from newsletter.cli.posts.post_table import describe_state
from tests.cli.cli_workspace import WorkspaceFolder

POST = """---
title: {title}
date: {day}
url: https://blogg.example.org/{name}/
---
{title}. Färjan går hela vintern, fyra turer om dagen, och passar bussen till staden varje morgon.
Biljetten kostar lika mycket som förut, och cyklar följer med gratis under hela säsongen.
"""
KEYS = {
    "id", "title", "url", "published", "source", "state", "issue", "categories", "changed",
}  # fmt: skip
FERRY = "https://blogg.example.org/farja/"


@pytest.fixture
def with_posts(workspace_folder: WorkspaceFolder) -> WorkspaceFolder:
    """Return a newsletter whose two posts are picked into an issue."""
    for name, title, day in (
        ("farja", "Färjan går", "2026-11-20"),
        ("sondag", "Öppet på \x1b[31msöndag", "2026-11-21"),
    ):
        workspace_folder.write_file(
            f"posts/{name}.md", POST.format(title=json.dumps(title), day=day, name=name)
        )
    done = workspace_folder.run("compose", "2026-12", "--since", "2026-01-01")
    assert done.exit_code == 0, done.output
    return workspace_folder


def list_states(workspace_folder: WorkspaceFolder) -> dict[str, str]:
    """Return the state of each post by its address."""
    return {one["url"]: one["state"] for one in workspace_folder.run_json("posts")}


def test_no_posts_yet(workspace_folder: WorkspaceFolder) -> None:
    """An empty list for programs; for people, what reads the sources."""
    assert workspace_folder.run_json("posts") == []
    done = workspace_folder.run("posts")
    assert done.exit_code == 0
    assert "Read the sources with: newsletter compose" in done.stderr
    assert "It hasn't been read yet." in done.stdout
    assert "Den har inte lästs än." in workspace_folder.run_swedish("posts").stdout


def test_posts_for_programs(with_posts: WorkspaceFolder) -> None:
    """All keys; states and times aren't translated."""
    found = with_posts.run_json("posts")
    assert [set(one) for one in found] == [KEYS, KEYS]
    ferry = next(one for one in found if one["url"] == FERRY)
    assert (ferry["title"], ferry["state"], ferry["issue"]) == ("Färjan går", "picked", "2026-12")
    assert ferry["published"].startswith("2026-11-19T23:00:00+00:00")
    assert ferry["changed"] is False


def test_posts_for_people(with_posts: WorkspaceFolder) -> None:
    """A line each, in the terminal's language; nothing of a title reaches the terminal raw."""
    done = with_posts.run("posts")
    assert "picked" in done.stdout
    assert "2 posts" in done.stderr
    assert "\x1b" not in done.output
    swedish = with_posts.run_swedish("posts")
    assert "valt" in swedish.stdout
    assert "2 inlägg" in swedish.stderr


@pytest.mark.parametrize(
    ("command", "state", "english", "swedish"),
    [
        ("hold", "held", "“Färjan går” is held", "”Färjan går” hålls undan"),
        ("skip", "skipped", "“Färjan går” is skipped", "”Färjan går” hoppas över"),
        ("release", "new", "“Färjan går” is free again", "”Färjan går” är släppt"),
    ],
)
@pytest.mark.parametrize("language", ["C", "sv_SE.UTF-8"])
def test_what_may_become_of_a_post(
    with_posts: WorkspaceFolder,
    command: str,
    state: str,
    english: str,
    swedish: str,
    language: str,
) -> None:
    """By its address, however it is spelled; the sentence says what follows."""
    (with_posts.folder / "issues" / "2026-12.md").unlink()
    typed = "http://www.blogg.example.org/farja?utm_source=brev"
    done = with_posts.run("posts", command, typed, language=language)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(english if language == "C" else swedish)
    assert list_states(with_posts)[FERRY] == state


@pytest.mark.parametrize("command", ["hold", "skip", "release"])
def test_a_post_that_nobody_has_seen(with_posts: WorkspaceFolder, command: str) -> None:
    """One sentence with its address, in both languages."""
    url = "https://blogg.example.org/saknas/"
    done = with_posts.run("posts", command, url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert url in done.stderr
    swedish = with_posts.run_swedish("posts", command, url).stderr
    assert url in swedish
    assert swedish != done.stderr


def test_posts_of_a_draft_that_is_gone_are_new_again(with_posts: WorkspaceFolder) -> None:
    """Who deletes the file has changed their mind."""
    assert set(list_states(with_posts).values()) == {"picked"}
    (with_posts.folder / "issues" / "2026-12.md").unlink()
    assert set(list_states(with_posts).values()) == {"new"}


@pytest.mark.parametrize(
    ("words", "english", "swedish"),
    [
        (["--source", "x", "--sources"], "not both", "inte båda"),
        (["--json", "hold", "x"], "“newsletter posts” alone", "utan underkommando"),
        (["--source", "x", "skip", "x"], "“newsletter posts” alone", "utan underkommando"),
    ],
    ids=["source and sources", "json and hold", "source and skip"],
)
def test_wrong_use(
    workspace_folder: WorkspaceFolder, words: list[str], english: str, swedish: str
) -> None:
    """Exit code 2, and why."""
    done = workspace_folder.run("posts", *words)
    assert done.exit_code == 2
    assert english in " ".join(done.stderr.split())
    assert swedish in " ".join(workspace_folder.run_swedish("posts", *words).stderr.split())


def test_one_source_needs_no_newsletter(
    with_posts: WorkspaceFolder,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """To try what a folder holds before there are settings."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    folder = str(with_posts.folder / "posts")
    done = CliRunner(env={"LANGUAGE": "en"}).invoke(main, ["posts", "--source", folder, "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [set(one) for one in found] == [KEYS, KEYS]
    assert {one["state"] for one in found} == {"new"}


def test_a_source_that_is_not_there(workspace_folder: WorkspaceFolder) -> None:
    """Exit code 1, one sentence with its name."""
    done = workspace_folder.run("posts", "--source", "saknas.xml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "saknas.xml" in done.stderr


def test_sources_for_programs(with_posts: WorkspaceFolder) -> None:
    """When each was read, and what came of it, in English."""
    (source,) = with_posts.run_json("posts", "--sources")
    assert set(source) == {"source", "at", "good", "failed", "said", "posts"}
    assert (source["source"], source["failed"], source["posts"]) == ("posts", False, 2)
    assert source["at"] == source["good"]


@pytest.mark.parametrize(
    ("state", "changed", "language", "words"),
    [
        ("new", False, "en", "new"),
        ("sent", True, "en", "sent, changed since"),
        ("held", False, "sv", "undanhållet"),
        ("picked", True, "sv", "valt, ändrat sedan dess"),
    ],
)
def test_states_in_words(
    state: str, changed: bool, language: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what the source says now, where that is something else."""
    monkeypatch.setenv("LANGUAGE", language)
    assert describe_state(state, changed=changed) == words
