"""Look at the columns of a list while its rows go by: what was understood, and what is doubtful."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from newsletter.errors import ListError
from newsletter.subscribers.importing.cell_kinds import is_bare_yes_or_no
from newsletter.subscribers.importing.column_profile import (
    CAN_STOP,
    MAX_EXAMPLE_CHARS,
    ProfileCollector,
)
from newsletter.subscribers.importing.columns import ColumnRole, Columns
from newsletter.subscribers.importing.doubtful_columns import (
    DoubtfulColumn,
    find_doubtful_columns,
)
from newsletter.subscribers.importing.header_sense import judge_header

#: Rows that examples are taken from, and examples of a column.
_EXAMPLE_ROWS, _EXAMPLES = 50, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodColumn:
    """What a column was understood as."""

    name: str
    #: A role, or "field" for an own field of the list.
    meaning: str
    examples: tuple[str, ...]


class ColumnWatcher:
    """Sees the cells of every row."""

    def __init__(self, columns: Columns, header: Sequence[str]) -> None:
        self._columns = columns
        self._header = header
        self._rows: list[Sequence[str]] = []
        self._collector = ProfileCollector(_choose_columns(columns, header), columns.tags)

    def add(self, cells: Sequence[str], *, counts: bool) -> None:
        """Look at a row; it counts if its subscriber would get letters."""
        if len(self._rows) < _EXAMPLE_ROWS:
            self._rows.append(cells)
        self._collector.add(cells, counts=counts)

    def find_doubtful_columns(self) -> tuple[DoubtfulColumn, ...]:
        """Return the columns that a person has to look at.

        Raises ListError where one of them has no name by which it could be told.
        """
        name = self._columns.name
        if not self._header and name is not None and self._rows:
            answers = [row[name] for row in self._rows if name < len(row) and row[name].strip()]
            if answers and all(map(is_bare_yes_or_no, answers)):
                raise ListError(
                    "The list has no first row with names, and its other column says yes or no."
                    " Write a first row, “email” over the addresses, and import again."
                )
        return find_doubtful_columns(self._collector.profiles.values())

    def describe_columns(self) -> tuple[UnderstoodColumn, ...]:
        """Return what each column was understood as, with its first examples."""
        meanings = _list_meanings(self._columns)
        return tuple(
            UnderstoodColumn(
                name=self._header[at] if at < len(self._header) else "",
                meaning=meanings.get(at, ColumnRole.leave_out.value),
                examples=tuple(islice(self._list_values(at), _EXAMPLES)),
            )
            for at in range(self._columns.width)
        )

    def _list_values(self, at: int) -> Sequence[str]:
        """Return the first different values of a column."""
        values = (row[at].strip() for row in self._rows if at < len(row))
        return [value[:MAX_EXAMPLE_CHARS] for value in dict.fromkeys(values) if value]


def _choose_columns(columns: Columns, header: Sequence[str]) -> dict[int, str]:
    """Return places and names of the columns to be looked at.

    In an export of ours the status is said, and own fields may hold any yes and no: of those only
    names that speak of letters count.
    """
    chosen = dict(columns.unjudged)
    if columns.is_own_export:
        return {at: name for at, name in chosen.items() if judge_header(name) in CAN_STOP}
    if columns.tags is not None and not columns.has_given_tags and header:
        chosen[columns.tags] = header[columns.tags]
    return chosen


def _list_meanings(columns: Columns) -> dict[int, str]:
    meanings = {at: "field" for at, _ in columns.fields}
    meanings |= {at: ColumnRole.stop.value for at, _ in columns.status_flags}
    meanings |= {column.at: ColumnRole.consent.value for column in columns.consents}
    meanings |= dict.fromkeys(columns.status, ColumnRole.status.value)
    single = {
        ColumnRole.email: columns.email,
        ColumnRole.name: columns.name,
        ColumnRole.first: columns.first_name,
        ColumnRole.last: columns.last_name,
        ColumnRole.language: columns.language,
        ColumnRole.tags: columns.tags,
    }
    return meanings | {at: role.value for role, at in single.items() if at is not None}
