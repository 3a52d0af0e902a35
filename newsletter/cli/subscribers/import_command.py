"""`newsletter subscribers import`: bring a list in."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from newsletter.cli.context import CliContext
from newsletter.cli.subscribers import COMMANDS
from newsletter.cli.subscribers.column_output import (
    print_doubtful_columns,
    print_understood_columns,
)
from newsletter.cli.subscribers.options import JSON_OPTION
from newsletter.cli.subscribers.refused_rows import open_report, print_refused
from newsletter.errors import ListError
from newsletter.i18n import _, ngettext, to_printable
from newsletter.store.audit_log import get_actor
from newsletter.subscribers.importing.column_watcher import UnderstoodColumn
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.doubtful_columns import DoubtfulColumnsError
from newsletter.subscribers.importing.import_list import (
    ImportListener,
    ImportOptions,
    ImportResult,
    import_list,
)
from newsletter.subscribers.importing.refusals import RefusedRow

#: Refused rows and doubts shown on the screen; the report file has them all.
MAX_PRINTED_ROWS = 20
#: Refused rows that `--json` names one by one.
MAX_JSON_ROWS = 10_000
#: Characters of a wording that are kept with each consent.
MAX_WORDING_CHARS = 5000
#: How long something may take without a progress bar, in seconds.
PROGRESS_DELAY_SECONDS = 1.0


@click.command("import", help=COMMANDS["import"].help)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Say what would happen and change nothing."))
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="WHAT=NAME",
    help=_(
        "What a column holds: email=Kontakt, name=Vem; stop=Spärr: a yes means no letters;"
        " consent=Samtycke: a yes means letters; ignore=Kund: neither; leave-out=Personnummer."
    ),
)
@click.option(
    "--wording",
    type=click.Path(path_type=Path, exists=True),
    help=_("A text file with the words that they said yes to."),
)
@JSON_OPTION
@click.pass_obj
def import_(
    context: CliContext,
    file: Path,
    dry_run: bool,
    columns: tuple[str, ...],
    wording: Path | None,
    as_json: bool,
) -> None:
    """Import a list; rows that can't be taken are told, and written to a file beside it."""
    workspace = context.workspace
    mapping = _parse_mapping(columns)
    given = ImportOptions(
        wording=_read_wording(wording) if wording else "",
        actor=get_actor(),
        mapping=mapping,
        keyed_hash=workspace.keyed_hash,
        dry_run=dry_run,
    )
    with (
        open_report(file, context.language, mapping) as (report, refuse),
        _show_progress(context, file.name, quiet=as_json) as progress,
    ):
        heard = _HeardImport(context, refuse, progress, quiet=as_json)
        try:
            found = import_list(
                workspace.database, file, workspace.clock(), listener=heard, options=given
            )
        except DoubtfulColumnsError as error:
            print_doubtful_columns(error.columns, _repeat_command(context))
            raise
    written = report if found.refused else None
    if as_json:
        context.print_json(_result_to_dict(found, heard, written, dry_run))
    else:
        _print_result(context, found, heard.refused, written, dry_run)
    if found.refused and not (found.added or found.changed or found.unchanged):
        raise click.exceptions.Exit(1)


class _HeardImport(ImportListener):
    """What an import says while it goes on: shown, and kept for `--json`."""

    def __init__(
        self,
        context: CliContext,
        refuse: Callable[[RefusedRow], None],
        show_progress: Callable[[float], None],
        *,
        quiet: bool,
    ) -> None:
        self._context = context
        self._refuse = refuse
        self._quiet = quiet
        self._show_progress = show_progress
        self.refused: list[RefusedRow] = []
        self.columns: Sequence[UnderstoodColumn] = ()

    def on_refused(self, row: RefusedRow) -> None:
        self._refuse(row)
        if len(self.refused) < MAX_JSON_ROWS:
            self.refused.append(row)

    def on_progress(self, share: float) -> None:
        self._show_progress(share)

    def on_columns(self, columns: Sequence[UnderstoodColumn]) -> None:
        self.columns = columns
        if not self._quiet:
            print_understood_columns(columns)


def _repeat_command(context: CliContext) -> list[str]:
    """Return the words of the command that runs, without `--json`."""
    given = click.get_current_context().params
    words = ["newsletter", *(["-c", str(context.config)] if context.config else [])]
    words += ["subscribers", "import", str(given["file"])]
    words += ["--dry-run"] if given["dry_run"] else []
    words += ["--wording", str(given["wording"])] if given["wording"] else []
    for column in given["columns"]:
        words += ["--column", column]
    return words


def _parse_mapping(column_options: tuple[str, ...]) -> dict[str, ColumnRole]:
    """Return names of columns by what they hold, from words like email=Kontakt."""
    mapping: dict[str, ColumnRole] = {}
    for words in column_options:
        role, equals, name = words.partition("=")
        if not equals or not name.strip() or role.strip() not in set(ColumnRole):
            raise ListError(
                "“{words}” says no column. Write WHAT=NAME; WHAT is one of: {roles}.",
                words=words,
                roles=", ".join(ColumnRole),
            )
        mapping[name] = ColumnRole(role.strip())
    return mapping


def _read_wording(wording: Path) -> str:
    try:
        return wording.read_text(encoding="utf-8-sig").strip()[:MAX_WORDING_CHARS]
    except (OSError, UnicodeDecodeError) as error:
        raise ListError("{path} can't be read. Save it as UTF-8 text.", path=wording) from error


@contextlib.contextmanager
def _show_progress(
    context: CliContext, title: str, *, quiet: bool
) -> Iterator["Callable[[float], None]"]:
    """Lend a function that shows the share done (0.0–1.0), once it has taken a second."""
    bar = Progress(
        console=context.err, transient=True, disable=quiet or not context.err.is_terminal
    )
    task = bar.add_task(to_printable(title), total=1.0)
    began = time.monotonic()

    def update_bar(share: float) -> None:
        if not bar.live.is_started and time.monotonic() - began > PROGRESS_DELAY_SECONDS:
            bar.start()
        bar.update(task, completed=share)

    try:
        yield update_bar
    finally:
        bar.stop()


def _result_to_dict(
    result: ImportResult, heard: _HeardImport, report: Path | None, dry_run: bool
) -> dict[str, Any]:
    return {
        "encoding": result.encoding,
        "separator": result.separator,
        "dry_run": dry_run,
        "columns": [
            {"name": column.name, "meaning": column.meaning, "examples": list(column.examples)}
            for column in heard.columns
        ],
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "repeated": result.duplicates,
        "kept_out": result.still_suppressed,
        "refused_count": result.refused,
        "refused": [
            {"line": row.line, "code": row.code, "reason": str(row.reason)} for row in heard.refused
        ],
        "report": str(report) if report else None,
        "doubtful": result.warning_count,
        "doubts": [str(phrase) for phrase in result.warnings],
    }


def _print_result(
    context: CliContext,
    result: ImportResult,
    refused_rows: list[RefusedRow],
    report: Path | None,
    dry_run: bool,
) -> None:
    if dry_run:
        click.echo(_("Nothing was changed. This is what would happen:"))
    click.echo(
        _("Added {added}, changed {changed}, unchanged {unchanged}, refused {refused}.").format(
            added=result.added,
            changed=result.changed,
            unchanged=result.unchanged,
            refused=result.refused,
        )
    )
    if result.duplicates:
        text = ngettext(
            "{count} row named an address a second time.",
            "{count} rows named an address a second time.",
            result.duplicates,
        )
        click.echo(text.format(count=result.duplicates))
    if result.still_suppressed:
        text = ngettext(
            "{count} address stays off: left, bounced or blocked.",
            "{count} addresses stay off: left, bounced or blocked.",
            result.still_suppressed,
        )
        click.echo(text.format(count=result.still_suppressed))
    for phrase in result.warnings[:MAX_PRINTED_ROWS]:
        click.echo(
            _("Look again: {doubt}").format(doubt=phrase.translate(context.language)), err=True
        )
    _print_more(result.warning_count - MAX_PRINTED_ROWS)
    for row in refused_rows[:MAX_PRINTED_ROWS]:
        print_refused(context, row)
    _print_more(result.refused - MAX_PRINTED_ROWS)
    if report:
        click.echo(
            _("The refused rows are in {report}. Mend them there and import that file.").format(
                report=report
            ),
            err=True,
        )


def _print_more(count: int) -> None:
    if count > 0:
        click.echo(
            ngettext("… and {count} more.", "… and {count} more.", count).format(count=count),
            err=True,
        )
