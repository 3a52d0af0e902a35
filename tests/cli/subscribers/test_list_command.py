"""`newsletter subscribers list` and `stats`."""

import pytest

from tests.cli.cli_workspace import WorkspaceFolder

LIST = """email,name,language,tags,status
a@example.org,Åsa\tÖ,sv,press;vip,
b@example.org,Bo,en,press,
c@example.org,,,,unsubscribed
"""


@pytest.fixture
def with_list(workspace_folder: WorkspaceFolder) -> WorkspaceFolder:
    """Return a newsletter with three subscribers, one of whom has left."""
    path = workspace_folder.write_file("lista.csv", LIST)
    assert workspace_folder.run("subscribers", "import", str(path)).exit_code == 0
    return workspace_folder


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ([], "abc"),
        (["--status", "active"], "ab"),
        (["--status", "unsubscribed"], "c"),
        (["--status", "bounced"], ""),
        (["--tag", "vip"], "a"),
        (["--tag", "PRESS"], "ab"),
        (["--segment", "tag:press and not language:en"], "a"),
        (["--segment", "language:en", "--tag", "vip"], ""),
        (["--status", "active", "--tag", "press", "--segment", "language:en"], "b"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value or "nobody",
)
def test_who_is_shown(with_list: WorkspaceFolder, words: list[str], letters: str) -> None:
    """All conditions hold together, for people and for programs."""
    lines = with_list.run("subscribers", "list", *words).stdout.splitlines()
    assert [line[0] for line in lines] == list(letters)
    found = with_list.run_json("subscribers", "list", *words)
    assert [one["email"][0] for one in found] == list(letters)


def test_a_line_has_five_cells(with_list: WorkspaceFolder) -> None:
    """Divided by tabs, so that `cut` works: none stands in a name."""
    lines = with_list.run("subscribers", "list").stdout.splitlines()
    cells = [line.split("\t") for line in lines]
    assert [len(row) for row in cells] == [5, 5, 5]
    assert cells[1] == ["b@example.org", "Bo", "en", "press", "active"]
    swedish = with_list.run_swedish("subscribers", "list").stdout.splitlines()
    assert [line.split("\t")[-1] for line in swedish] == ["aktiv", "aktiv", "har avslutat"]


def test_subscribers_for_programs(with_list: WorkspaceFolder) -> None:
    """The keys of an export."""
    found = with_list.run_json("subscribers", "list")
    assert all(
        set(one) == {"email", "name", "language", "tags", "status", "fields", "created"}
        for one in found
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list", "--status", "erased"], 2),
        (["list", "--segment", "tag:"], 1),
        (["list", "--segment", "(tag:a"], 1),
        (["stats", "x"], 2),
    ],
    ids=["status", "half a term", "bracket", "an argument"],
)  # fmt: skip
def test_what_is_not_understood(with_list: WorkspaceFolder, words: list[str], code: int) -> None:
    """A choice that isn't there is wrong use; an expression is told."""
    done = with_list.run("subscribers", *words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr


def test_counts_for_programs(with_list: WorkspaceFolder) -> None:
    """Every status, also those that nobody has."""
    assert with_list.run_json("subscribers", "stats") == {
        "total": 3,
        "status": {
            "active": 2, "pending": 0, "unsubscribed": 1, "bounced": 0, "complained": 0,
            "manual": 0,
        },
        "languages": {"en": 1, "sv": 1},
        "tags": {"press": 2, "vip": 1},
        "suppressions": {"unsubscribed": 1},
        "left_because": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "headings", "words"),
    [
        ("C", ["Status", "Language (active)", "Tag (active)"], ["active", "has left"]),
        ("sv_SE.UTF-8", ["Status", "Språk (aktiva)", "Tagg (aktiva)"], ["aktiv", "har avslutat"]),
    ],
)
def test_counts_for_people(
    with_list: WorkspaceFolder, language: str, headings: list[str], words: list[str]
) -> None:
    """Under headings; what nobody has is left out."""
    lines = with_list.run("subscribers", "stats", language=language).stdout.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == headings
    assert [line.rsplit(None, 1)[0].strip() for line in lines[1:3]] == words
    assert lines[1].endswith("        2")


def test_an_empty_list(workspace_folder: WorkspaceFolder) -> None:
    """Nothing, and a count of no active subscriber."""
    assert workspace_folder.run("subscribers", "list").stdout == ""
    assert workspace_folder.run_json("subscribers", "list") == []
    lines = workspace_folder.run("subscribers", "stats").stdout.splitlines()
    assert [line.split() for line in lines] == [["Status"], ["active", "0"]]
