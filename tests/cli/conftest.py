"""A newsletter with a mail server that does what a test says."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.app.issue_files import read_issue
from newsletter.app.send import start_send
from newsletter.app.workspace import Workspace, open_workspace
from tests.cli.cli_workspace import CliWorkspace, WorkspaceFolder


@pytest.fixture
def smtp_script() -> dict[str, Callable[[str, str, int], object]]:
    """Hold what the server is to do; a test puts its own in."""
    return {"now": lambda *_: None}


@pytest.fixture
def cli_workspace(
    tmp_path: Path,
    smtp_script: dict[str, Callable[[str, str, int], object]],
    request: pytest.FixtureRequest,
) -> Iterator[CliWorkspace]:
    made = CliWorkspace(
        tmp_path, getattr(request, "param", 5), lambda *said: smtp_script["now"](*said)
    )
    with made.server:
        made.create_files()
        yield made


@pytest.fixture
def workspace_folder(tmp_path: Path) -> WorkspaceFolder:
    """Return a newsletter with settings and nothing else; nobody listens at its mail server."""
    made = WorkspaceFolder(tmp_path)
    made.write_settings(9)
    return made


@pytest.fixture
def begun_send(workspace_folder: WorkspaceFolder) -> WorkspaceFolder:
    """Return a send to five readers that has begun, and of which nothing has gone out yet."""
    workspace_folder.write_issue()
    for number in range(5):
        workspace_folder.run("subscribers", "add", f"a{number}@d{number % 2}.example.org")
    with closing(open_workspace(workspace_folder.folder)) as workspace:
        start_send(workspace, read_issue(workspace, "2026-12"))
    return workspace_folder


@pytest.fixture
def begun_workspace(begun_send: WorkspaceFolder) -> Iterator[Workspace]:
    """Open the newsletter of a send that has begun."""
    with closing(open_workspace(begun_send.folder)) as workspace:
        yield workspace
