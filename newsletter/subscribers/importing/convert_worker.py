"""Write a spreadsheet or address cards as CSV in UTF-8, in a child process of `convert`."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from newsletter.subscribers.importing import vcard, xlsx
from newsletter.subscribers.importing.encoding import is_utf8

#: Characters that are held back before they are written.
_BUFFER_CHARS = 1 << 20


def respond(arguments: Sequence[str], source: IO[bytes], target: IO[bytes]) -> None:
    """Write the rows of a file. `arguments`: what it is, and its name for messages.

    Raises ListError.
    """
    kind, path = arguments
    _write_csv(
        xlsx.read_rows(source, Path(path)) if kind == "xlsx" else _read_cards(source), target
    )


def _read_cards(source: IO[bytes]) -> Iterable[list[str]]:
    raw = source.read()
    return vcard.parse_rows(
        raw.decode("utf-8-sig") if is_utf8(raw) else raw.decode("cp1252", "replace")
    )


def _write_csv(rows: Iterable[list[str]], target: IO[bytes]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for cells in rows:
        writer.writerow([cell.replace("\0", "") for cell in cells] or [""])
        if out.tell() > _BUFFER_CHARS:
            _flush(out, target)
    _flush(out, target)


def _flush(out: io.StringIO, target: IO[bytes]) -> None:
    target.write(out.getvalue().encode("utf-8", "replace"))
    out.seek(0)
    out.truncate()
