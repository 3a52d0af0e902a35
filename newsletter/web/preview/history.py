"""What was done to an issue's file in the preview, to undo and to do again.

It is kept between two runs of the preview.

History ⇄ written: {"texts": {version: text}, "done": [[said, its values, version before, version
after], …], "undone": […]}
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.compose.editing.apply_edit import compute_version
from newsletter.i18n import Phrase

#: Steps that can be undone, and states of the file that edits can be made on.
MAX_STEPS = 200
#: Steps that are kept for the next run.
MAX_SAVED_STEPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EditStep:
    """A change of a file's text."""

    description: Phrase
    before: str
    after: str


@dataclass(slots=True)
class EditHistory:
    """The steps of one issue, however often the page is loaded."""

    undo_stack: list[EditStep] = field(default_factory=list)
    redo_stack: list[EditStep] = field(default_factory=list)
    #: Version → text of the states that a page may have shown.
    seen_texts: dict[str, str] = field(default_factory=dict)

    def add_seen(self, version: str, text: str) -> None:
        """Keep a state that a page shows."""
        self.seen_texts.pop(version, None)
        self.seen_texts[version] = text
        while len(self.seen_texts) > MAX_STEPS:
            self.seen_texts.pop(next(iter(self.seen_texts)))

    def record(self, step: EditStep) -> None:
        """Keep a new step; what was undone can't be done again after it."""
        self.undo_stack = [*self.undo_stack, step][-MAX_STEPS:]
        self.redo_stack = []

    def record_undo(self, step: EditStep) -> None:
        """Keep that the last step was undone by this one."""
        self.undo_stack.pop()
        self.redo_stack.append(step)

    def record_redo(self, step: EditStep) -> None:
        """Keep that the step undone last was done again by this one."""
        self.redo_stack.pop()
        self.undo_stack.append(step)

    def to_json(self) -> str:
        """Return the last steps for the next run; `read` understands it.

        Texts that steps share stand there once.
        """
        done, undone = self.undo_stack[-MAX_SAVED_STEPS:], self.redo_stack[-MAX_SAVED_STEPS:]
        texts = {
            compute_version(text): text
            for step in (*done, *undone)
            for text in (step.before, step.after)
        }
        return json.dumps(
            {"texts": texts, "done": _to_rows(done), "undone": _to_rows(undone)}, ensure_ascii=False
        )


def parse_history(text: str) -> EditHistory:
    """Return the history of an earlier run.

    An empty one for what can't be understood: it only helps.
    """
    try:
        kept = json.loads(text)
        return EditHistory(
            undo_stack=_from_rows(kept["done"], kept["texts"]),
            redo_stack=_from_rows(kept["undone"], kept["texts"]),
        )
    except (ValueError, TypeError, LookupError, RecursionError):
        return EditHistory()


def _to_rows(steps: Sequence[EditStep]) -> list[list[Any]]:
    values = (
        {name: str(value) for name, value in step.description.values.items()} for step in steps
    )
    return [
        [step.description.text, said, compute_version(step.before), compute_version(step.after)]
        for step, said in zip(steps, values, strict=True)
    ]


def _from_rows(rows: list[Any], texts: dict[str, Any]) -> list[EditStep]:
    found = [
        EditStep(description=Phrase(str(said), **values), before=texts[before], after=texts[after])
        for said, values, before, after in rows
    ]
    if not all(isinstance(text, str) for step in found for text in (step.before, step.after)):
        raise TypeError("no texts")
    for step in found:
        step.description.translate("en")
    return found
