"""A workspace follows its settings file: opened again when it changes, kept while it is wrong."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.app import open_workspace
from newsletter.app.issue_files import list_issue_names
from newsletter.app.workspace import Workspace
from newsletter.errors import NewsletterError, SettingsError
from newsletter.web.preview.reloading_workspace import ReloadingWorkspace
from tests.web.preview.served_preview import create_workspace


class Opening:
    """Opens a newsletter's folder, and counts how often."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "newsletter.toml"
        self.opened: list[Workspace] = []

    def __call__(self) -> Workspace:
        workspace = open_workspace(self.file)
        self.opened.append(workspace)
        return workspace

    def write(self, old: str, new: str) -> None:
        """Change the settings; the file's time is always another one."""
        self.file.write_text(self.file.read_text("utf-8").replace(old, new), "utf-8")
        seconds = self.file.stat().st_mtime + len(self.opened) + 1
        os.utime(self.file, (seconds, seconds))


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    create_workspace(tmp_path).close()
    return Opening(tmp_path)


@pytest.fixture
def workspaces(opening: Opening) -> Iterator[ReloadingWorkspace]:
    workspaces = ReloadingWorkspace(opening, opening.file)
    yield workspaces
    workspaces.close()


def read_title(workspace: Workspace) -> str:
    return workspace.settings.newsletter.title


def test_it_is_opened_once(workspaces: ReloadingWorkspace, opening: Opening) -> None:
    """However often it is asked for."""
    assert workspaces.get() is workspaces.get() is workspaces.latest
    assert len(opening.opened) == 1


def test_changed_settings_are_read(workspaces: ReloadingWorkspace, opening: Opening) -> None:
    """The next who asks gets them; once a change, not at each question."""
    first = workspaces.get()
    opening.write("Nytt från regionen", "Ett annat namn")
    assert read_title(workspaces.get()) == "Ett annat namn"
    assert workspaces.get() is workspaces.get()
    assert workspaces.latest is not first
    assert len(opening.opened) == 2


def test_wrong_settings_are_told_and_the_old_ones_kept(
    workspaces: ReloadingWorkspace, opening: Opening
) -> None:
    """At every question, until the file is mended; `latest` works all the time."""
    opening.write('language = "sv"', 'language = "sv')
    for _ in range(2):
        with pytest.raises(SettingsError):
            workspaces.get()
    assert read_title(workspaces.latest) == "Nytt från regionen"
    assert list_issue_names(workspaces.latest)
    opening.write('language = "sv', 'language = "sv"')
    assert read_title(workspaces.get()) == "Nytt från regionen"


def test_a_file_that_is_gone_is_told(workspaces: ReloadingWorkspace, opening: Opening) -> None:
    """As any mistake in it; it may come back."""
    text = opening.file.read_text("utf-8")
    opening.file.unlink()
    with pytest.raises(NewsletterError):
        workspaces.get()
    opening.file.write_text(text, "utf-8")
    assert read_title(workspaces.get()) == "Nytt från regionen"


def test_a_first_opening_that_fails_is_the_callers(tmp_path: Path) -> None:
    """There is no old one to keep."""
    with pytest.raises(NewsletterError):
        ReloadingWorkspace(Opening(tmp_path), tmp_path / "newsletter.toml")


def test_whoever_asks_while_settings_are_read_waits_for_them(opening: Opening) -> None:
    """A page that was drawn by the old settings meanwhile stayed on the screen without a word."""
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(workspaces.get())
        except NewsletterError as error:
            answers.append(error)

    def reopen_while_another_asks() -> Workspace:
        if opening.opened:
            other.start()
            other.join(timeout=0.2)
        return opening()

    workspaces = ReloadingWorkspace(reopen_while_another_asks, opening.file)
    other = threading.Thread(target=ask)
    opening.write("[theme]", "[teme]")
    ask()
    other.join()
    assert [type(answer) for answer in answers] == [SettingsError, SettingsError]
    workspaces.close()
