"""Bring in a list of addresses that are never to be mailed: from another system, or from before."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path

from newsletter.domain.subscriber import SuppressionReason
from newsletter.errors import ListError
from newsletter.store.database import Database
from newsletter.subscribers import reading, suppression
from newsletter.subscribers.rows import Refused, Row, reader

CHUNK = 1000


def block_all(
    database: Database,
    path: Path,
    reason: SuppressionReason,
    now: datetime,
    *,
    refuse: Callable[[Refused], None] = lambda _row: None,
) -> tuple[int, int]:
    """Suppress every address of a list; returns how many are new, and how many were blocked before.

    Where the list itself says why (a column of states), that counts. Raises ListError where the
    file isn't a list.
    """
    sheet = reading.open_sheet(path)
    changed = known = 0
    try:
        read = reader(sheet.columns, sheet.separator)
        rows = (read(line, cells) for line, cells in reading.rows(sheet))
        while chunk := list(islice(rows, CHUNK)):
            with database.begin() as connection:
                for row in chunk:
                    if isinstance(row, Refused):
                        refuse(row)
                        continue
                    new = suppression.suppress(connection, row.key, _reason(row, reason), now)
                    changed, known = changed + new, known + (not new)
    finally:
        sheet.file.close()
    if not changed and not known:
        raise ListError("{path} holds no address that can be blocked.", path=path)
    return changed, known


def _reason(row: Row, reason: SuppressionReason) -> SuppressionReason:
    return SuppressionReason(row.status) if row.status in SuppressionReason.__members__ else reason
