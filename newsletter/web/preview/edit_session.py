"""Change an issue's file from the preview.

    the version she saw, her edit | compose.revising | write, unless somebody was quicker (then again) | ledger, history

All of it is called in threads, one change at a time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

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
from newsletter.web.preview.backends import EditBackend
from newsletter.web.preview.history import EditHistory, EditStep

#: How often a change is tried again when an editor saves the file at the same moment.
MAX_SAVE_ATTEMPTS = 5


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


class EditSession:
    """Where issues are changed."""

    def __init__(self, backend: EditBackend) -> None:
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
            undo_label=history.undo_stack[-1].description if history.undo_stack else None,
            redo_label=history.redo_stack[-1].description if history.redo_stack else None,
        )

    def load_seen_issue(self, issue_name: str, seen_version: str) -> Issue:
        """Return an issue as a page saw it. Raises IssueFileError where that is too long ago."""
        return parse_issue(self._get_seen_text(issue_name, seen_version), issue_name=issue_name)

    def edit(self, issue_name: str, seen_version: str, edit: Edit) -> EditApplied | EditConflict:
        """Make an edit on the version that a page shows. Raises NewsletterError."""
        seen = self._get_seen_text(issue_name, seen_version)
        said = edits.describe_edit(parse_issue(seen, issue_name=issue_name), edit)

        def rebase_edit(current_text: str) -> str | EditConflict:
            outcome = apply_edit(seen, current_text, edit, issue_name=issue_name)
            return outcome.text if isinstance(outcome, EditedText) else outcome

        return self._apply_change(
            issue_name, said, rebase_edit, lambda step: self._get_history(issue_name).record(step)
        )

    def undo(self, issue_name: str, *, force: bool = False) -> EditApplied | EditConflict:
        """Undo the last step, and leave what an editor has changed since; `force`: undo that too.

        Raises IssueFileError.
        """
        history = self._get_history(issue_name)
        if not history.undo_stack:
            raise IssueFileError("There is nothing to undo.")
        step = history.undo_stack[-1]
        return self._apply_change(
            issue_name,
            step.description,
            lambda now: _revert(step.after, step.before, now, issue_name, force=force),
            history.record_undo,
        )

    def redo(self, issue_name: str, *, force: bool = False) -> EditApplied | EditConflict:
        """Do the step again that was undone last. Raises IssueFileError."""
        history = self._get_history(issue_name)
        if not history.redo_stack:
            raise IssueFileError("There is nothing to do again.")
        step = history.redo_stack[-1]
        return self._apply_change(
            issue_name,
            step.description,
            lambda now: _revert(step.before, step.after, now, issue_name, force=force),
            history.record_redo,
        )

    def _apply_change(
        self,
        issue_name: str,
        description: Phrase,
        change: Callable[[str], str | EditConflict],
        record: Callable[[EditStep], None],
    ) -> EditApplied | EditConflict:
        with self._lock:
            if locked := self.backend.why_locked(issue_name):
                raise IssueFileError(locked.text, **locked.values)
            for tries in range(1, MAX_SAVE_ATTEMPTS + 1):
                now = self.backend.read_issue_text(issue_name)
                new = change(now)
                if isinstance(new, EditConflict):
                    return new
                if new == now or self._try_save(
                    issue_name, new, now, is_last_attempt=tries == MAX_SAVE_ATTEMPTS
                ):
                    self._record_step(
                        issue_name, EditStep(description=description, before=now, after=new), record
                    )
                    break
        return EditApplied(description=description)

    def _record_step(
        self, issue_name: str, step: EditStep, record: Callable[[EditStep], None]
    ) -> None:
        """Remember a step that is written, the way it leads when it is done, and tell the ledger."""
        history = self._get_history(issue_name)
        back = record == history.record_undo
        if step.before != step.after or record != history.record:
            record(
                EditStep(description=step.description, before=step.after, after=step.before)
                if back
                else step
            )
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


def _revert(
    base: str, wanted: str, current_text: str, issue_name: str, *, force: bool
) -> str | EditConflict:
    if force:
        return wanted
    both = merge_versions(base, wanted, current_text, issue_name=issue_name)
    return (
        both
        if both is not None
        else EditConflict(mine=wanted, theirs=current_text, rebased_edit=None)
    )
