"""`newsletter check`: what is wrong, in words and for programs."""

import pytest

from newsletter.cli.check import _print_findings
from newsletter.cli.context import CliContext
from newsletter.domain.finding import Finding, Level
from newsletter.i18n import Phrase
from tests.cli.cli_workspace import WorkspaceFolder

#: A word that was to be replaced: an error.
WRONG = "TODO"


def test_without_an_issue(workspace_folder: WorkspaceFolder) -> None:
    """Exit code 1, and what makes one."""
    done = workspace_folder.run("check")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "There is no issue yet. Make one with: newsletter compose\n"
    assert "Gör ett med: newsletter compose" in workspace_folder.run_swedish("check").stderr


def test_an_issue_that_is_not_there(workspace_folder: WorkspaceFolder) -> None:
    """It is named, in both languages."""
    workspace_folder.write_issue()
    done = workspace_folder.run("check", "2027-01")
    assert done.exit_code == 1
    assert "2027-01" in done.stderr
    assert done.stderr != workspace_folder.run_swedish("check", "2027-01").stderr


def test_an_issue_that_can_be_sent(workspace_folder: WorkspaceFolder) -> None:
    """Exit code 0, though there may be warnings."""
    workspace_folder.write_issue()
    done = workspace_folder.run("check", "--no-links")
    assert done.exit_code == 0, done.output
    assert "2026-12 can be sent" in done.stdout
    assert "2026-12 kan skickas" in workspace_folder.run_swedish("check", "--no-links").stdout


def test_an_error_is_exit_code_1(workspace_folder: WorkspaceFolder) -> None:
    """On the terminal as for programs."""
    workspace_folder.write_issue(WRONG)
    for words in ((), ("--json",)):
        assert workspace_folder.run("check", "2026-12", "--no-links", *words).exit_code == 1


def test_the_newest_issue_is_checked(workspace_folder: WorkspaceFolder) -> None:
    """Where none is named."""
    workspace_folder.write_issue(WRONG, "2026-11")
    workspace_folder.write_issue(name="2026-12")
    assert workspace_folder.run("check", "--no-links").exit_code == 0
    assert workspace_folder.run("check", "2026-11", "--no-links").exit_code == 1


def test_json_has_four_keys_and_english_messages(workspace_folder: WorkspaceFolder) -> None:
    """Whatever language the terminal speaks; a path names an issue as well as a name."""
    workspace_folder.write_issue("[här](https://example.org/)")
    path = str(workspace_folder.folder / "issues" / "2026-12.md")
    found = workspace_folder.run_json("check", path, "--no-links")
    assert isinstance(found, list)
    assert "link-text-vague" in {one["code"] for one in found}
    for one in found:
        assert set(one) == {"code", "level", "message", "where"}
        assert one["level"] in {"error", "warning", "note"}
    assert found == workspace_folder.run_json("check", "2026-12", "--no-links")


@pytest.mark.parametrize(
    ("levels", "language", "last"),
    [
        ([], "en", "2026-12 can be sent: nothing was found."),
        ([Level.note, Level.warning], "en", "2026-12 can be sent."),
        ([Level.error], "en", "2026-12: 1 error stops the send."),
        ([Level.error, Level.note, Level.error], "en", "2026-12: 2 errors stop the send."),
        ([], "sv", "2026-12 kan skickas: inget att anmärka på."),
        ([Level.error], "sv", "2026-12: 1 fel stoppar utskicket."),
        ([Level.error, Level.error], "sv", "2026-12: 2 fel stoppar utskicket."),
    ],
)
def test_the_last_line_says_whether_it_can_be_sent(
    levels: list[Level],
    language: str,
    last: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sign and a word for each level, where it is, and what it is."""
    monkeypatch.setenv("LANGUAGE", language)
    found = [
        Finding(
            code=f"code-{number}",
            level=level,
            message=Phrase("There is no issue yet. Make one with: newsletter compose"),
            where="" if number else "subject",
        )
        for number, level in enumerate(levels)
    ]
    _print_findings(CliContext(None), "2026-12", found)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == last
    signs = {Level.error: "✗", Level.warning: "!", Level.note: "i"}
    assert [line[0] for line in lines[0:-1:3]] == [signs[level] for level in levels]
    if levels:
        assert lines[0].endswith("code-0  subject")
        assert lines[1].startswith("  Det finns" if language == "sv" else "  There is no issue")
