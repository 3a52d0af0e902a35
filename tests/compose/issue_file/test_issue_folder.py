"""The folder of issue files: names, and writing whole or not at all."""

from pathlib import Path

import pytest

from newsletter.compose.issue_file import issue_folder
from newsletter.errors import IssueFileError


@pytest.mark.parametrize("name", ["2026-12-01", "Nyhetsbrev 12", "år+_.x", "a"])
def test_a_name_that_can_be_a_files_everywhere(tmp_path: Path, name: str) -> None:
    """Letters, digits, blanks, and a few marks."""
    assert issue_folder.get_issue_path(tmp_path, name) == tmp_path / f"{name}.md"


@pytest.mark.parametrize(
    "name",
    ["", "..", "../a", "a/b", "a\\b", ".a", "-a", "_a", "a.", "a ", "a.md", "a\n", "x" * 101],
)
def test_any_other_name_is_refused(tmp_path: Path, name: str) -> None:
    """It must not lead out of the folder, nor be hidden, nor an option."""
    with pytest.raises(IssueFileError, match="can't be an issue's name"):
        issue_folder.get_issue_path(tmp_path, name)


def test_a_file_is_read_as_utf_8(tmp_path: Path) -> None:
    """With or without a byte order mark; none is None, and another encoding is an error."""
    path = tmp_path / "a.md"
    assert issue_folder.read_text(path) is None
    path.write_bytes(b"\xef\xbb\xbf\xc3\xa5")
    assert issue_folder.read_text(path) == "å"
    path.write_bytes(b"\xe5")
    with pytest.raises(IssueFileError, match="Save it as UTF-8 text"):
        issue_folder.read_text(path)


def test_every_text_by_its_name(tmp_path: Path) -> None:
    """Only issues: no backup, nothing hidden by another ending."""
    (tmp_path / "a.md").write_text("A", "utf-8")
    (tmp_path / "b.md").write_bytes(b"\xe5")
    (tmp_path / "a.md.bak").write_text("old", "utf-8")
    (tmp_path / "c.txt").write_text("C", "utf-8")
    (tmp_path / "d.md").mkdir()
    assert issue_folder.read_all_texts(tmp_path) == {"a": "A", "b": "\N{REPLACEMENT CHARACTER}"}
    assert issue_folder.read_all_texts(tmp_path / "none") == {}


def test_the_posts_that_a_file_names() -> None:
    """Their comments only, however they are indented."""
    text = (
        "<!-- post: abc -->\n  <!-- post:def summary: 123456 -->\nx <!-- post: ghi -->\n<!-- p -->"
    )
    assert issue_folder.find_posts(text) == {"abc", "def"}


def test_what_stood_there_is_kept_beside_it(tmp_path: Path) -> None:
    """As NAME.md.bak; a new file has none, and no temporary file is left."""
    path = tmp_path / "issues" / "a.md"
    issue_folder.save(path, "one", expected=None)
    assert [file.name for file in path.parent.iterdir()] == ["a.md"]
    issue_folder.save(path, "two", expected="one")
    assert path.read_text("utf-8") == "two"
    assert (path.parent / "a.md.bak").read_text("utf-8") == "one"
    assert sorted(file.name for file in path.parent.iterdir()) == ["a.md", "a.md.bak"]


@pytest.mark.parametrize("expected", [None, "other"])
def test_a_change_meanwhile_is_never_overwritten(tmp_path: Path, expected: str | None) -> None:
    """Optimistic concurrency: what was read must still stand there."""
    path = tmp_path / "a.md"
    path.write_text("theirs", "utf-8")
    with pytest.raises(IssueFileError, match="was changed while the issue was being composed"):
        issue_folder.save(path, "mine", expected=expected)
    assert [file.name for file in tmp_path.iterdir()] == ["a.md"]
    assert path.read_text("utf-8") == "theirs"


def test_a_file_that_is_gone_meanwhile_is_not_made_again(tmp_path: Path) -> None:
    """Somebody has deleted it."""
    with pytest.raises(IssueFileError, match="was changed"):
        issue_folder.save(tmp_path / "a.md", "mine", expected="was")
    assert list(tmp_path.iterdir()) == []


def test_who_may_read_it_stays(tmp_path: Path) -> None:
    """The mode of the file that was there."""
    path = tmp_path / "a.md"
    path.write_text("one", "utf-8")
    path.chmod(0o640)
    issue_folder.save(path, "two", expected="one")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    """The file that it leads to is written."""
    real = tmp_path / "real.md"
    real.write_text("one", "utf-8")
    link = tmp_path / "a.md"
    link.symlink_to(real)
    issue_folder.save(link, "two", expected="one")
    assert link.is_symlink()
    assert real.read_text("utf-8") == "two"


def test_half_a_character_is_written_as_a_mark(tmp_path: Path) -> None:
    """A lone surrogate can't be UTF-8."""
    path = tmp_path / "a.md"
    issue_folder.save(path, "a\ud800b", expected=None)
    assert path.read_bytes() == b"a?b"


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    """Neither read nor written."""
    (tmp_path / "a.md").mkdir()
    with pytest.raises(IssueFileError, match=r"a\.md"):
        issue_folder.save(tmp_path / "a.md", "x", expected=None)
    assert [file.name for file in tmp_path.iterdir()] == ["a.md"]
