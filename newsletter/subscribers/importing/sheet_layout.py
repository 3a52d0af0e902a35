"""Find out how a list is laid out: its separator, its first row, what its columns hold."""

import csv
import io
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from newsletter.errors import ListError
from newsletter.subscribers.importing import column_mapping
from newsletter.subscribers.importing.columns import ColumnRole, Columns
from newsletter.subscribers.importing.csv_injection import unescape_formula
from newsletter.subscribers.importing.known_headers import normalise_header
from newsletter.subscribers.importing.status_words import parse_status

SEPARATORS = ",;\t|"
#: Characters that the layout is found by.
_SAMPLE_CHARS = 1 << 17
#: Rows that a header may hide behind (titles, empty rows), and rows that a column is guessed by.
_HEADER_SEARCH_ROWS, _SAMPLE_ROWS = 10, 200
#: Names of statuses that are parts of a country as well.
_AMBIGUOUS_STATUS_HEADERS = frozenset(["state", "tillstånd", "zustand"])
#: Excel's own way of saying which separator a file has.
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=([,;\t|])\"?\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """Where things stand in a list."""

    separator: str
    columns: Columns
    #: The first row as it stands in the file; () where there is no header.
    header: tuple[str, ...]
    #: Lines before the first row of the list.
    skipped_lines: int

    @property
    def plausibility(self) -> tuple[bool, int, int]:
        """How well it explains the file: a header, columns that are known, many of them."""
        found = self.columns
        places = (found.name, found.first_name, found.last_name, found.language, found.tags)
        known = sum(place is not None for place in places) + len(found.status)
        return bool(self.header), known, found.width


def detect_layout(
    path: Path, text: io.TextIOWrapper, mapping: Mapping[str, ColumnRole]
) -> SheetLayout:
    """Return the layout by whichever separator explains the file best.

    `path` is for messages; `mapping` names columns whose names don't tell. Raises ListError.
    """
    sample = text.read(_SAMPLE_CHARS)
    text.detach()
    mark = _SEPARATOR_LINE.match(sample)
    skipped = 1 if mark else 0
    candidates = mark[1] if mark else SEPARATORS
    found = [
        layout
        for separator in candidates
        if (layout := _try_separator(sample, separator, skipped, mapping)) is not None
    ]
    if found:
        return max(found, key=lambda layout: layout.plausibility)
    if not sample.strip("\ufeff \r\n\t,;|"):
        raise ListError("{path} is empty.", path=path)
    separator = max(candidates, key=sample.split("\n", 1)[0].count)
    first = next(
        csv.reader(io.StringIO(sample.lstrip("\ufeff"), newline=""), delimiter=separator), []
    )
    raise ListError(
        "{path} has no column of e-mail addresses; its first row is: {names}. Name one column"
        " “email”.",
        path=path,
        names=", ".join(first),
    )


def _try_separator(
    sample: str, separator: str, skipped_lines: int, mapping: Mapping[str, ColumnRole]
) -> SheetLayout | None:
    filled = _read_sample_rows(sample, separator, skipped_lines)
    for line, row in filled[:_HEADER_SEARCH_ROWS]:
        header = tuple(unescape_formula(cell) for cell in row)
        if found := column_mapping.map_by_header(header, mapping):
            found = _drop_states_of_countries(found, header, [cells for _, cells in filled])
            return SheetLayout(
                separator=separator,
                columns=found,
                header=header,
                skipped_lines=skipped_lines + line,
            )
        if any(column_mapping.is_address(cell) for cell in row):
            break
    return _guess_layout(filled, separator, skipped_lines, mapping)


def _drop_states_of_countries(
    columns: Columns, header: tuple[str, ...], rows: list[list[str]]
) -> Columns:
    """Make own fields of columns called "State" that hold no status, but "CA" or "NSW"."""
    foreign = [
        at
        for at in columns.status
        if normalise_header(header[at]) in _AMBIGUOUS_STATUS_HEADERS
        and not any(parse_status(row[at]) for row in rows[1:] if at < len(row))
    ]
    own = [(at, header[at].strip()) for at in foreign]
    return replace(
        columns,
        status=tuple(at for at in columns.status if at not in foreign),
        fields=tuple(sorted([*columns.fields, *own])),
        unjudged=tuple(sorted([*columns.unjudged, *own])),
    )


def _read_sample_rows(
    sample: str, separator: str, skipped_lines: int
) -> list[tuple[int, list[str]]]:
    """Return the first rows that aren't empty, each with the line that it ends on."""
    lines = io.StringIO(sample, newline="")
    for _ in range(skipped_lines):
        lines.readline()
    reader = csv.reader(lines, delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):  # the sample ends, or a quotation mark is never closed
        for row in islice(reader, _SAMPLE_ROWS):
            rows.append((reader.line_num, row))  # noqa: PERF401  # rows before an error count
    return [(line, row) for line, row in rows if any(cell.strip() for cell in row)]


def _guess_layout(
    filled_rows: list[tuple[int, list[str]]],
    separator: str,
    skipped_lines: int,
    mapping: Mapping[str, ColumnRole],
) -> SheetLayout | None:
    """Return the layout of a list whose first row names no column of addresses."""
    if not filled_rows:
        return None
    line, row = filled_rows[0]
    if not mapping and (found := column_mapping.map_without_header(row)):
        return SheetLayout(
            separator=separator, columns=found, header=(), skipped_lines=skipped_lines
        )
    if any(column_mapping.is_address(cell) for cell in row):
        return None
    rows = [cells for _, cells in filled_rows[1:]]
    found = column_mapping.map_by_content(row, rows, mapping)
    if found is None:
        return None
    return SheetLayout(
        separator=separator, columns=found, header=tuple(row), skipped_lines=skipped_lines + line
    )
