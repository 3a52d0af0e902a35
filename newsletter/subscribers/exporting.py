"""Give the list out: as CSV, or as JSON.

A spreadsheet opens the CSV safely, and `importing` reads it back the same.

CSV is UTF-8 with a BOM (Excel takes it for cp1252 otherwise), commas, CRLF (RFC 4180).
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from newsletter.domain.subscriber import Subscriber
from newsletter.subscribers.importing.columns import OWN_COLUMNS, REPORT_COLUMNS
from newsletter.subscribers.importing.csv_injection import escape_formula
from newsletter.subscribers.importing.refusals import RefusedRow

BOM = "\ufeff"


class TextWriter(Protocol):
    """Something that text can be written to, without changing line ends (`newline=""`)."""

    def write(self, text: str, /) -> object:
        """Write a piece of text."""


def write_csv(
    out: TextWriter, subscribers: Iterable[Subscriber], field_names: Sequence[str]
) -> int:
    """Write a list as CSV and return how many subscribers it has.

    `field_names` are the own fields, a column each.
    """
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow([*OWN_COLUMNS, *map(escape_formula, field_names)])
    count = 0
    for subscriber in subscribers:
        known = (
            subscriber.email,
            subscriber.name,
            subscriber.language,
            ";".join(subscriber.tags),
            subscriber.status.value,
        )
        writer.writerow(
            [
                escape_formula(cell)
                for cell in (*known, *(subscriber.fields.get(name, "") for name in field_names))
            ]
        )
        count += 1
    return count


def write_json(out: TextWriter, subscribers: Iterable[Subscriber]) -> int:
    """Write a list as one JSON array, a subscriber a line, and return how many it has."""
    count = 0
    for subscriber in subscribers:
        out.write(
            ("[\n" if count == 0 else ",\n")
            + json.dumps(subscriber_to_dict(subscriber), ensure_ascii=False)
        )
        count += 1
    out.write("\n]\n" if count else "[]\n")
    return count


def subscriber_to_dict(subscriber: Subscriber) -> dict[str, Any]:
    """Return a subscriber as a value for JSON; the keys are a contract."""
    return {
        "email": subscriber.email,
        "name": subscriber.name,
        "language": subscriber.language,
        "tags": list(subscriber.tags),
        "status": subscriber.status.value,
        "fields": dict(subscriber.fields),
        "created": subscriber.created.isoformat() if subscriber.created else None,
    }


class RefusedRowsReport:
    """The file of rows that weren't taken.

    Line, reason, and the row itself, to be mended and imported again.
    """

    def __init__(self, out: TextWriter, header: Sequence[str], language: str) -> None:
        self._writer = csv.writer(out)
        self._language = language
        self._header = header
        self._out = out
        self.count = 0

    def add(self, row: RefusedRow) -> None:
        """Write one row."""
        if not self.count:
            self._out.write(BOM)
            self._writer.writerow([*REPORT_COLUMNS, *map(escape_formula, self._header)])
        self.count += 1
        reason = row.reason.translate(self._language)
        self._writer.writerow([str(row.line), reason, *_escape_cells(row.cells)])


def _escape_cells(cells: Sequence[str]) -> Iterator[str]:
    for cell in cells:
        yield escape_formula(cell.encode("utf-8", "replace").decode())
