"""Rows of a list that weren't taken: on the screen, and in a file beside the list."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from newsletter.cli.context import CliContext
from newsletter.i18n import _
from newsletter.subscribers.exporting import RefusedRowsReport
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.refusals import RefusedRow
from newsletter.subscribers.importing.sheet_reader import open_sheet


@contextlib.contextmanager
def open_report(
    file: Path, language: str, mapping: Mapping[str, ColumnRole]
) -> Iterator[tuple[Path, "Callable[[RefusedRow], None]"]]:
    """Open the file of refused rows; it is there only if there are any, and never half written."""
    sheet = open_sheet(file, mapping)
    sheet.file.close()
    path = file.with_name(f"{file.stem}.refused.csv")
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as out:
            report = RefusedRowsReport(out, sheet.layout.header, language)
            yield path, report.add
        if report.count:
            partial.replace(path)
        else:
            path.unlink(missing_ok=True)
    finally:
        partial.unlink(missing_ok=True)


def print_refused(context: CliContext, row: RefusedRow) -> None:
    """Say on standard error why a row of a list wasn't taken."""
    click.echo(
        _("Refused, line {line}: {reason}").format(
            line=row.line, reason=row.reason.translate(context.language)
        ),
        err=True,
    )
