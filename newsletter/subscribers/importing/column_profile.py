"""What stands in the columns that nothing is known of, counted while the rows go by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.subscribers.importing.cell_kinds import CellKind, classify_cell
from newsletter.subscribers.importing.header_sense import (
    HeaderSense,
    find_stop_status,
    is_about_letters,
    judge_header,
)
from newsletter.subscribers.importing.tags import parse_tags

#: Different cells of a column that are remembered at a time: more are free text.
MAX_VALUES = 500
#: Characters of a cell that are shown to people.
MAX_EXAMPLE_CHARS = 40


@dataclass(slots=True)
class ColumnProfile:
    """One column: its first different cells, and how often each stands in a row that counts.

    Rows count whose subscriber would get letters; all others only help to tell what a column is.
    """

    name: str
    sense: HeaderSense
    is_tags: bool = False
    #: Cells as they were first seen, by how many rows that count have them.
    values: dict[str, int] = field(default_factory=dict)
    #: More different cells than `MAX_VALUES` were seen.
    is_free_text: bool = False
    #: Kinds of cells that aren't among the values any more.
    _forgotten: set[CellKind] = field(default_factory=set)

    @property
    def kinds(self) -> set[CellKind]:
        """The kinds of cells in the rows that count."""
        return self._forgotten | {
            self._classify(value) for value, count in self.values.items() if count
        }

    @property
    def all_kinds(self) -> set[CellKind]:
        """The kinds of cells in all rows."""
        return self._forgotten | set(map(self._classify, self.values))

    @property
    def filled(self) -> Mapping[str, int]:
        """The values that say anything."""
        return {
            value: count
            for value, count in self.values.items()
            if classify_cell(value) is not CellKind.empty
        }

    def list_examples(self, count: int = 3) -> tuple[str, ...]:
        """Return the most frequent values, cut to what a screen shows."""
        common = sorted(self.filled.items(), key=lambda item: -item[1])
        return tuple(value.strip()[:MAX_EXAMPLE_CHARS] for value, _ in common[:count])

    def meet(self, cell: str, counts: int) -> bool:
        """Take in a cell that isn't among the values; return True if the column is done with."""
        if len(self.values) >= MAX_VALUES:
            self.is_free_text = True
            if self.sense not in CAN_STOP:
                return True
            self._forgotten |= self.kinds
            self.values.clear()
        self.values[cell] = counts
        return False

    def _classify(self, cell: str) -> CellKind:
        if not self.is_tags:
            kind = classify_cell(cell)
            return CellKind.refusal if self._is_told_off(kind, cell) else kind
        kinds = {classify_cell(tag) for tag in parse_tags(cell)}
        return CellKind.refusal if CellKind.refusal in kinds else CellKind.other

    def _is_told_off(self, kind: CellKind, cell: str) -> bool:
        """Return True for "Invalid", "None" or "Denied" where a column is about letters."""
        if kind not in (CellKind.other, CellKind.empty) or not is_about_letters(self.name):
            return False
        words = cell.strip().casefold()
        if kind is CellKind.empty or "@" in words:
            return words == "none"
        return find_stop_status(words) is not None


#: Names under which every cell counts, however many there are.
CAN_STOP = frozenset([HeaderSense.stop, HeaderSense.consent, HeaderSense.unclear])


class ProfileCollector:
    """Looks at some columns of every row."""

    def __init__(self, columns: Mapping[int, str], tags: int | None = None) -> None:
        """Take the places of columns with their names, and the place of the tags."""
        self.profiles = {
            at: ColumnProfile(name, judge_header(name)) for at, name in columns.items()
        }
        if tags is not None and tags in self.profiles:
            self.profiles[tags].is_tags = True
            self.profiles[tags].sense = HeaderSense.attribute
        self._open = [(at, profile.values) for at, profile in self.profiles.items()]

    def add(self, cells: Sequence[str], *, counts: bool = True) -> None:
        """Look at the cells of one row; it counts if its subscriber would get letters."""
        width, step = len(cells), int(counts)
        for at, values in self._open:
            cell = cells[at] if at < width else ""
            if cell in values:
                values[cell] += step
            elif self.profiles[at].meet(cell, step):
                self._open = [pair for pair in self._open if pair[0] != at]
