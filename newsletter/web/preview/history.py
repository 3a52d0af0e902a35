"""The undo and redo stacks of an issue's file, kept between two runs of the preview.

{"texts": {version: text},
 "done": [[description, its values, version before, version after], …], "undone": […]}
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from newsletter.compose.editing.apply_edit import compute_version
from newsletter.i18n import Phrase

#: Steps that can be undone, and states of the file that edits can be made on.
MAX_STEPS = 200
#: Steps that are kept for the next run.
MAX_SAVED_STEPS = 50


class StepDirection(Enum):
    """Whether a step is new, takes the last one back, or does one again."""

    do = "do"
    undo = "undo"
    redo = "redo"


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

    def get_last(self, direction: StepDirection) -> EditStep | None:
        """Return the step that an undo or a redo would take; None where there is none."""
        stack = self.undo_stack if direction is StepDirection.undo else self.redo_stack
        return stack[-1] if stack else None

    def describe_last(self, direction: StepDirection) -> Phrase | None:
        """Return what an undo or a redo would take back or do again."""
        step = self.get_last(direction)
        return step.description if step is not None else None

    def record(self, step: EditStep, direction: StepDirection) -> None:
        """Keep a step that is written.

        A new one empties the redo stack. An undo is kept the way it leads when it is done again.
        """
        match direction:
            case StepDirection.do:
                self.undo_stack = [*self.undo_stack, step][-MAX_STEPS:]
                self.redo_stack = []
            case StepDirection.undo:
                self.undo_stack.pop()
                self.redo_stack.append(
                    EditStep(description=step.description, before=step.after, after=step.before)
                )
            case StepDirection.redo:
                self.redo_stack.pop()
                self.undo_stack.append(step)

    def to_json(self) -> str:
        """Return the last steps for `parse_history`; texts that steps share stand there once."""
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
    """Return the history of an earlier run; an empty one for what can't be read."""
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
