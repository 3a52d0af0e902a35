"""Bring a list in: whole or not at all, twice the same as once, and nobody back who has left.

    file → rows → staged (blocks nobody) → compared with the list → added, changed, suppressed in
    one transaction

Rules: an empty cell changes nothing; tags and fields are added, never taken away; a status can
suppress, never bring back; of several rows for one address the first counts and the others only
fill what it leaves open.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from newsletter.domain.subscriber import Consent, SubscriberStatus
from newsletter.errors import ListError
from newsletter.i18n import Phrase
from newsletter.store import import_staging
from newsletter.store.database import Database
from newsletter.subscribers import consent as consents
from newsletter.subscribers.importing import sheet_reader
from newsletter.subscribers.importing.address_warnings import find_address_warning
from newsletter.subscribers.importing.column_watcher import ColumnWatcher, UnderstoodColumn
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.doubtful_columns import DoubtfulColumnsError
from newsletter.subscribers.importing.merge_rules import find_changes, merge_rows
from newsletter.subscribers.importing.refusals import RefusedRow, refuse_erased
from newsletter.subscribers.importing.row_parser import ParsedRow, make_row_parser

#: Rows that are held in memory at a time.
CHUNK_ROWS = 10_000
#: What a row says of a subscriber who gets letters.
_MAILED = frozenset(["", SubscriberStatus.active.value])
#: Warnings that are kept one by one; all are counted.
MAX_WARNINGS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What became of a list."""

    encoding: str
    separator: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    #: Rows whose address stood further up in the same list.
    duplicates: int = 0
    #: Addresses that are kept on the list but not mailed: they left, bounced or were blocked.
    still_suppressed: int = 0
    #: Addresses worth a second look: how many, and the first of them.
    warning_count: int = 0
    warnings: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What staff say of a list."""

    #: What its people said yes to, and who brings it in.
    wording: str = ""
    actor: str = ""
    #: Names of columns by what they hold, where the list's own don't say it.
    mapping: Mapping[str, ColumnRole] = field(default_factory=dict)
    #: Makes the hash that is kept of people who were erased.
    keyed_hash: Callable[[str], str]
    #: Do the same, and take all of it back.
    dry_run: bool = False


class ImportListener:
    """Who hears of an import while it goes on; this one hears nothing."""

    def on_refused(self, row: RefusedRow) -> None:
        """Take a row that wasn't taken."""

    def on_progress(self, share: float) -> None:
        """Take the share that is done, 0.0–1.0."""

    def on_columns(self, columns: Sequence[UnderstoodColumn]) -> None:
        """Take what each column was understood as, before anything is changed."""


def import_list(
    database: Database,
    path: Path,
    now: datetime,
    *,
    listener: ImportListener,
    options: ImportOptions,
) -> ImportResult:
    """Import a list.

    Raises ListError where the file isn't a list, DoubtfulColumnsError where a column may say no
    and nobody has said what it means, StoreError.
    """
    sheet = sheet_reader.open_sheet(path, options.mapping)
    consent = consents.build_import_consent(path, now, wording=options.wording, actor=options.actor)
    try:
        with database.read() as connection:
            import_staging.create_staging_table(connection)
            try:
                run = _ImportRun(connection, listener)
                run.stage_rows(sheet)
                connection.commit()
                # From here on under the database's lock, and only as long as the statements take.
                connection.execution_options(read_only=False)
                import_staging.finish_staging(connection)
                run.refuse_erased(options.keyed_hash)
                found = run.apply_staged_rows(consent)
                (connection.rollback if options.dry_run else connection.commit)()
            finally:
                connection.rollback()
                import_staging.drop_staging_table(connection)
                connection.commit()
                connection.execution_options(read_only=True)
    finally:
        sheet.file.close()
    return replace(found, encoding=sheet.encoding, separator=sheet.layout.separator)


class _ImportRun:
    """One list on its way into the database, and what is counted while its rows go by."""

    def __init__(
        self,
        connection: sa.Connection,
        listener: ImportListener,
    ) -> None:
        self._connection = connection
        self._listener = listener
        self._refused = 0
        self._duplicates = 0
        self._warning_count = 0
        self._warnings: list[Phrase] = []
        self._last_line = 0

    def stage_rows(self, sheet: sheet_reader.Sheet) -> None:
        """Read all rows into the staging table; reading counts as half of the work.

        Raises ListError where there are none, DoubtfulColumnsError.
        """
        layout = sheet.layout
        watcher = ColumnWatcher(layout.columns, layout.header)
        rows = self._take_rows(_parse_rows(sheet, watcher))
        while chunk := list(islice(rows, CHUNK_ROWS)):
            self._last_line = chunk[-1].line
            import_staging.insert_staged_rows(self._connection, chunk)
            self._listener.on_progress(sheet.bytes_read / max(sheet.size_bytes, 1) / 2)
        if not self._last_line and self._refused == 0:
            raise ListError("{path} holds no addresses, only its first row.", path=sheet.path)
        if doubtful := watcher.find_doubtful_columns():
            raise DoubtfulColumnsError(
                "{path} has columns that may say who gets no letters, or that nobody should keep:"
                " {names}. Say with --column what each of them means. Nothing was changed.",
                columns=doubtful,
                path=sheet.path,
                names=", ".join(f"“{column.name}”" for column in doubtful),
            )
        self._listener.on_columns(watcher.describe_columns())
        keys = import_staging.find_duplicate_keys(self._connection)
        for start in range(0, len(keys), CHUNK_ROWS):
            self._merge_duplicates(keys[start : start + CHUNK_ROWS])

    def refuse_erased(self, keyed_hash: Callable[[str], str]) -> None:
        """Take the rows of people out who were erased."""
        lines = import_staging.find_erased_lines(self._connection, keyed_hash)
        for line in lines:
            self._refuse(refuse_erased(line))
        import_staging.delete_staged_lines(self._connection, lines)

    def apply_staged_rows(self, consent: Consent) -> ImportResult:
        """Bring the staged rows into the list."""
        changed, unchanged = _update_subscribers(self._connection)
        import_staging.suppress_by_status(self._connection, consent.at)
        suppressed, added = import_staging.count_suppressed(self._connection), 0
        step, end = 10 * CHUNK_ROWS, self._last_line + 1
        for start in range(0, end, step):
            added += import_staging.insert_new_subscribers(
                self._connection, range(start, start + step), consent
            )
            self._listener.on_progress(0.5 + 0.5 * min(1.0, (start + step) / end))
        return ImportResult(
            encoding="",
            separator="",
            added=added,
            changed=changed,
            unchanged=unchanged,
            refused=self._refused,
            duplicates=self._duplicates,
            still_suppressed=suppressed,
            warning_count=self._warning_count,
            warnings=tuple(self._warnings),
        )

    def _take_rows(self, rows: Iterable[ParsedRow | RefusedRow]) -> Iterator[ParsedRow]:
        """Return the rows that can be used; say which others there are."""
        for row in rows:
            if isinstance(row, RefusedRow):
                self._refuse(row)
                continue
            if (phrase := find_address_warning(row.email)) is not None:
                self._warning_count += 1
                if len(self._warnings) < MAX_WARNINGS:
                    self._warnings.append(
                        Phrase("Line {line}: {doubt}", line=row.line, doubt=phrase)
                    )
            yield row

    def _refuse(self, row: RefusedRow) -> None:
        self._refused += 1
        self._listener.on_refused(row)

    def _merge_duplicates(self, keys: Sequence[str]) -> None:
        """Let further rows of an address fill what its first one leaves open; take them out."""
        rows: dict[str, list[Any]] = {}
        for row in import_staging.list_staged_rows(self._connection, keys):
            rows.setdefault(row.key, []).append(row)
        further = [row.line for same in rows.values() for row in same[1:]]
        changes = [{"_line": same[0].line, **merge_rows(same)} for same in rows.values()]
        import_staging.update_staged_rows(self._connection, changes)
        import_staging.delete_staged_lines(self._connection, further)
        self._duplicates += len(further)


def _parse_rows(
    sheet: sheet_reader.Sheet, watcher: ColumnWatcher
) -> Iterator[ParsedRow | RefusedRow]:
    """Return what each row says; the watcher sees the cells."""
    parse_row = make_row_parser(sheet.layout.columns, sheet.layout.separator)
    for line, cells in sheet_reader.read_rows(sheet):
        row = parse_row(line, cells)
        if isinstance(row, ParsedRow) and not isinstance(cells, sheet_reader.BrokenRow):
            watcher.add(cells, counts=row.status in _MAILED)
        yield row


def _update_subscribers(connection: sa.Connection) -> tuple[int, int]:
    """Change the subscribers that the list knows more of.

    Returns how many were changed, and how many were not.
    """
    there, changed = import_staging.count_existing(connection), 0
    rows = import_staging.iter_differing_rows(connection)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        changes = [change for row in chunk if (change := find_changes(row)) is not None]
        if changes:
            import_staging.update_subscribers(connection, changes)
        changed += len(changes)
    return changed, there - changed
