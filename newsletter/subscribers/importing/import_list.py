"""Bring a list in: whole or not at all, twice the same as once, and nobody back who has left.

    file → rows → staged (blocks nobody) → compared with the list → added, changed, suppressed in
    one transaction

Rules: an empty cell changes nothing; tags and fields are added, never taken away; a status can
suppress, never bring back; of several rows for one address the first counts and the others only
fill what it leaves open.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from newsletter.domain.subscriber import Consent, SubscriberStatus, union_tags
from newsletter.errors import ListError
from newsletter.i18n import Phrase
from newsletter.store import import_staging
from newsletter.store.database import Database
from newsletter.subscribers import consent as consents
from newsletter.subscribers.importing import sheet_reader
from newsletter.subscribers.importing.address_warnings import find_address_warning
from newsletter.subscribers.importing.column_mapping import ColumnRole
from newsletter.subscribers.importing.row_parser import (
    ParsedRow,
    RefusedRow,
    make_row_parser,
    pick_more_restrictive,
)

#: Rows that are held in memory at a time.
CHUNK_ROWS = 10_000
#: How many doubts are told one by one; all are counted.
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


@dataclass(slots=True, kw_only=True)
class _ImportTally:
    """What is counted while the rows go by."""

    refused: int = 0
    duplicates: int = 0
    warning_count: int = 0
    warnings: list[Phrase] = field(default_factory=list)
    last_line: int = 0


def import_list(
    database: Database,
    path: Path,
    now: datetime,
    *,
    on_refused: Callable[[RefusedRow], None],
    on_progress: Callable[[float], None] = lambda _share: None,
    dry_run: bool = False,
    options: ImportOptions,
) -> ImportResult:
    """Import a list; `refuse` is told each row that isn't taken, `progress` the share that is done (0.0–1.0).

    A dry run does the same and takes all of it back. Raises ListError where the file isn't a list,
    StoreError.
    """
    sheet = sheet_reader.open_sheet(path, options.mapping)
    consent = consents.build_import_consent(path, now, wording=options.wording, actor=options.actor)
    try:
        with database.read() as connection:
            import_staging.create_staging_table(connection)
            try:
                tally = _stage_rows(connection, sheet, on_refused, on_progress)
                connection.commit()
                # From here on under the database's lock, and only as long as the statements take.
                connection.execution_options(read_only=False)
                import_staging.finish_staging(connection)
                gone = import_staging.find_erased_lines(connection, options.keyed_hash)
                found = _apply_staged_rows(
                    connection, tally, consent, gone, on_refused, on_progress
                )
                (connection.rollback if dry_run else connection.commit)()
            finally:
                connection.rollback()
                import_staging.drop_staging_table(connection)
                connection.commit()
                connection.execution_options(read_only=True)
    finally:
        sheet.file.close()
    return replace(found, encoding=sheet.encoding, separator=sheet.separator)


def _stage_rows(
    connection: sa.Connection,
    sheet: sheet_reader.Sheet,
    on_refused: Callable[[RefusedRow], None],
    on_progress: Callable[[float], None],
) -> _ImportTally:
    """Read all rows into the table for rows to come; reading counts as half of the work."""
    tally = _ImportTally()
    read = make_row_parser(sheet.columns, sheet.separator)
    rows = _drop_refused(
        (read(line, cells) for line, cells in sheet_reader.read_rows(sheet)), tally, on_refused
    )
    while chunk := list(islice(rows, CHUNK_ROWS)):
        tally.last_line = chunk[-1].line
        import_staging.insert_staged_rows(connection, chunk)
        on_progress(sheet.bytes_read / max(sheet.size_bytes, 1) / 2)
    if not tally.last_line and tally.refused == 0:
        raise ListError("{path} holds no addresses, only its first row.", path=sheet.path)
    keys = import_staging.find_duplicate_keys(connection)
    for start in range(0, len(keys), CHUNK_ROWS):
        tally.duplicates += _merge_duplicates(connection, keys[start : start + CHUNK_ROWS])
    return tally


def _drop_refused(
    rows: Iterator[ParsedRow | RefusedRow],
    tally: _ImportTally,
    on_refused: Callable[[RefusedRow], None],
) -> Iterator[ParsedRow]:
    for row in rows:
        if isinstance(row, RefusedRow):
            tally.refused += 1
            on_refused(row)
            continue
        if (phrase := find_address_warning(row.email)) is not None:
            tally.warning_count += 1
            if len(tally.warnings) < MAX_WARNINGS:
                tally.warnings.append(Phrase("Line {line}: {doubt}", line=row.line, doubt=phrase))
        yield row


def _merge_duplicates(connection: sa.Connection, keys: Sequence[str]) -> int:
    """Let further rows of an address fill what its first one leaves open, and take them out.

    Returns how many they were.
    """
    rows: dict[str, list[Any]] = {}
    for row in import_staging.list_staged_rows(connection, keys):
        rows.setdefault(row.key, []).append(row)
    changes, further = [], []
    for first, *others in rows.values():
        said = {
            name: getattr(first, name) for name in ("name", "language", "tags", "fields", "status")
        }
        for row in others:
            said = {
                "name": said["name"] or row.name,
                "language": said["language"] or row.language,
                "tags": list(union_tags(said["tags"], row.tags)),
                "fields": {**row.fields, **said["fields"]},
                "status": pick_more_restrictive(said["status"], row.status),
            }
        changes.append({"_line": first.line, **said})
        further += [row.line for row in others]
    import_staging.update_staged_rows(connection, changes)
    import_staging.delete_staged_lines(connection, further)
    return len(further)


def _apply_staged_rows(
    connection: sa.Connection,
    tally: _ImportTally,
    consent: Consent,
    erased_lines: list[int],
    on_refused: Callable[[RefusedRow], None],
    on_progress: Callable[[float], None],
) -> ImportResult:
    """Bring the staged rows into the list, but for the lines of people who were erased."""
    for line in erased_lines:
        on_refused(
            RefusedRow(
                line=line,
                code="erased",
                reason=Phrase(
                    "This person has asked to be erased. Only the person herself can sign up again."
                ),
            )
        )
    import_staging.delete_staged_lines(connection, erased_lines)
    changed, unchanged = _update_subscribers(connection)
    import_staging.suppress_by_status(connection, consent.at)
    kept_out, added = import_staging.count_suppressed(connection), 0
    for start in range(0, tally.last_line + 1, 10 * CHUNK_ROWS):
        added += import_staging.insert_new_subscribers(
            connection, range(start, start + 10 * CHUNK_ROWS), consent
        )
        on_progress(0.5 + 0.5 * min(1.0, (start + 10 * CHUNK_ROWS) / (tally.last_line + 1)))
    return ImportResult(
        encoding="",
        separator="",
        added=added,
        changed=changed,
        unchanged=unchanged,
        refused=tally.refused + len(erased_lines),
        duplicates=tally.duplicates,
        still_suppressed=kept_out,
        warning_count=tally.warning_count,
        warnings=tuple(tally.warnings),
    )


def _update_subscribers(connection: sa.Connection) -> tuple[int, int]:
    """Change the subscribers that the list knows more of.

    Returns how many were changed, and how many were not.
    """
    there, changed = import_staging.count_existing(connection), 0
    rows = import_staging.iter_differing_rows(connection)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        changes = [change for row in chunk if (change := _find_changes(row)) is not None]
        if changes:
            import_staging.update_subscribers(connection, changes)
        changed += len(changes)
    return changed, there - changed


def _find_changes(row: Any) -> dict[str, Any] | None:
    """Return what a row of a list changes in the subscriber that it is about, or None."""
    before = {
        "name": row.name,
        "language": row.language,
        "tags": row.tags,
        "fields": row.fields,
        "status": row.status,
    }
    after = {
        "name": row.said_name or row.name,
        "language": row.said_language or row.language,
        "tags": list(union_tags(row.tags, row.said_tags)),
        "fields": {**row.fields, **row.said_fields},
        "status": _restrict_status(row.status, row.said_status),
    }
    return {"_id": row.id, **after} if after != before else None


def _restrict_status(status: str, imported_status: str) -> str:
    """Return the status of a subscriber that a list speaks of.

    The list can take them off, for a stronger reason than before too, and never puts them back on.
    """
    if not imported_status or not SubscriberStatus(imported_status).is_suppressed:
        return status
    return pick_more_restrictive(status, imported_status)
