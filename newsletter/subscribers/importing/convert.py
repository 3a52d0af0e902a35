"""Make CSV of what isn't, in a child process: spreadsheets (XLSX) and address cards (vCard)."""

import codecs
import io
import tempfile
from pathlib import Path

from newsletter.errors import ListError
from newsletter.limited_process import (
    FileRefusedError,
    LimitExceededError,
    ProcessLimits,
    stream_limited,
)

#: What reading may take: so much, and more for a long file; no file gets more than the last.
_MIN_CPU_SECONDS, _CPU_SECONDS_PER_MB, _MAX_CPU_SECONDS = 8, 10, 1_800
_MIN_MEMORY_BYTES, _MEMORY_PER_BYTE, _MAX_MEMORY_BYTES = 200_000_000, 30, 2_000_000_000
#: Bytes of CSV: a small spreadsheet can say to write one long text a million times.
_MIN_CSV_BYTES, _CSV_BYTES_PER_BYTE = 20_000_000, 100


def convert_to_csv(path: Path, file: io.FileIO) -> io.FileIO:
    """Return a list as CSV, at its beginning.

    The file itself, or a temporary one with what stands in a spreadsheet or in address cards.
    """
    start = file.read(4096) or b""
    size_bytes = file.seek(0, io.SEEK_END)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        kind = "xlsx"
    elif start.removeprefix(codecs.BOM_UTF8).lstrip()[:11].upper() == b"BEGIN:VCARD":
        kind = "vcard"
    else:
        return file
    made = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # who asked for it closes it
    try:
        stream_limited(
            "newsletter.subscribers.importing.convert_worker",
            [kind, str(path)],
            file,
            made,
            limits=_choose_limits(size_bytes),
            max_output_bytes=_MIN_CSV_BYTES + _CSV_BYTES_PER_BYTE * size_bytes,
        )
    except FileRefusedError as refused:
        made.close()
        raise ListError(refused.phrase.text, **refused.phrase.values) from None
    except LimitExceededError as error:
        made.close()
        raise ListError(
            "{path} takes too much time or memory to read. Save it as “CSV UTF-8”, then import"
            " that.",
            path=path,
        ) from error
    except BaseException:
        made.close()
        raise
    finally:
        file.close()
    made.seek(0)
    return made


def _choose_limits(size_bytes: int) -> ProcessLimits:
    return ProcessLimits(
        cpu_seconds=min(
            _MAX_CPU_SECONDS, _MIN_CPU_SECONDS + _CPU_SECONDS_PER_MB * size_bytes // 1_000_000
        ),
        memory_bytes=min(_MAX_MEMORY_BYTES, _MIN_MEMORY_BYTES + _MEMORY_PER_BYTE * size_bytes),
    )
