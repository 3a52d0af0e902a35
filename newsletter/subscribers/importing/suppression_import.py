"""Bring in a list of addresses that are never to be mailed: from another system, or from before."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path

from newsletter.domain.subscriber import SuppressionReason
from newsletter.errors import ListError
from newsletter.store.database import Database
from newsletter.subscribers import suppression
from newsletter.subscribers.importing import sheet_reader
from newsletter.subscribers.importing.refusals import RefusedRow
from newsletter.subscribers.importing.row_parser import ParsedRow, make_row_parser

#: Rows that are written in one transaction.
CHUNK_ROWS = 1000


def import_suppressions(
    database: Database,
    path: Path,
    default_reason: SuppressionReason,
    now: datetime,
    *,
    on_refused: Callable[[RefusedRow], None] = lambda _row: None,
) -> tuple[int, int]:
    """Suppress every address of a list.

    Returns how many are new, and how many were suppressed before. Where the list itself says why (a
    column of statuses), that counts. Raises ListError where the file isn't a list.
    """
    sheet = sheet_reader.open_sheet(path)
    changed = known = 0
    try:
        read = make_row_parser(sheet.layout.columns, sheet.layout.separator)
        rows = (read(line, cells) for line, cells in sheet_reader.read_rows(sheet))
        while chunk := list(islice(rows, CHUNK_ROWS)):
            with database.begin() as connection:
                for row in chunk:
                    if isinstance(row, RefusedRow):
                        on_refused(row)
                        continue
                    new = suppression.suppress(
                        connection, row.key, _choose_reason(row, default_reason), now
                    )
                    changed, known = changed + new, known + (not new)
    finally:
        sheet.file.close()
    if not changed and not known:
        raise ListError("{path} holds no address that can be blocked.", path=path)
    return changed, known


def _choose_reason(row: ParsedRow, default_reason: SuppressionReason) -> SuppressionReason:
    return (
        SuppressionReason(row.status)
        if row.status in SuppressionReason.__members__
        else default_reason
    )
