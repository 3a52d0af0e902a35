"""`newsletter db`: migrations, keys."""

import pytest

from newsletter.store.database import HEAD_REVISION
from tests.cli.cli_workspace import WorkspaceFolder


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("C", "The database is up to date"), ("sv_SE.UTF-8", "Databasen är uppdaterad")],
)
def test_a_new_database_is_made(
    workspace_folder: WorkspaceFolder, language: str, sentence: str
) -> None:
    """And the second time there is nothing to do."""
    for _ in range(2):
        done = workspace_folder.run("db", "upgrade", language=language)
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout == f"{sentence} (version {HEAD_REVISION}).\n"
    assert (workspace_folder.folder / "newsletter.db").is_file()


def test_a_new_key_each_time(workspace_folder: WorkspaceFolder) -> None:
    """Numbers go up; older keys go on working."""
    shown = [workspace_folder.run("db", "rotate").stdout for _ in range(2)]
    numbers = [int(line.split("key ")[1].split(".")[0]) for line in shown]
    assert numbers[1] == numbers[0] + 1
    assert all(line.endswith("Links in letters that were sent still work.\n") for line in shown)
    swedish = workspace_folder.run_swedish("db", "rotate").stdout
    assert swedish.startswith(f"Nya länkar signeras med nyckel {numbers[1] + 1}.")


def test_a_file_that_is_no_database(workspace_folder: WorkspaceFolder) -> None:
    """One sentence with its name, in both languages; the file stays as it is."""
    path = workspace_folder.write_file("newsletter.db", "no database at all, " * 100)
    before = path.read_bytes()
    done = workspace_folder.run("db", "upgrade")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "newsletter.db" in done.stderr
    assert "Traceback" not in done.stderr
    assert workspace_folder.run_swedish("db", "upgrade").stderr != done.stderr
    assert path.read_bytes() == before
