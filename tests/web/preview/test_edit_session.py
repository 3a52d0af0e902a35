"""Changing an issue's file through an edit session: steps, undo and redo, whoever else writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.app import open_workspace
from newsletter.app.issue_files import find_issue_path
from newsletter.compose.editing.apply_edit import EditConflict
from newsletter.compose.editing.edits import MoveTeaser, RemoveTeaser, TeaserPosition, WriteField
from newsletter.compose.editing.fields import IssueField
from newsletter.errors import IssueFileError
from newsletter.web.preview.edit_session import MAX_SAVE_ATTEMPTS, EditApplied, EditSession
from newsletter.web.preview.reloading_workspace import ReloadingWorkspace
from newsletter.web.preview.workspace_edit_backend import WorkspaceEditBackend
from tests.web.preview.served_preview import create_workspace

NAME = "2026-12"


class BusyBackend(WorkspaceEditBackend):
    """A folder in which an editor saves just before we do, so often."""

    times = 0

    def save_issue_text(self, issue_name: str, text: str, *, expected_text: str) -> None:
        if self.times:
            self.times -= 1
            path = find_issue_path(self.workspaces.get(), issue_name)
            path.write_text(f"{expected_text}\nEn rad till, {self.times}.\n", "utf-8")
        super().save_issue_text(issue_name, text, expected_text=expected_text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_workspace(tmp_path).close()
    return tmp_path


@pytest.fixture
def backend(folder: Path) -> Iterator[BusyBackend]:
    file = folder / "newsletter.toml"
    workspaces = ReloadingWorkspace(lambda: open_workspace(file), file)
    yield BusyBackend(workspaces)
    workspaces.close()


@pytest.fixture
def session(backend: BusyBackend) -> EditSession:
    return EditSession(backend)


@pytest.fixture
def issue_path(folder: Path) -> Path:
    return folder / "issues" / f"{NAME}.md"


def write_subject(session: EditSession, text: str) -> EditApplied | EditConflict:
    edit = WriteField(field=IssueField.subject, text=text)
    return session.edit(NAME, session.load_issue(NAME).version, edit)


def read_subject(session: EditSession) -> str:
    return session.load_issue(NAME).issue.subject


def test_an_edit_that_changes_nothing_wiped_redo(session: EditSession, issue_path: Path) -> None:
    """It is written nowhere, is no step to undo, and what was undone can still be done again."""
    write_subject(session, "Ett")
    write_subject(session, "Två")
    session.undo(NAME)
    before, raw = session.load_issue(NAME), issue_path.read_bytes()
    assert isinstance(write_subject(session, "Ett"), EditApplied)
    after = session.load_issue(NAME)
    assert after.undo_label == before.undo_label
    assert after.redo_label is not None
    assert after.redo_label == before.redo_label
    assert issue_path.read_bytes() == raw
    session.redo(NAME)
    assert read_subject(session) == "Två"
    session.undo(NAME)
    session.undo(NAME)
    assert read_subject(session) not in ("Ett", "Två")


def test_a_new_edit_ends_what_could_be_done_again(session: EditSession) -> None:
    """As in every editor: redo goes on only from where one stopped."""
    write_subject(session, "Ett")
    session.undo(NAME)
    write_subject(session, "Två")
    assert session.load_issue(NAME).redo_label is None
    with pytest.raises(IssueFileError, match="nothing to do again"):
        session.redo(NAME)


@pytest.mark.parametrize(
    ("step", "words"),
    [("undo", "There is nothing to undo."), ("redo", "There is nothing to do again.")],
    ids=["undo", "redo"],
)
def test_where_there_is_no_step_a_sentence_says_so(
    session: EditSession, issue_path: Path, step: str, words: str
) -> None:
    """And the file isn't touched."""
    raw = issue_path.read_bytes()
    with pytest.raises(IssueFileError) as raised:
        getattr(session, step)(NAME)
    assert raised.value.translate("en") == words
    assert raised.value.translate("sv") != words
    assert issue_path.read_bytes() == raw


@pytest.mark.parametrize("times", [1, MAX_SAVE_ATTEMPTS - 1], ids=["once", "almost-always"])
def test_an_editor_that_is_quicker_loses_nothing(
    session: EditSession, backend: BusyBackend, issue_path: Path, times: int
) -> None:
    """The edit is made again on what the editor saved, as often as it takes."""
    backend.times = times
    assert isinstance(write_subject(session, "Nytt ämne"), EditApplied)
    text = issue_path.read_text("utf-8")
    assert "subject: Nytt ämne" in text
    assert text.count("En rad till") == times


def test_an_editor_that_never_stops_is_given_way(
    session: EditSession, backend: BusyBackend, issue_path: Path
) -> None:
    """After the last attempt the edit fails, and the editor's words stand."""
    backend.times = MAX_SAVE_ATTEMPTS
    with pytest.raises(IssueFileError):
        write_subject(session, "Nytt ämne")
    assert "Nytt ämne" not in issue_path.read_text("utf-8")
    assert session.load_issue(NAME).undo_label is None


def test_a_conflict_writes_nothing_and_is_no_step(session: EditSession, issue_path: Path) -> None:
    """Both have written another subject: both are returned, and the file is the editor's."""
    seen = session.load_issue(NAME)
    text = issue_path.read_text("utf-8").replace(seen.issue.subject, "Redaktörens")
    issue_path.write_text(text, "utf-8")
    edit = WriteField(field=IssueField.subject, text="Sidans")
    outcome = session.edit(NAME, seen.version, edit)
    assert isinstance(outcome, EditConflict)
    assert (outcome.mine, outcome.theirs) == ("Sidans", "Redaktörens")
    assert issue_path.read_text("utf-8") == text
    assert session.load_issue(NAME).undo_label is None


def test_undo_keeps_what_an_editor_changed_elsewhere(
    session: EditSession, issue_path: Path
) -> None:
    """A three-way merge: only the step is taken back."""
    first = read_subject(session)
    write_subject(session, "Ett")
    with issue_path.open("a", encoding="utf-8") as file:
        file.write("\nSlutord.\n")
    assert isinstance(session.undo(NAME), EditApplied)
    text = issue_path.read_text("utf-8")
    assert f"subject: {first}" in text
    assert text.endswith("Slutord.\n")


def test_a_forced_undo_takes_an_editors_change_of_the_same_place_too(
    session: EditSession, issue_path: Path
) -> None:
    """Asked first (a conflict), done when forced."""
    raw = issue_path.read_text("utf-8")
    write_subject(session, "Ett")
    issue_path.write_text(issue_path.read_text("utf-8").replace("Ett", "Annat"), "utf-8")
    assert isinstance(session.undo(NAME), EditConflict)
    assert "Annat" in issue_path.read_text("utf-8")
    assert isinstance(session.undo(NAME, force=True), EditApplied)
    assert issue_path.read_text("utf-8") == raw


def test_steps_are_remembered_by_the_next_run(session: EditSession, backend: BusyBackend) -> None:
    """The preview is started again: undo and redo go on where they were."""
    first = read_subject(session)
    write_subject(session, "Ett")
    write_subject(session, "Två")
    session.undo(NAME)
    later = EditSession(backend)
    assert later.load_issue(NAME).redo_label is not None
    later.redo(NAME)
    assert read_subject(later) == "Två"
    later.undo(NAME)
    later.undo(NAME)
    assert read_subject(later) == first


def test_a_version_that_nobody_has_seen_is_refused(session: EditSession) -> None:
    """The page is too old: copy the words, load again."""
    with pytest.raises(IssueFileError, match="too old"):
        session.load_seen_issue(NAME, "0" * 16)
    now = session.load_issue(NAME)
    assert session.load_seen_issue(NAME, now.version) == now.issue


def test_an_edit_on_an_older_version_is_made_on_what_is_there_now(session: EditSession) -> None:
    """Places are those that the page saw: the third teaser is still the one meant."""
    seen = session.load_issue(NAME)
    titles = [teaser.title for teaser in seen.issue.sections[0].teasers]
    session.edit(NAME, seen.version, RemoveTeaser(at=TeaserPosition(section=0, teaser=0)))
    third = TeaserPosition(section=0, teaser=2)
    session.edit(NAME, seen.version, RemoveTeaser(at=third))
    left = [teaser.title for teaser in session.load_issue(NAME).issue.sections[0].teasers]
    assert left == [titles[1], *titles[3:]]


def test_a_place_that_there_never_was_is_refused(session: EditSession, issue_path: Path) -> None:
    """NewsletterError, not a crash; the file stays."""
    raw = issue_path.read_bytes()
    nowhere = TeaserPosition(section=7, teaser=0)
    edit = MoveTeaser(at=nowhere, to=TeaserPosition(section=0, teaser=0))
    with pytest.raises(IssueFileError):
        session.edit(NAME, session.load_issue(NAME).version, edit)
    assert issue_path.read_bytes() == raw
