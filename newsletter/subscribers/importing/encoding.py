"""Tell how a list is encoded.

UTF-8 and UTF-16 with and without BOM, UTF-32 with one, cp1252, MacRoman, cp850.
"""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import ListError

#: Bytes that are read at a time.
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


def is_utf8(raw: bytes) -> bool:
    """Return True if bytes are UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def detect_encoding(path: Path, file: io.RawIOBase) -> str:
    """Return the name of a file's encoding, as codecs know it.

    Raises ListError where it is no text.
    """
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
    """Tell Windows' alphabet from those of old Macs and DOS, by the letters that come out."""
    counts = dict.fromkeys(_LEGACY_ENCODINGS, 0)
    for piece in _read_chunks(file):
        for alphabet in counts:
            counts[alphabet] += sum(map(piece.count, _LETTERS_BY_ENCODING[alphabet]))
    return max(counts, key=lambda alphabet: counts[alphabet])  # the first of equals


def _read_chunks(file: io.RawIOBase) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_CHUNK_BYTES):
        yield piece
