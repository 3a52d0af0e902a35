"""A newsletter with a mail server that does what a test says."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
