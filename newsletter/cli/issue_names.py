"""Names of issues as people give them: by name, or by the path of a file."""

from newsletter.app.issue_files import find_issue_path
from newsletter.app.workspace import Workspace
from newsletter.delivery import control
from newsletter.errors import IssueFileError


def resolve_issue_name(workspace: Workspace, name_or_path: str) -> str:
    """Return the name of an issue given by name or path.

    One that is being sent needs no file any more.
    """
    try:
        return find_issue_path(workspace, name_or_path).stem
    except IssueFileError:
        if control.find_issue(workspace.database, name_or_path) is None:
            raise
        return name_or_path


def strip_path(name_or_path: str) -> str:
    """Return the name of an issue given by name or path, whether there is a file or not."""
    return name_or_path.removesuffix(".md").rpartition("/")[2]
