"""Make CSV of what isn't: spreadsheets (XLSX) and address cards (vCard)."""

import codecs
import csv
import io
import tempfile
from pathlib import Path

from newsletter.subscribers.importing import vcard, xlsx
from newsletter.subscribers.importing.encoding import is_utf8

#: Characters that are held back before they are written.
_BUFFER_CHARS = 1 << 20


def convert_to_csv(path: Path, file: io.FileIO) -> io.FileIO:
    """Return a list as CSV, at its beginning.

    The file itself, or a temporary one with what stands in a spreadsheet or in address cards.
    """
    start = file.read(4096) or b""
    if start.startswith(b"PK\x03\x04"):
        rows = xlsx.read_rows(path)
    elif start.removeprefix(codecs.BOM_UTF8).lstrip()[:11].upper() == b"BEGIN:VCARD":
        file.seek(0)
        raw = file.readall()
        rows = vcard.parse_rows(
            raw.decode("utf-8-sig") if is_utf8(raw) else raw.decode("cp1252", "replace")
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
            if out.tell() > _BUFFER_CHARS:
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
