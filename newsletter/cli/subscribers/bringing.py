"""`newsletter subscribers import`: bring a list in."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.context import Context
from newsletter.cli.subscribers.group import JSON, shown, subscribers
from newsletter.i18n import _, ngettext

if TYPE_CHECKING:
    from newsletter.subscribers.columns import Role
    from newsletter.subscribers.importing import Imported
    from newsletter.subscribers.rows import Refused

#: Refused rows and doubts shown on the screen; the report file has them all.
SHOWN = 20
#: Refused rows that `--json` names one by one.
NAMED = 10_000
#: Characters of a wording that are kept with each consent.
LONGEST_WORDING = 5000
#: How long something may take without a progress bar, in seconds.
SILENCE = 1.0


@subscribers.command(
    "import",
    help=_(
        "Add the readers in FILE: CSV, XLSX or vCard with addresses, names, languages, tags. Twice"
        " is the same as once."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Say what would happen and change nothing."))
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="WHAT=NAME",
    help=_("What a column holds: email=Kontakt, name=Vem."),
)
@click.option(
    "--wording",
    type=click.Path(path_type=Path, exists=True),
    help=_("A text file with the words that they said yes to."),
)
@JSON
@click.pass_obj
def import_(
    context: Context,
    file: Path,
    dry_run: bool,
    columns: tuple[str, ...],
    wording: Path | None,
    as_json: bool,
) -> None:
    """Import a list; rows that can't be taken are told, and written to a file beside it."""
    from newsletter.store.log import get_actor
    from newsletter.subscribers.importing import Given, bring_in

    workspace = context.workspace
    mapping = _mapping(columns)
    given = Given(
        wording=_read(wording) if wording else "",
        actor=get_actor(),
        mapping=mapping,
        seal=workspace.keyed_hash,
    )
    refused: list[Refused] = []
    with (
        _report(file, context.language, mapping) as (report, refuse),
        _bar(context, file.name, quiet=as_json) as progress,
    ):

        def told(row: "Refused") -> None:
            refuse(row)
            if len(refused) < NAMED:
                refused.append(row)

        found = bring_in(
            workspace.database,
            file,
            workspace.clock(),
            refuse=told,
            progress=progress,
            dry_run=dry_run,
            given=given,
        )
    written = report if found.refused else None
    if as_json:
        context.json(_imported_value(found, refused, written, dry_run))
    else:
        _tell_imported(context, found, refused, written, dry_run)
    if found.refused and not (found.added or found.changed or found.unchanged):
        raise click.exceptions.Exit(1)


def _mapping(columns: tuple[str, ...]) -> "dict[str, Role]":
    """Return names of columns by what they hold, from words like email=Kontakt."""
    from newsletter.errors import ListError
    from newsletter.subscribers.columns import Role

    mapping: dict[str, Role] = {}
    for words in columns:
        role, equals, name = words.partition("=")
        if not equals or not name.strip() or role.strip() not in Role.__members__:
            raise ListError(
                "“{words}” says no column. Write WHAT=NAME; WHAT is one of: {roles}.",
                words=words,
                roles=", ".join(Role),
            )
        mapping[name] = Role(role.strip())
    return mapping


def _read(wording: Path) -> str:
    from newsletter.errors import ListError

    try:
        return wording.read_text(encoding="utf-8-sig").strip()[:LONGEST_WORDING]
    except (OSError, UnicodeDecodeError) as error:
        raise ListError("{path} can't be read. Save it as UTF-8 text.", path=wording) from error


@contextlib.contextmanager
def _report(
    file: Path, language: str, mapping: "Mapping[str, Role]"
) -> Iterator[tuple[Path, "Callable[[Refused], None]"]]:
    """Open the file of refused rows; it is there only if there are any, and never half written."""
    from newsletter.subscribers.exporting import Report
    from newsletter.subscribers.reading import open_sheet

    sheet = open_sheet(file, mapping)
    sheet.file.close()
    path = file.with_name(f"{file.stem}.refused.csv")
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as out:
            report = Report(out, sheet.header, language)
            yield path, report.add
        if report.count:
            partial.replace(path)
        else:
            path.unlink(missing_ok=True)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def _bar(context: Context, title: str, *, quiet: bool) -> Iterator["Callable[[float], None]"]:
    """Lend a function that shows the share done (0.0–1.0), once it has taken a second."""
    from rich.progress import Progress

    bar = Progress(
        console=context.err, transient=True, disable=quiet or not context.err.is_terminal
    )
    task = bar.add_task(shown(title), total=1.0)
    began = time.monotonic()

    def progress(share: float) -> None:
        if not bar.live.is_started and time.monotonic() - began > SILENCE:
            bar.start()
        bar.update(task, completed=share)

    try:
        yield progress
    finally:
        bar.stop()


def _imported_value(
    found: "Imported", refused: "list[Refused]", report: Path | None, dry_run: bool
) -> dict[str, Any]:
    return {
        "encoding": found.encoding,
        "separator": found.separator,
        "dry_run": dry_run,
        "added": found.added,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "repeated": found.repeated,
        "kept_out": found.kept_out,
        "refused_count": found.refused,
        "refused": [
            {"line": row.line, "code": row.code, "reason": str(row.reason)} for row in refused
        ],
        "report": str(report) if report else None,
        "doubtful": found.doubtful,
        "doubts": [str(phrase) for phrase in found.doubts],
    }


def _tell_imported(
    context: Context,
    found: "Imported",
    refused: "list[Refused]",
    report: Path | None,
    dry_run: bool,
) -> None:
    if dry_run:
        click.echo(_("Nothing was changed. This is what would happen:"))
    click.echo(
        _("Added {added}, changed {changed}, unchanged {unchanged}, refused {refused}.").format(
            added=found.added,
            changed=found.changed,
            unchanged=found.unchanged,
            refused=found.refused,
        )
    )
    if found.repeated:
        text = ngettext(
            "{count} row named an address a second time.",
            "{count} rows named an address a second time.",
            found.repeated,
        )
        click.echo(text.format(count=found.repeated))
    if found.kept_out:
        text = ngettext(
            "{count} address stays off: left, bounced or blocked.",
            "{count} addresses stay off: left, bounced or blocked.",
            found.kept_out,
        )
        click.echo(text.format(count=found.kept_out))
    for phrase in found.doubts[:SHOWN]:
        click.echo(_("Look again: {doubt}").format(doubt=phrase.say(context.language)), err=True)
    _tell_more(found.doubtful - SHOWN)
    for row in refused[:SHOWN]:
        click.echo(
            _("Refused, line {line}: {reason}").format(
                line=row.line, reason=row.reason.say(context.language)
            ),
            err=True,
        )
    _tell_more(found.refused - SHOWN)
    if report:
        click.echo(
            _("The refused rows are in {report}. Mend them there and import that file.").format(
                report=report
            ),
            err=True,
        )


def _tell_more(count: int) -> None:
    if count > 0:
        click.echo(
            ngettext("… and {count} more.", "… and {count} more.", count).format(count=count),
            err=True,
        )
