"""Read the first visible sheet of an XLSX file as rows of text (ECMA-376, SpreadsheetML).

Nothing in it is run.

What is in the file comes from outside: its size unpacked is bounded, entities aren't resolved, and
no name in it becomes a path. Read it in a child process only: a row is held whole.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from lxml import etree  # type: ignore[import-untyped]  # it ships none

from newsletter.errors import ListError

#: Octets that one part of the file may unpack to.
MAX_PART_BYTES = 1_000_000_000
#: Octets of the texts that cells share, which are held in memory.
MAX_IN_MEMORY_BYTES = 200_000_000
_MAX_COLUMNS = 200
#: Texts that cells share, besides one for each byte that they take packed: no two are the same, so
#: many of them can't be packed smaller.
_MIN_SHARED_STRINGS = 100_000
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
#: Numbers of the formats of dates that every program knows (ECMA-376, 18.8.30), and what in a
#: format is said word for word.
_DATE_FORMATS = frozenset(map(str, (*range(14, 18), 22, *range(27, 32), 36, *range(50, 59))))
_FORMAT_LITERAL = re.compile(r'"[^"]*+(?:"|\Z)|\[[^\]]*+(?:\]|\Z)|\\.')
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")


def read_rows(file: IO[bytes], path: Path) -> Iterator[list[str]]:
    """Return the rows of the first sheet; empty ones as empty lists. `path` is for messages.

    Raises ListError.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            texts, dates = _read_shared_strings(packed, path), _read_date_styles(packed)
            with _open_part(packed, _find_first_sheet(packed, path), path, MAX_PART_BYTES) as part:
                for _, row in etree.iterparse(
                    part, tag="{*}row", resolve_entities=False, no_network=True, huge_tree=False
                ):
                    yield _read_cells(row, texts, dates)
                    row.clear()
                    while row.getprevious() is not None:
                        del row.getparent()[0]
    except (
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        IndexError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise ListError(
            "{path} is a damaged or locked spreadsheet. Save it as “CSV UTF-8”, then import that.",
            path=path,
        ) from error


def _find_first_sheet(archive: zipfile.ZipFile, path: Path) -> str:
    """Return the part that holds the workbook's first visible sheet."""
    names = archive.namelist()
    try:
        book = etree.fromstring(archive.read("xl/workbook.xml"), _make_parser())
        links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), _make_parser())
        sheets = list(book.iter("{*}sheet"))
        sheet = next(
            (one for one in sheets if one.get("state", "visible") == "visible"), *sheets[:1]
        )
        number = next(value for name, value in sheet.attrib.items() if str(name).endswith("}id"))
        target = next(str(link.get("Target")) for link in links if link.get("Id") == number)
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if name in names:
            return name
    except (KeyError, StopIteration):
        pass
    found = sorted(name for name in names if _SHEET_PART.fullmatch(name))
    if not found:
        raise ListError(
            "{path} holds no sheet. Save it as “CSV UTF-8”, then import that.", path=path
        )
    return found[0]


def _read_shared_strings(archive: zipfile.ZipFile, path: Path) -> list[str]:
    """Return the texts that cells share."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    texts: list[str] = []
    most = _MIN_SHARED_STRINGS + archive.getinfo("xl/sharedStrings.xml").compress_size
    with _open_part(archive, "xl/sharedStrings.xml", path, MAX_IN_MEMORY_BYTES) as part:
        for _, item in etree.iterparse(
            part, tag="{*}si", resolve_entities=False, no_network=True, huge_tree=False
        ):
            # What stands in a phonetic run is how another text is spoken.
            runs = [
                text for text in item.iter("{*}t") if not str(text.getparent().tag).endswith("}rPh")
            ]
            texts.append("".join(text.text or "" for text in runs))
            if len(texts) > most:
                raise ValueError("more texts than the file can hold")
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]
    return texts


@dataclass(frozen=True, slots=True)
class _DateStyles:
    """Which cells hold a date, by their style's number, and the day that days are counted from."""

    style_indexes: frozenset[str]
    epoch: datetime

    def format_date(self, value: str) -> str:
        """Return a number of days as people and databases write a date; "" where it is none."""
        try:
            moment = self.epoch + timedelta(days=float(value))
        except (ValueError, OverflowError):
            return ""
        moment = (moment + timedelta(milliseconds=500)).replace(
            microsecond=0
        )  # a second isn't a round part of a day
        return moment.isoformat(sep=" ").removesuffix(" 00:00:00")


def _read_date_styles(archive: zipfile.ZipFile) -> _DateStyles:
    book = _read_xml(archive, "xl/workbook.xml")
    settings = next(book.iter("{*}workbookPr"), None) if book is not None else None
    since_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    styles = _read_xml(archive, "xl/styles.xml")
    own = (
        {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iter("{*}numFmt")}
        if styles is not None
        else {}
    )
    formats = (
        [style.get("numFmtId") for style in styles.iterfind("{*}cellXfs/{*}xf")]
        if styles is not None
        else []
    )
    found = (
        str(at)
        for at, number in enumerate(formats)
        if number in _DATE_FORMATS or _is_date_format(own.get(number, ""))
    )
    # Excel believes that 1900 was a leap year: from March of it on, this is the day before the
    # first.
    # a day on the wall
    return _DateStyles(
        frozenset(found),
        datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30),  # noqa: DTZ001
    )


def _is_date_format(code: str) -> bool:
    """Return True if a format code writes a date.

    A year or a day, outside of quoted words and colours.
    """
    return any(letter in _FORMAT_LITERAL.sub("", code).lower() for letter in "yd")


def _read_xml(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    if name not in archive.namelist() or archive.getinfo(name).file_size > MAX_IN_MEMORY_BYTES:
        return None
    return etree.fromstring(archive.read(name), _make_parser())


def _open_part(archive: zipfile.ZipFile, name: str, path: Path, max_bytes: int) -> IO[bytes]:
    if archive.getinfo(name).file_size > max_bytes:
        raise ListError(
            "{path} is too large to be read as a spreadsheet. Save it as “CSV UTF-8”, then import"
            " that.",
            path=path,
        )
    return archive.open(name)


def _read_cells(
    row: etree._Element, shared_strings: list[str], date_styles: "_DateStyles"
) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren("{*}c"):
        at = _parse_column_index(cell.get("r"), len(cells))
        if at >= _MAX_COLUMNS:
            break
        cells += [""] * (at - len(cells))
        cells.append(_read_value(cell, shared_strings, date_styles))
    return cells


def _parse_column_index(reference: str | None, next_index: int) -> int:
    found = _CELL_REFERENCE.fullmatch(reference or "")
    if found is None:
        return next_index
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return max(number - 1, next_index)


def _read_value(cell: etree._Element, shared_strings: list[str], date_styles: "_DateStyles") -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter("{*}t"))
    value = cell.findtext("{*}v") or ""
    if kind == "s":
        return shared_strings[int(value)] if value else ""
    if kind == "e":
        return ""
    if kind != "n":
        return value
    return (
        date_styles.format_date(value) if cell.get("s") in date_styles.style_indexes else ""
    ) or value.removesuffix(".0")


def _make_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
