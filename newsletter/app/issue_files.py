"""The issue files of a workspace: `issues/NAME.md`."""

from pathlib import Path

from newsletter.app.workspace import Workspace
from newsletter.domain.issue import Issue
from newsletter.errors import IssueFileError


def list_issue_names(workspace: Workspace) -> list[str]:
    """Return the names of all issue files, the newest first."""
    return sorted((file.stem for file in workspace.issues_folder.glob("*.md")), reverse=True)


def find_issue_path(workspace: Workspace, name_or_path: str) -> Path:
    """Return the file of an issue that is given by name or by path. Raises IssueFileError."""
    for path in (workspace.issues_folder / f"{name_or_path}.md", Path(name_or_path)):
        if path.suffix == ".md" and path.is_file():
            return path
    there = ", ".join(list_issue_names(workspace)[:5]) or "–"
    raise IssueFileError(
        "There is no issue {issue}. There is: {there}. Make one with: newsletter compose",
        issue=name_or_path,
        there=there,
    )


def read_issue(workspace: Workspace, name_or_path: str) -> Issue:
    """Read an issue's file. Raises IssueFileError with the line."""
    # The Markdown parser waits: `status` needs names alone.
    from newsletter.compose.issue_file.read import parse_issue

    path = find_issue_path(workspace, name_or_path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise IssueFileError("{path} can't be read. Save it as UTF-8 text.", path=path) from error
    return parse_issue(text, issue_name=path.stem)
