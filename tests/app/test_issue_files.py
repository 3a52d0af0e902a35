"""Issue files by name and by path."""

from pathlib import Path

import pytest

from newsletter.app.issue_files import find_issue_path, list_issue_names, read_issue
from newsletter.errors import IssueFileError
from tests.app.workspace_folder import ISSUE_TEXT, OpenWorkspace


def test_names_are_listed_newest_first(open_in_folder: OpenWorkspace) -> None:
    """Markdown files alone."""
    workspace = open_in_folder()
    for name in ("2026-11.md", "2027-01.md", "2026-12.md.bak", "notes.txt"):
        (workspace.issues_folder / name).write_text(ISSUE_TEXT, encoding="utf-8")
    assert list_issue_names(workspace) == ["2027-01", "2026-12", "2026-11"]


def test_an_issue_is_found_by_name_and_by_path(
    open_in_folder: OpenWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path is one of the folder that we are in."""
    workspace = open_in_folder()
    monkeypatch.chdir(tmp_path)
    file = workspace.issues_folder / "2026-12.md"
    assert find_issue_path(workspace, "2026-12") == file
    assert find_issue_path(workspace, str(file)) == file
    assert find_issue_path(workspace, "issues/2026-12.md") == Path("issues/2026-12.md")


@pytest.mark.parametrize("name", ["2026-13", "newsletter.toml", "issues", ""])
def test_an_issue_that_isnt_there_is_named_with_those_that_are(
    open_in_folder: OpenWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A file that is no issue is none."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IssueFileError) as error:
        find_issue_path(open_in_folder(), name)
    assert str(error.value) == (
        f"There is no issue {name}. There is: 2026-12. Make one with: newsletter compose"
    )


def test_without_any_issue_there_is_a_dash(open_in_folder: OpenWorkspace) -> None:
    """The sentence stays a sentence."""
    workspace = open_in_folder()
    (workspace.issues_folder / "2026-12.md").unlink()
    with pytest.raises(IssueFileError, match=r"There is: –\."):
        find_issue_path(workspace, "2026-12")


def test_a_file_with_a_byte_order_mark_is_read(open_in_folder: OpenWorkspace) -> None:
    """Editors on Windows write one."""
    workspace = open_in_folder()
    (workspace.issues_folder / "bom.md").write_text(ISSUE_TEXT, encoding="utf-8-sig")
    assert read_issue(workspace, "bom").subject == "Nytt i december"
    assert read_issue(workspace, "bom").name == "bom"


def test_a_file_in_another_encoding_says_what_to_do(open_in_folder: OpenWorkspace) -> None:
    """Before any line of it is understood wrongly."""
    workspace = open_in_folder()
    (workspace.issues_folder / "latin.md").write_bytes(ISSUE_TEXT.encode("latin-1"))
    with pytest.raises(IssueFileError, match=r"latin\.md can't be read\. Save it as UTF-8 text\."):
        read_issue(workspace, "latin")
