"""Change an issue's file from the preview.

    the version she saw, her edit | compose.revising | write, unless somebody was quicker (then again) | ledger, history

All of it is called in threads, one change at a time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.compose import editing
from newsletter.compose.editing import Edit
from newsletter.compose.files import posts_in
from newsletter.compose.issue_file import parse
from newsletter.compose.revising import Conflict, Revised, combined, revised, version
from newsletter.domain.issue import Issue
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase
from newsletter.web.preview import history as histories
from newsletter.web.preview.desk import Editor
from newsletter.web.preview.history import History, Step

#: How often a change is tried again when an editor saves the file at the same moment.
TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An issue's file as the page may change it."""

    version: str
    issue: Issue
    #: Why it can't be changed; None: it can.
    locked: Phrase | None
    #: What would be undone, and done again.
    undo: Phrase | None
    redo: Phrase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A change is written."""

    said: Phrase


class Bench:
    """Where issues are changed."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self._histories: dict[str, History] = {}
        self._one_at_a_time = threading.Lock()

    def state(self, issue: str) -> State:
        """Return an issue's file as it is now. Raises NewsletterError."""
        text = self.editor.text(issue)
        read = parse(text, name=issue)
        history = self._history(issue)
        history.show(version(text), text)
        return State(
            version=version(text),
            issue=read,
            locked=self.editor.locked(issue),
            undo=history.done[-1].said if history.done else None,
            redo=history.undone[-1].said if history.undone else None,
        )

    def seen(self, issue: str, number: str) -> Issue:
        """Return an issue as a page saw it. Raises IssueFileError where that is too long ago."""
        return parse(self._seen(issue, number), name=issue)

    def edit(self, issue: str, number: str, edit: Edit) -> Done | Conflict:
        """Make an edit on the version that a page shows. Raises NewsletterError."""
        seen = self._seen(issue, number)
        said = editing.said(parse(seen, name=issue), edit)

        def change(now: str) -> str | Conflict:
            outcome = revised(seen, now, edit, name=issue)
            return outcome.text if isinstance(outcome, Revised) else outcome

        return self._change(issue, said, change, lambda step: self._history(issue).do(step))

    def undo(self, issue: str, *, force: bool = False) -> Done | Conflict:
        """Undo the last step, and leave what an editor has changed since; `force`: undo that too.

        Raises IssueFileError.
        """
        history = self._history(issue)
        if not history.done:
            raise IssueFileError("There is nothing to undo.")
        step = history.done[-1]
        return self._change(
            issue,
            step.said,
            lambda now: _back(step.after, step.before, now, issue, force=force),
            history.undo,
        )

    def redo(self, issue: str, *, force: bool = False) -> Done | Conflict:
        """Do the step again that was undone last. Raises IssueFileError."""
        history = self._history(issue)
        if not history.undone:
            raise IssueFileError("There is nothing to do again.")
        step = history.undone[-1]
        return self._change(
            issue,
            step.said,
            lambda now: _back(step.before, step.after, now, issue, force=force),
            history.redo,
        )

    def _change(
        self,
        issue: str,
        said: Phrase,
        change: Callable[[str], str | Conflict],
        keep: Callable[[Step], None],
    ) -> Done | Conflict:
        with self._one_at_a_time:
            if locked := self.editor.locked(issue):
                raise IssueFileError(locked.text, **locked.values)
            for tries in range(1, TRIES + 1):
                now = self.editor.text(issue)
                new = change(now)
                if isinstance(new, Conflict):
                    return new
                if new == now or self._written(issue, new, now, last=tries == TRIES):
                    self._keep(issue, Step(said=said, before=now, after=new), keep)
                    break
        return Done(said=said)

    def _keep(self, issue: str, step: Step, keep: Callable[[Step], None]) -> None:
        """Remember a step that is written, the way it leads when it is done, and tell the ledger."""
        history = self._history(issue)
        back = keep == history.undo
        if step.before != step.after or keep != history.do:
            keep(Step(said=step.said, before=step.after, after=step.before) if back else step)
            self.editor.remember(issue, history.written())
        self.editor.settle(issue, posts_in(step.before), posts_in(step.after))

    def _written(self, issue: str, new: str, now: str, *, last: bool) -> bool:
        try:
            self.editor.save(issue, new, expected=now)
        except IssueFileError:
            if last or self.editor.text(issue) == now:
                raise
            return False
        return True

    def _seen(self, issue: str, number: str) -> str:
        text = self._history(issue).seen.get(number)
        if text is None:
            now = self.editor.text(issue)
            if version(now) != number:
                raise IssueFileError(
                    "What you saw is too old to be changed. Load the page again; copy what you have"
                    " written first."
                )
            text = now
        return text

    def _history(self, issue: str) -> History:
        if issue not in self._histories:
            self._histories[issue] = histories.read(self.editor.remembered(issue))
        return self._histories[issue]


def _back(base: str, wanted: str, now: str, issue: str, *, force: bool) -> str | Conflict:
    if force:
        return wanted
    both = combined(base, wanted, now, name=issue)
    return both if both is not None else Conflict(mine=wanted, theirs=now, again=None)
