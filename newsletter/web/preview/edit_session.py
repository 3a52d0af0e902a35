"""Change an issue's file from the preview (optimistic concurrency).

    version seen, edit | apply_edit | save, unless the file changed meanwhile (then again) | record

All of it is called in threads, one change at a time.
"""

import threading
from dataclasses import dataclass
from typing import Protocol

from newsletter.compose.editing import edits
from newsletter.compose.editing.apply_edit import (
    EditConflict,
    EditedText,
    apply_edit,
    compute_version,
    merge_versions,
)
from newsletter.compose.editing.edits import Edit
from newsletter.compose.issue_file.issue_folder import find_posts
from newsletter.compose.issue_file.read import parse_issue
from newsletter.domain.issue import Issue
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase
from newsletter.web.preview import history as histories
from newsletter.web.preview.backends import IssueFileBackend
from newsletter.web.preview.history import EditHistory, EditStep, StepDirection

#: How often a change is tried again when an editor saves the file at the same moment.
MAX_SAVE_ATTEMPTS = 5
_NOTHING_LEFT = {
    StepDirection.undo: Phrase("There is nothing to undo."),
    StepDirection.redo: Phrase("There is nothing to do again."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableIssue:
    """An issue's file as the page may change it."""

    version: str
    issue: Issue
    #: Why it can't be changed; None: it can.
    lock_reason: Phrase | None
    #: What would be undone, and done again.
    undo_label: Phrase | None
    redo_label: Phrase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditApplied:
    """A change is written."""

    description: Phrase


class _Change(Protocol):
    """What is to become of an issue's text, whatever the text is by then."""

    @property
    def direction(self) -> StepDirection:
        """Whether this is a new step, an undo or a redo."""

    def describe(self) -> Phrase:
        """Return what the page says when it is done."""

    def apply(self, current_text: str) -> str | EditConflict:
        """Return the new text, or both versions where they collide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _RebasedEdit:
    """An edit made on the version that a page saw, applied to the text as it is now."""

    issue_name: str
    seen_text: str
    edit: Edit
    direction: StepDirection = StepDirection.do

    def describe(self) -> Phrase:
        return edits.describe_edit(
            parse_issue(self.seen_text, issue_name=self.issue_name), self.edit
        )

    def apply(self, current_text: str) -> str | EditConflict:
        outcome = apply_edit(self.seen_text, current_text, self.edit, issue_name=self.issue_name)
        return outcome.text if isinstance(outcome, EditedText) else outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _HistoryMove:
    """A step undone or done again, merged with what was changed since (three-way merge)."""

    issue_name: str
    direction: StepDirection
    step: EditStep
    is_forced: bool

    def describe(self) -> Phrase:
        return self.step.description

    def apply(self, current_text: str) -> str | EditConflict:
        base, wanted = self.step.before, self.step.after
        if self.direction is StepDirection.undo:
            base, wanted = wanted, base
        if self.is_forced:
            return wanted
        merged = merge_versions(base, wanted, current_text, issue_name=self.issue_name)
        if merged is None:
            return EditConflict(mine=wanted, theirs=current_text, rebased_edit=None)
        return merged


class EditSession:
    """The edits of issues while the preview runs: made, undone, done again."""

    def __init__(self, backend: IssueFileBackend) -> None:
        self.backend = backend
        self._histories: dict[str, EditHistory] = {}
        self._lock = threading.Lock()

    def load_issue(self, issue_name: str) -> EditableIssue:
        """Return an issue's file as it is now. Raises NewsletterError."""
        text = self.backend.read_issue_text(issue_name)
        read = parse_issue(text, issue_name=issue_name)
        history = self._get_history(issue_name)
        history.add_seen(compute_version(text), text)
        return EditableIssue(
            version=compute_version(text),
            issue=read,
            lock_reason=self.backend.why_locked(issue_name),
            undo_label=history.describe_last(StepDirection.undo),
            redo_label=history.describe_last(StepDirection.redo),
        )

    def load_seen_issue(self, issue_name: str, seen_version: str) -> Issue:
        """Return an issue as a page saw it. Raises IssueFileError where that is too long ago."""
        return parse_issue(self._get_seen_text(issue_name, seen_version), issue_name=issue_name)

    def edit(self, issue_name: str, seen_version: str, edit: Edit) -> EditApplied | EditConflict:
        """Make an edit on the version that a page shows. Raises NewsletterError."""
        seen_text = self._get_seen_text(issue_name, seen_version)
        change = _RebasedEdit(issue_name=issue_name, seen_text=seen_text, edit=edit)
        return self._apply_change(issue_name, change)

    def undo(self, issue_name: str, *, force: bool = False) -> EditApplied | EditConflict:
        """Undo the last step and keep what an editor has changed since; `force`: undo that too.

        Raises IssueFileError.
        """
        return self._step(issue_name, StepDirection.undo, force=force)

    def redo(self, issue_name: str, *, force: bool = False) -> EditApplied | EditConflict:
        """Do the step again that was undone last. Raises IssueFileError."""
        return self._step(issue_name, StepDirection.redo, force=force)

    def _step(
        self, issue_name: str, direction: StepDirection, *, force: bool
    ) -> EditApplied | EditConflict:
        step = self._get_history(issue_name).get_last(direction)
        if step is None:
            raise IssueFileError(_NOTHING_LEFT[direction].text)
        change = _HistoryMove(
            issue_name=issue_name, direction=direction, step=step, is_forced=force
        )
        return self._apply_change(issue_name, change)

    def _apply_change(self, issue_name: str, change: _Change) -> EditApplied | EditConflict:
        """Make a change of the text as it is now; again where another program was quicker."""
        description = change.describe()
        with self._lock:
            if locked := self.backend.why_locked(issue_name):
                raise IssueFileError(locked.text, **locked.values)
            for attempt in range(1, MAX_SAVE_ATTEMPTS + 1):
                before = self.backend.read_issue_text(issue_name)
                after = change.apply(before)
                if isinstance(after, EditConflict):
                    return after
                is_last = attempt == MAX_SAVE_ATTEMPTS
                if after == before or self._try_save(
                    issue_name, after, before, is_last_attempt=is_last
                ):
                    step = EditStep(description=description, before=before, after=after)
                    self._record_step(issue_name, change.direction, step)
                    break
        return EditApplied(description=description)

    def _record_step(self, issue_name: str, direction: StepDirection, step: EditStep) -> None:
        """Keep a step that is written in the history, and tell the ledger which posts moved.

        An edit that changes nothing is no step: there is nothing to undo, and redo stays.
        """
        if step.before != step.after or direction is not StepDirection.do:
            history = self._get_history(issue_name)
            history.record(step, direction)
            self.backend.save_history(issue_name, history.to_json())
        self.backend.sync_ledger(issue_name, find_posts(step.before), find_posts(step.after))

    def _try_save(
        self, issue_name: str, new_text: str, current_text: str, *, is_last_attempt: bool
    ) -> bool:
        try:
            self.backend.save_issue_text(issue_name, new_text, expected_text=current_text)
        except IssueFileError:
            if is_last_attempt or self.backend.read_issue_text(issue_name) == current_text:
                raise
            return False
        return True

    def _get_seen_text(self, issue_name: str, seen_version: str) -> str:
        text = self._get_history(issue_name).seen_texts.get(seen_version)
        if text is None:
            now = self.backend.read_issue_text(issue_name)
            if compute_version(now) != seen_version:
                raise IssueFileError(
                    "What you saw is too old to be changed. Load the page again; copy what you have"
                    " written first."
                )
            text = now
        return text

    def _get_history(self, issue_name: str) -> EditHistory:
        if issue_name not in self._histories:
            self._histories[issue_name] = histories.parse_history(
                self.backend.load_history(issue_name)
            )
        return self._histories[issue_name]
