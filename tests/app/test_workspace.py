"""A workspace: found from a file, a folder or below it; opened once, and frozen."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.app.mail_setup import build_sender
from newsletter.app.workspace import Workspace, open_workspace
from newsletter.errors import SettingsError, StoreError
from tests.app.workspace_folder import OpenWorkspace, write_workspace


@pytest.mark.parametrize("start", ["newsletter.toml", ".", "issues"])
def test_it_is_found_by_its_file_its_folder_or_from_below(tmp_path: Path, start: str) -> None:
    """As `--config` takes them."""
    write_workspace(tmp_path)
    workspace = open_workspace(tmp_path / start)
    assert workspace.folder == tmp_path
    assert workspace.settings.newsletter.title == "Nytt från regionen"


def test_without_a_name_the_folder_we_are_in_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And those above it."""
    write_workspace(tmp_path)
    monkeypatch.chdir(tmp_path / "issues")
    assert open_workspace().folder == tmp_path


def test_a_folder_without_settings_says_what_to_do(tmp_path: Path) -> None:
    """It names the file, and the command that makes one."""
    with pytest.raises(SettingsError, match=r"no newsletter\.toml .* newsletter init"):
        open_workspace(tmp_path)


@pytest.mark.parametrize("name", ["settings", "folder", "clock", "database", "identity"])
def test_nothing_of_it_can_be_set(open_in_folder: OpenWorkspace, name: str) -> None:
    """Settings that change are another workspace."""
    with pytest.raises(FrozenInstanceError):
        setattr(open_in_folder(), name, None)


@pytest.mark.parametrize(
    "name", ["database", "identity", "signers", "fetcher", "picture_store", "sources", "zone"]
)
def test_each_part_is_opened_once(open_in_folder: OpenWorkspace, name: str) -> None:
    """However often it is used."""
    workspace = open_in_folder()
    assert getattr(workspace, name) is getattr(workspace, name)


def test_opening_and_looking_at_settings_make_no_database(open_in_folder: OpenWorkspace) -> None:
    """It is made when it is first used."""
    workspace = open_in_folder()
    assert workspace.sources[0].url == "https://blogg.example.org/feed/"
    assert workspace.zone.key == "Europe/Stockholm"
    assert workspace.issues_folder == workspace.folder / "issues"
    assert workspace.signers == ()
    assert not (workspace.folder / "newsletter.db").exists()
    assert build_sender(workspace).list_id == "nyhetsbrev.example.org"
    assert (workspace.folder / "newsletter.db").is_file()


def test_a_relative_database_lies_in_the_workspace(open_in_folder: OpenWorkspace) -> None:
    """Wherever the program was started."""
    workspace = open_in_folder(more='[storage]\nurl = "sqlite:///data.db"\n')
    assert workspace.database.engine.url.database == str(workspace.folder / "data.db")


def test_an_absolute_database_lies_where_it_says(
    open_in_folder: OpenWorkspace, tmp_path: Path
) -> None:
    """Outside the workspace, too."""
    (tmp_path / "elsewhere").mkdir()
    file = tmp_path / "elsewhere" / "news.db"
    workspace = open_in_folder(more=f'[storage]\nurl = "sqlite:///{file}"\n')
    with workspace.database.read() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    assert file.is_file()


def test_a_database_in_no_folder_is_an_error_with_the_setting(
    open_in_folder: OpenWorkspace,
) -> None:
    """It doesn't make folders."""
    workspace = open_in_folder(more='[storage]\nurl = "sqlite:///none/news.db"\n')
    with pytest.raises(StoreError, match=r"no folder .*/none\. Check storage\.url"):
        _ = workspace.database


def test_closing_closes_what_was_opened_and_only_that(open_in_folder: OpenWorkspace) -> None:
    """And it can be done twice."""
    untouched = open_in_folder()
    untouched.close()
    assert not (untouched.folder / "newsletter.db").exists()
    workspace = open_in_folder()
    first = workspace.database
    assert first.engine.pool.status()
    workspace.close()
    workspace.close()
    assert workspace.database is not first


def test_the_clock_is_the_system_s_unless_another_is_given(tmp_path: Path) -> None:
    """In UTC."""
    opened = open_workspace(write_workspace(tmp_path))
    assert abs((opened.clock() - datetime.now(UTC)).total_seconds()) < 60
    fixed = datetime(2026, 12, 1, tzinfo=UTC)
    assert Workspace(opened.settings, opened.folder, lambda: fixed).clock() == fixed


@pytest.mark.parametrize(
    ("value", "expected"),
    [("keys/a.pem", "{folder}/keys/a.pem"), ("/etc/a.pem", "/etc/a.pem")],
    ids=["relative", "absolute"],
)
def test_paths_of_the_settings(open_in_folder: OpenWorkspace, value: str, expected: str) -> None:
    """A relative one starts at the settings file."""
    workspace = open_in_folder()
    resolved = workspace.settings.resolve_path(workspace.folder, value)
    assert resolved == Path(expected.format(folder=workspace.folder))
