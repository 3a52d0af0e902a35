"""What was done to an issue's file in the preview, to undo and to do again."""

from dataclasses import dataclass, field

from newsletter.i18n import Phrase

#: Steps that can be undone, and states of the file that edits can be made on.
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of a file's text."""

    said: Phrase
    before: str
    after: str


@dataclass(slots=True)
class History:
    """The steps of one issue; it lives as long as the preview runs, however often the page is loaded."""

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
