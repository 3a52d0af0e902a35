"""Read the rows of a list as other programs write it, and hold only a few at a time.

CSV, or XLSX and vCard made CSV first.

    bytes → encoding → text → separator → header → rows

Encodings: UTF-8 and UTF-16 with and without BOM, UTF-32 with one, cp1252, MacRoman, cp850.
Separators: comma, semicolon, tab, pipe.
"""

import codecs
import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsletter.errors import ListError
from newsletter.subscribers.importing import column_mapping, vcard, xlsx
from newsletter.subscribers.importing.column_mapping import ColumnRole, Columns
from newsletter.subscribers.importing.csv_injection import unescape_formula

if TYPE_CHECKING:
    import _csv

SEPARATORS = ",;\t|"
#: Longest cell in characters: beyond that, a quotation mark was never closed.
MAX_CELL_CHARS = 10_000
#: How many rows a header may hide behind (titles, empty rows), and how many are looked at to guess
#: a column.
_HEADER_SEARCH_ROWS, _SAMPLE_ROWS = 10, 200
_CHUNK_BYTES = 1 << 20
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Å, ä, ö, é, curly quotes: what UTF-8 text of our alphabets is full of, and cp1252 text never.
_UTF8_PAIR = re.compile(rb"[\xc3-\xcb][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
#: Alphabets of one byte a letter, the commonest first, and letters of our languages that hardly
#: share a byte in them.
_LEGACY_ENCODINGS = ("cp1252", "mac_roman", "cp850")
_LETTERS_BY_ENCODING = {
    alphabet: [letter.encode(alphabet) for letter in "åäöÅÄÖéüßæøÆØ"]
    for alphabet in _LEGACY_ENCODINGS
}
_NON_ASCII_RUN = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A list that is open for reading."""

    path: Path
    #: Length in bytes.
    size_bytes: int
    encoding: str
    separator: str
    columns: Columns
    #: The first row as it stands in the file; () where there is no header.
    header: tuple[str, ...]
    #: Lines before the first row of the list.
    skipped_lines: int
    file: io.RawIOBase

    @property
    def bytes_read(self) -> int:
        """How much has been read, in bytes."""
        return self.file.tell()


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that can't be told from its neighbours: a quotation mark before it was never closed."""

    cells: tuple[str, ...] = ()


def open_sheet(path: Path, mapping: Mapping[str, ColumnRole] = MappingProxyType({})) -> Sheet:
    """Open a list and find out how it was written; close `file` when done.

    `mapping` names columns that can't be told.

    Raises ListError where the file can't be read, isn't a list, or has no column of addresses.
    """
    try:
        file: io.RawIOBase = _convert_to_csv(path, path.open("rb", buffering=0))
    except OSError as error:
        raise ListError(
            "{path} can't be read ({cause}). Check the name and the permissions.",
            path=path,
            cause=error.strerror,
        ) from error
    try:
        encoding = _detect_encoding(path, file)
        separator, found, header, skipped = _detect_layout(
            path, _open_text(file, encoding), mapping
        )
        size = file.seek(0, io.SEEK_END)
    except BaseException:
        file.close()
        raise
    return Sheet(
        path=path,
        size_bytes=size,
        encoding=encoding,
        separator=separator,
        columns=found,
        header=header,
        skipped_lines=skipped,
        file=file,
    )


def read_rows(sheet: Sheet) -> Iterator[tuple[int, list[str] | BrokenRow]]:
    """Return each row with the line that it ends on, counted from 1; empty rows are left out."""
    text = _open_text(sheet.file, sheet.encoding)
    try:
        for _ in range(sheet.skipped_lines):
            text.readline()
        yield from _read_records(csv.reader(text, delimiter=sheet.separator), sheet.skipped_lines)
    finally:
        text.detach()  # the file is closed by who opened it


def _convert_to_csv(path: Path, file: io.FileIO) -> io.FileIO:
    """Return a list as CSV: the file itself, or a temporary one with what stands in a spreadsheet or in address cards."""
    start = file.read(4096) or b""
    if start.startswith(b"PK\x03\x04"):
        rows = xlsx.read_rows(path)
    elif start.removeprefix(codecs.BOM_UTF8).lstrip()[:11].upper() == b"BEGIN:VCARD":
        file.seek(0)
        raw = file.readall()
        rows = vcard.parse_rows(
            raw.decode("utf-8-sig") if _is_utf8(raw) else raw.decode("cp1252", "replace")
        )
    else:
        file.seek(0)
        return file
    file.close()
    made = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # who asked for it closes it
    try:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        for cells in rows:
            writer.writerow([cell.replace("\0", "") for cell in cells] or [""])
            if out.tell() > _CHUNK_BYTES:
                _flush(out, made)
        _flush(out, made)
        made.seek(0)
    except BaseException:
        made.close()
        raise
    return made


def _flush(out: io.StringIO, file: io.FileIO) -> None:
    piece = memoryview(out.getvalue().encode("utf-8", "replace"))
    while piece:
        piece = piece[file.write(piece) or 0 :]
    out.seek(0)
    out.truncate()


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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


def _detect_encoding(path: Path, file: io.RawIOBase) -> str:
    start = file.read(_CHUNK_BYTES) or b""
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding
    head = start[:4096]
    if head.startswith(b"\xd0\xcf\x11\xe0"):  # the spreadsheets of before 2007
        raise ListError(
            "{path} is a spreadsheet's own file. Open it there and save it as “CSV UTF-8”, then"
            " import that.",
            path=path,
        )
    if head.count(0) * 10 > len(head) * 3:
        return "utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le"
    if head.startswith((b"%PDF", b"\x1f\x8b")) or head.count(0) > len(head) // 100:
        raise ListError(
            "{path} is no CSV file. Save the list as “CSV UTF-8”, then import that.", path=path
        )
    return _detect_encoding_by_content(file)


def _detect_encoding_by_content(file: io.RawIOBase) -> str:
    """Tell UTF-8 from older ones by all of the file: the first å may stand at its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in _read_chunks(file):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        pairs = lone = 0
        for piece in _read_chunks(file):
            found = len(_UTF8_PAIR.findall(piece))
            pairs += found
            lone += max(0, len(_NON_ASCII_RUN.findall(piece)) - found)
        # A few bad bytes in UTF-8 are bad rows; they don't make another encoding of the rest.
        return "utf-8" if pairs > lone else _detect_legacy_encoding(file)
    return "utf-8"


def _detect_legacy_encoding(file: io.RawIOBase) -> str:
    """Tell Windows' alphabet from those of old Macs and DOS, by the letters that would come out of it."""
    counts = dict.fromkeys(_LEGACY_ENCODINGS, 0)
    for piece in _read_chunks(file):
        for alphabet in counts:
            counts[alphabet] += sum(map(piece.count, _LETTERS_BY_ENCODING[alphabet]))
    return max(counts, key=lambda alphabet: counts[alphabet])  # the first of equals


def _read_chunks(file: io.RawIOBase) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_CHUNK_BYTES):
        yield piece


def _detect_layout(
    path: Path, text: io.TextIOWrapper, mapping: Mapping[str, ColumnRole]
) -> tuple[str, Columns, tuple[str, ...], int]:
    """Return separator, columns, header and the lines to leave out, by whichever separator explains the file best."""
    sample = text.read(1 << 17)
    text.detach()
    mark = re.match(r"\ufeff?\"?sep=([,;\t|])\"?\r?\n", sample)
    skipped = 1 if mark else 0
    candidates = mark[1] if mark else SEPARATORS
    found = [
        layout
        for separator in candidates
        if (layout := _try_separator(sample, separator, skipped, mapping)) is not None
    ]
    if found:
        return max(
            found,
            key=lambda layout: (bool(layout[2]), _count_known_columns(layout[1]), layout[1].width),
        )
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


def _count_known_columns(found_columns: Columns) -> int:
    places = (
        found_columns.name,
        found_columns.first_name,
        found_columns.last_name,
        found_columns.language,
        found_columns.tags,
    )
    return sum(place is not None for place in places) + len(found_columns.status)


def _try_separator(
    sample: str, separator: str, skipped_lines: int, mapping: Mapping[str, ColumnRole]
) -> tuple[str, Columns, tuple[str, ...], int] | None:
    lines = io.StringIO(sample, newline="")
    for _ in range(skipped_lines):
        lines.readline()
    reader = csv.reader(lines, delimiter=separator)
    first: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            first.append((reader.line_num, row))
            if len(first) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # the sample ends, or a quotation mark is never closed
    filled = [(line, row) for line, row in first if any(cell.strip() for cell in row)]
    for line, row in filled[:_HEADER_SEARCH_ROWS]:
        header = tuple(unescape_formula(cell) for cell in row)
        if found := column_mapping.map_by_header(header, mapping):
            return separator, found, header, skipped_lines + line
        if any(column_mapping.is_address(cell) for cell in row):
            break
    return None if mapping else _guess_layout(filled, separator, skipped_lines)


def _guess_layout(
    filled_rows: list[tuple[int, list[str]]], separator: str, skipped_lines: int
) -> tuple[str, Columns, tuple[str, ...], int] | None:
    if not filled_rows:
        return None
    line, row = filled_rows[0]
    if found := column_mapping.map_without_header(row):
        return separator, found, (), skipped_lines
    if not any(column_mapping.is_address(cell) for cell in row) and (
        found := column_mapping.map_by_content(row, [cells for _, cells in filled_rows[1:]])
    ):
        return separator, found, tuple(row), skipped_lines + line
    return None
