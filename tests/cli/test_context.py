"""What every command has at hand, opened when it is asked for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.app.workspace import Workspace
from newsletter.cli.context import CliContext
from newsletter.cli.issue_names import resolve_issue_name, strip_path
from newsletter.errors import IssueFileError, SettingsError
from tests.cli.cli_workspace import WorkspaceFolder


@pytest.fixture
def context(workspace_folder: WorkspaceFolder) -> CliContext:
    """Return the context of a newsletter that `--config` names."""
    return CliContext(workspace_folder.folder)


def test_a_workspace_is_opened_once(context: CliContext) -> None:
    """And closed with the command."""
    assert context.workspace is context.workspace
    assert context.find_workspace() is context.workspace
    assert context.workspace.zone.key == "Europe/Stockholm"
    context.close()


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    """A wrong `--config` is no matter for a command that needs none."""
    made = CliContext(tmp_path / "saknas")
    made.print_json([])
    made.close()
    with pytest.raises(SettingsError):
        _ = made.workspace


@pytest.mark.parametrize(
    "ask", [lambda made: made.find_workspace(), lambda made: made.fetcher], ids=["find", "fetcher"]
)
def test_a_newsletter_that_was_named_must_be_there(
    tmp_path: Path, ask: Callable[[CliContext], object]
) -> None:
    """Or else a slip in `--config` would mean the defaults."""
    with pytest.raises(SettingsError):
        ask(CliContext(tmp_path / "saknas"))


def test_where_there_is_none_the_defaults_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder without settings."""
    monkeypatch.chdir(tmp_path)
    made = CliContext(None)
    assert made.find_workspace() is None
    assert made.fetcher is made.fetcher


def test_json_is_for_programs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Letters as they are, two columns a level, an end of line."""
    CliContext(tmp_path).print_json({"namn": "Åsa", "tom": None})
    out = capsys.readouterr().out
    assert out == '{\n  "namn": "Åsa",\n  "tom": null\n}\n'
    assert json.loads(out) == {"namn": "Åsa", "tom": None}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("2026-12", "2026-12"),
        ("2026-12.md", "2026-12"),
        ("issues/2026-12.md", "2026-12"),
        ("/home/maria/brev/issues/2026-12.md", "2026-12"),
        ("issues/2026-12", "2026-12"),
        ("v1.2", "v1.2"),
    ],
)
def test_a_path_names_an_issue(typed: str, name: str) -> None:
    """Whether there is a file or not."""
    assert strip_path(typed) == name


def test_an_issue_is_found_by_name_and_by_path(
    context: CliContext, workspace_folder: WorkspaceFolder
) -> None:
    """A file of that name, wherever one stands."""
    workspace_folder.write_issue()
    path = workspace_folder.folder / "issues" / "2026-12.md"
    for typed in ("2026-12", str(path)):
        assert resolve_issue_name(context.workspace, typed) == "2026-12"
    context.close()


def test_an_issue_that_is_sent_needs_no_file(begun_workspace: Workspace) -> None:
    """Who has deleted it can still hold the send."""
    (begun_workspace.issues_folder / "2026-12.md").unlink()
    assert resolve_issue_name(begun_workspace, "2026-12") == "2026-12"
    with pytest.raises(IssueFileError, match="2027-01"):
        resolve_issue_name(begun_workspace, "2027-01")
