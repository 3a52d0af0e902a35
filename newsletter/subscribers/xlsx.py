"""Read the first visible sheet of an XLSX file as rows of text (ECMA-376, SpreadsheetML); nothing in it is run.

What is in the file comes from outside: its size unpacked is bounded, entities aren't resolved, and no name in it becomes a path.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree  # type: ignore[import-untyped]  # it ships none

from newsletter.errors import ListError

#: Octets that one part of the file may unpack to.
LARGEST = 1_000_000_000
#: Octets of the texts that cells share, which are held in memory.
LARGEST_TEXTS = 200_000_000
_WIDEST = 200
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")


def rows(path: Path) -> Iterator[list[str]]:
    """Return the rows of the first sheet; empty ones as empty lists. Raises ListError."""
    try:
        with zipfile.ZipFile(path) as packed:
            texts = _texts(packed)
            with _part(packed, _first_sheet(packed, path), path, LARGEST) as part:
                for _, row in etree.iterparse(part, tag="{*}row", resolve_entities=False, no_network=True, huge_tree=False):
                    yield _cells(row, texts)
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
        raise ListError("{path} is a damaged or locked spreadsheet. Save it as “CSV UTF-8”, then import that.", path=path) from error


def _first_sheet(packed: zipfile.ZipFile, path: Path) -> str:
    """Return the part that holds the first sheet that a person sees, in the order of the workbook."""
    names = packed.namelist()
    try:
        book = etree.fromstring(packed.read("xl/workbook.xml"), _parser())
        links = etree.fromstring(packed.read("xl/_rels/workbook.xml.rels"), _parser())
        sheets = list(book.iter("{*}sheet"))
        sheet = next((one for one in sheets if one.get("state", "visible") == "visible"), *sheets[:1])
        number = next(value for name, value in sheet.attrib.items() if str(name).endswith("}id"))
        target = next(str(link.get("Target")) for link in links if link.get("Id") == number)
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if name in names:
            return name
    except (KeyError, StopIteration):
        pass
    found = sorted(name for name in names if _SHEET.fullmatch(name))
    if not found:
        raise ListError("{path} holds no sheet. Save it as “CSV UTF-8”, then import that.", path=path)
    return found[0]


def _texts(packed: zipfile.ZipFile) -> list[str]:
    """Return the texts that cells share."""
    if "xl/sharedStrings.xml" not in packed.namelist():
        return []
    texts: list[str] = []
    with _part(packed, "xl/sharedStrings.xml", Path(packed.filename or ""), LARGEST_TEXTS) as part:
        for _, item in etree.iterparse(part, tag="{*}si", resolve_entities=False, no_network=True, huge_tree=False):
            # What stands in a phonetic run is how another text is spoken.
            runs = [text for text in item.iter("{*}t") if not str(text.getparent().tag).endswith("}rPh")]
            texts.append("".join(text.text or "" for text in runs))
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]
    return texts


def _part(packed: zipfile.ZipFile, name: str, path: Path, largest: int) -> IO[bytes]:
    if packed.getinfo(name).file_size > largest:
        raise ListError("{path} is too large to be read as a spreadsheet. Save it as “CSV UTF-8”, then import that.", path=path)
    return packed.open(name)


def _cells(row: etree._Element, texts: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren("{*}c"):
        at = _column(cell.get("r"), len(cells))
        if at >= _WIDEST:
            break
        cells += [""] * (at - len(cells))
        cells.append(_value(cell, texts))
    return cells


def _column(place: str | None, following: int) -> int:
    found = _PLACE.fullmatch(place or "")
    if found is None:
        return following
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return max(number - 1, following)


def _value(cell: etree._Element, texts: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter("{*}t"))
    value = cell.findtext("{*}v") or ""
    if kind == "s":
        return texts[int(value)] if value else ""
    if kind == "e":
        return ""
    return value.removesuffix(".0") if kind == "n" else value


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
