"""Read the rows of a list as other programs write it, and hold only a few at a time.

CSV, or XLSX and vCard made CSV first.

    bytes → encoding → text → separator → header → rows

Encodings: UTF-8 and UTF-16 with and without BOM, UTF-32 with one, cp1252, MacRoman, cp850.
Separators: comma, semicolon, tab, pipe.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsletter.errors import ListError
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.convert import convert_to_csv
from newsletter.subscribers.importing.encoding import detect_encoding
from newsletter.subscribers.importing.sheet_layout import SheetLayout, detect_layout

if TYPE_CHECKING:
    import _csv

#: Longest cell in characters: beyond that, a quotation mark was never closed.
MAX_CELL_CHARS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A list that is open for reading."""

    path: Path
    #: Length in bytes.
    size_bytes: int
    encoding: str
    layout: SheetLayout
    file: io.RawIOBase

    @property
    def bytes_read(self) -> int:
        """How much has been read, in bytes."""
        return self.file.tell()


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that can't be told from its neighbours: a quotation mark before it isn't closed."""


def open_sheet(path: Path, mapping: Mapping[str, ColumnRole] = MappingProxyType({})) -> Sheet:
    """Open a list and find out how it was written; close `file` when done.

    `mapping` names columns that can't be told.

    Raises ListError where the file can't be read, isn't a list, or has no column of addresses.
    """
    try:
        file: io.RawIOBase = convert_to_csv(path, path.open("rb", buffering=0))
    except OSError as error:
        raise ListError(
            "{path} can't be read ({cause}). Check the name and the permissions.",
            path=path,
            cause=error.strerror,
        ) from error
    try:
        encoding = detect_encoding(path, file)
        layout = detect_layout(path, _open_text(file, encoding), mapping)
        size = file.seek(0, io.SEEK_END)
    except BaseException:
        file.close()
        raise
    return Sheet(
        path=path,
        size_bytes=size,
        encoding=encoding,
        layout=layout,
        file=file,
    )


def read_rows(sheet: Sheet) -> Iterator[tuple[int, list[str] | BrokenRow]]:
    """Return each row with the line that it ends on, counted from 1; empty rows are left out."""
    text = _open_text(sheet.file, sheet.encoding)
    skipped = sheet.layout.skipped_lines
    try:
        for _ in range(skipped):
            text.readline()
        yield from _read_records(csv.reader(text, delimiter=sheet.layout.separator), skipped)
    finally:
        text.detach()  # the file is closed by who opened it


def _read_records(
    reader: "_csv.Reader", skipped_lines: int
) -> Iterator[tuple[int, list[str] | BrokenRow]]:
    while True:
        try:
            for cells in reader:
                if cells:
                    yield skipped_lines + reader.line_num, cells
        except (
            csv.Error
        ):  # a cell longer than the csv module's limit; it goes on with the next line
            yield skipped_lines + reader.line_num, BrokenRow()
        else:
            break


def _open_text(file: io.RawIOBase, encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return io.TextIOWrapper(_NonClosingReader(file), encoding=encoding, errors=errors, newline="")


class _NonClosingReader(io.BufferedReader):
    """A buffer that leaves the file open when it is thrown away."""

    def close(self) -> None:
        """Leave the file to who opened it."""
