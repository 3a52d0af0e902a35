"""What was done to an issue's file in the preview, to undo and to do again.

It is kept between two runs of the preview.

History ⇄ written: {"texts": {version: text}, "done": [[said, its values, version before, version
after], …], "undone": […]}
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.compose.revising import version
from newsletter.i18n import Phrase

#: Steps that can be undone, and states of the file that edits can be made on.
MOST = 200
#: Steps that are kept for the next run.
KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of a file's text."""

    said: Phrase
    before: str
    after: str


@dataclass(slots=True)
class History:
    """The steps of one issue, however often the page is loaded."""

    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)
    #: Version → text of the states that a page may have shown.
    seen: dict[str, str] = field(default_factory=dict)

    def show(self, version: str, text: str) -> None:
        """Keep a state that a page shows."""
        self.seen.pop(version, None)
        self.seen[version] = text
        while len(self.seen) > MOST:
            self.seen.pop(next(iter(self.seen)))

    def do(self, step: Step) -> None:
        """Keep a new step; what was undone can't be done again after it."""
        self.done = [*self.done, step][-MOST:]
        self.undone = []

    def undo(self, step: Step) -> None:
        """Keep that the last step was undone by this one."""
        self.done.pop()
        self.undone.append(step)

    def redo(self, step: Step) -> None:
        """Keep that the step undone last was done again by this one."""
        self.undone.pop()
        self.done.append(step)

    def written(self) -> str:
        """Return the last steps for the next run; `read` understands it.

        Texts that steps share stand there once.
        """
        done, undone = self.done[-KEPT:], self.undone[-KEPT:]
        texts = {
            version(text): text for step in (*done, *undone) for text in (step.before, step.after)
        }
        return json.dumps(
            {"texts": texts, "done": _rows(done), "undone": _rows(undone)}, ensure_ascii=False
        )


def read(written: str) -> History:
    """Return the history of an earlier run.

    An empty one for what can't be understood: it only helps.
    """
    try:
        kept = json.loads(written)
        return History(
            done=_steps(kept["done"], kept["texts"]), undone=_steps(kept["undone"], kept["texts"])
        )
    except (ValueError, TypeError, LookupError, RecursionError):
        return History()


def _rows(steps: Sequence[Step]) -> list[list[Any]]:
    values = ({name: str(value) for name, value in step.said.values.items()} for step in steps)
    return [
        [step.said.text, said, version(step.before), version(step.after)]
        for step, said in zip(steps, values, strict=True)
    ]


def _steps(rows: list[Any], texts: dict[str, Any]) -> list[Step]:
    found = [
        Step(said=Phrase(str(said), **values), before=texts[before], after=texts[after])
        for said, values, before, after in rows
    ]
    if not all(isinstance(text, str) for step in found for text in (step.before, step.after)):
        raise TypeError("no texts")
    for step in found:
        step.said.say("en")
    return found
