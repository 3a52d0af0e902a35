"""`newsletter subscribers`: import, export and change the list of readers."""

import contextlib
import io
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from newsletter.cli.context import Context
from newsletter.i18n import _, ngettext

if TYPE_CHECKING:
    from newsletter.domain.subscriber import Status
    from newsletter.subscribers.importing import Imported
    from newsletter.subscribers.rows import Refused
    from newsletter.subscribers.staff import Known

#: Refused rows and doubts shown on the screen; the report file has them all.
SHOWN = 20
#: Refused rows that `--json` names one by one.
NAMED = 10_000
#: How long something may take without a progress bar, in seconds.
SILENCE = 1.0

JSON = click.option("--json", "as_json", is_flag=True, help=_("For other programs."))


@click.group(help=_("Import, export and change the list of readers."))
def subscribers() -> None:
    """Group the commands about the list."""


@subscribers.command(
    "import", help=_("Add the readers in FILE: CSV with e-mail addresses, names, languages, tags. Twice is the same as once.")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Say what would happen and change nothing."))
@JSON
@click.pass_obj
def import_(context: Context, file: Path, dry_run: bool, as_json: bool) -> None:
    """Import a list; rows that can't be taken are told, and written to a file beside it."""
    from newsletter.subscribers.importing import bring_in

    workspace = context.workspace
    refused: list[Refused] = []
    with _report(file, context.language) as (report, refuse), _bar(context, file.name, quiet=as_json) as progress:

        def told(row: "Refused") -> None:
            refuse(row)
            if len(refused) < NAMED:
                refused.append(row)

        found = bring_in(workspace.database, file, workspace.clock(), refuse=told, progress=progress, dry_run=dry_run)
    written = report if found.refused else None
    if as_json:
        context.json(_imported_value(found, refused, written, dry_run))
    else:
        _tell_imported(context, found, refused, written, dry_run)
    if found.refused and not (found.added or found.changed or found.unchanged):
        raise click.exceptions.Exit(1)


@subscribers.command(help=_("Write the list to FILE, or to standard output with -."))
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), help=_("CSV unless FILE ends with .json."))
@click.option("--segment", "expression", default="", metavar="EXPR", help=_("Only these: tag:press and not language:en"))
@click.pass_obj
def export(context: Context, file: Path, kind: str | None, expression: str) -> None:
    """Write the list; a file is there whole or not at all."""
    from newsletter.errors import ListError
    from newsletter.store import segments
    from newsletter.store import subscribers as store
    from newsletter.subscribers import exporting
    from newsletter.subscribers.segment import parse

    condition = segments.matching(parse(expression))
    chosen = kind or ("json" if file.suffix.lower() == ".json" else "csv")
    try:
        with context.workspace.database.read() as connection, _written(file) as out:
            people = store.subscribers(connection, condition)
            if chosen == "json":
                count = exporting.write_json(out, people)
            else:
                count = exporting.write_csv(out, people, store.field_names(connection))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ListError("{path} can't be written ({cause}). Choose another place.", path=file, cause=error.strerror) from error
    if str(file) != "-":
        click.echo(
            ngettext("{count} subscriber written to {file}.", "{count} subscribers written to {file}.", count).format(
                count=count, file=file
            )
        )


@subscribers.command(help=_("Add one person who has asked for the letter."))
@click.argument("address")
@click.option("--name", default="")
@click.option("--language", default="", help=_("sv, en or another two-letter code."))
@click.option("--tag", "tag_words", multiple=True, help=_("Can be given several times."))
@click.option("--consent", default="", metavar="TEXT", help=_("How the person asked; brings back who had left."))
@click.pass_obj
def add(context: Context, address: str, name: str, language: str, tag_words: tuple[str, ...], consent: str) -> None:
    """Add a person, or what is new of her."""
    from newsletter.errors import ListError
    from newsletter.subscribers import staff
    from newsletter.subscribers.doubts import doubt
    from newsletter.subscribers.languages import language_code
    from newsletter.subscribers.rows import tags

    code = language_code(language)
    if language and not code:
        raise ListError("“{language}” is no language. Write sv, en or another two-letter code.", language=language)
    wanted = staff.Wanted(email=address, name=name, language=code, tags=tuple(tags("\n".join(tag_words))), consent=consent)
    workspace = context.workspace
    with workspace.database.begin() as connection:
        new = staff.add(connection, wanted, workspace.clock())
    email = _shown(address)
    click.echo(
        (_("{email} is on the list now.") if new else _("{email} was on the list already; what is new was added.")).format(email=email)
    )
    if (phrase := doubt(address)) is not None:
        click.echo(phrase.say(context.language), err=True)


@subscribers.command(help=_("Show all that is kept of one person."))
@click.argument("address")
@JSON
@click.pass_obj
def show(context: Context, address: str, as_json: bool) -> None:
    """Show a subscriber with the proofs of her consent."""
    from newsletter.subscribers import staff

    workspace = context.workspace
    with workspace.database.read() as connection:
        known = staff.show(connection, address)
    if as_json:
        context.json(_known_value(known))
        return
    for title, value in _known_lines(context, known):
        click.echo(f"{title:<14}{_shown(value)}")


@subscribers.command(help=_("Take a reader off who has asked for it."))
@click.argument("address")
@click.pass_obj
def unsubscribe(context: Context, address: str) -> None:
    """Do what a reader's own link does."""
    from newsletter.subscribers import staff

    workspace = context.workspace
    with workspace.database.begin() as connection:
        changed = staff.unsubscribe(connection, address, workspace.clock())
    message = _("{email} gets no more letters.") if changed else _("{email} was off the list already.")
    click.echo(message.format(email=_shown(address)))


@subscribers.command(help=_("Never write to an address again, on the list or not."))
@click.argument("address")
@click.pass_obj
def suppress(context: Context, address: str) -> None:
    """Block an address."""
    from newsletter.subscribers import staff

    workspace = context.workspace
    with workspace.database.begin() as connection:
        changed = staff.suppress(connection, address, workspace.clock())
    message = _("{email} is never written to again.") if changed else _("{email} was blocked already.")
    click.echo(message.format(email=_shown(address)))


@subscribers.command("list", help=_("Show the list, or part of it."))
@click.option("--status", type=click.Choice(["active", "pending", "unsubscribed", "bounced", "complained", "manual"]))
@click.option("--tag")
@click.option("--segment", "expression", default="", metavar="EXPR", help=_("Only these: tag:press and not language:en"))
@JSON
@click.pass_obj
def list_(context: Context, status: str | None, tag: str | None, expression: str, as_json: bool) -> None:
    """Show subscribers, a line each."""
    from newsletter.store import segments
    from newsletter.store import subscribers as store
    from newsletter.subscribers.exporting import write_json
    from newsletter.subscribers.segment import parse

    conditions = [segments.matching(parse(expression))]
    conditions += [segments.with_status(status)] if status else []
    conditions += [segments.with_tag(tag)] if tag else []
    with context.workspace.database.read() as connection:
        people = store.subscribers(connection, *conditions)
        if as_json:
            with _written(Path("-")) as out:
                write_json(out, people)
            return
        words = _status_words()
        for person in people:
            cells = (person.email, person.name, person.language, ", ".join(person.tags), words[person.status])
            click.echo("\t".join(_shown(cell) for cell in cells))


@subscribers.command(help=_("Count the list by status, language and tag."))
@JSON
@click.pass_obj
def stats(context: Context, as_json: bool) -> None:
    """Count."""
    from newsletter.domain.subscriber import Status
    from newsletter.store import subscribers as store
    from newsletter.store import suppressions
    from newsletter.subscribers.staff import by_status

    with context.workspace.database.read() as connection:
        statuses, languages, tags = store.counts(connection), store.language_counts(connection), store.tag_counts(connection)
        blocked = suppressions.counts(connection)
    if as_json:
        total = sum(statuses.values())
        context.json({"total": total, "status": by_status(statuses), "languages": languages, "tags": tags, "suppressions": blocked})
        return
    words = _status_words()
    _count(_("Status"), {words[status]: count for status, count in statuses.items() if count or status is Status.active})
    _count(_("Language (active)"), {language or _("not said"): count for language, count in languages.items()})
    _count(_("Tag (active)"), tags)


def _count(title: str, counts: dict[str, int]) -> None:
    if counts:
        click.echo(title)
        for name, count in counts.items():
            click.echo(f"  {_shown(name):<24} {count:>9,}".replace(",", "\N{NO-BREAK SPACE}"))


@contextlib.contextmanager
def _report(file: Path, language: str) -> Iterator[tuple[Path, "Callable[[Refused], None]"]]:
    """Open the file of refused rows; it is there only if there are any, and never half written."""
    from newsletter.subscribers.exporting import Report
    from newsletter.subscribers.reading import open_sheet

    sheet = open_sheet(file)
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

    bar = Progress(console=context.err, transient=True, disable=quiet or not context.err.is_terminal)
    task = bar.add_task(_shown(title), total=1.0)
    began = time.monotonic()

    def progress(share: float) -> None:
        if not bar.live.is_started and time.monotonic() - began > SILENCE:
            bar.start()
        bar.update(task, completed=share)

    try:
        yield progress
    finally:
        bar.stop()


@contextlib.contextmanager
def _written(file: Path) -> Iterator[TextIO]:
    """Open a file that is there whole or not at all; "-" is standard output."""
    if str(file) == "-":
        sys.stdout.flush()
        stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield stream
            stream.flush()
        finally:
            stream.detach()
        return
    partial = file.with_name(f".{file.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as out:
            yield out
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _imported_value(found: "Imported", refused: "list[Refused]", report: Path | None, dry_run: bool) -> dict[str, Any]:
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
        "refused": [{"line": row.line, "code": row.code, "reason": str(row.reason)} for row in refused],
        "report": str(report) if report else None,
        "doubtful": found.doubtful,
        "doubts": [str(phrase) for phrase in found.doubts],
    }


def _tell_imported(context: Context, found: "Imported", refused: "list[Refused]", report: Path | None, dry_run: bool) -> None:
    if dry_run:
        click.echo(_("Nothing was changed. This is what would happen:"))
    click.echo(
        _("Added {added}, changed {changed}, unchanged {unchanged}, refused {refused}.").format(
            added=found.added, changed=found.changed, unchanged=found.unchanged, refused=found.refused
        )
    )
    if found.repeated:
        text = ngettext("{count} row named an address a second time.", "{count} rows named an address a second time.", found.repeated)
        click.echo(text.format(count=found.repeated))
    if found.kept_out:
        text = ngettext(
            "{count} address stays off: left, bounced or blocked.", "{count} addresses stay off: left, bounced or blocked.", found.kept_out
        )
        click.echo(text.format(count=found.kept_out))
    for phrase in found.doubts[:SHOWN]:
        click.echo(_("Look again: {doubt}").format(doubt=phrase.say(context.language)), err=True)
    _tell_more(found.doubtful - SHOWN)
    for row in refused[:SHOWN]:
        click.echo(_("Refused, line {line}: {reason}").format(line=row.line, reason=row.reason.say(context.language)), err=True)
    _tell_more(found.refused - SHOWN)
    if report:
        click.echo(_("The refused rows are in {report}. Mend them there and import that file.").format(report=report), err=True)


def _tell_more(count: int) -> None:
    if count > 0:
        click.echo(ngettext("… and {count} more.", "… and {count} more.", count).format(count=count), err=True)


def _known_value(known: "Known") -> dict[str, Any]:
    from newsletter.subscribers.exporting import as_value

    value: dict[str, Any] = {"email": known.email, "name": "", "language": "", "tags": [], "status": "", "fields": {}, "created": None}
    if known.subscriber is not None:
        value = as_value(known.subscriber)
    value["status"] = known.status.value
    value["consents"] = [{"at": proof.at.isoformat(), "source": proof.source, "wording": proof.wording} for proof in known.consents]
    blocked = known.suppression
    value["suppression"] = {"reason": blocked.reason.value, "at": blocked.at.isoformat()} if blocked else None
    return value


def _known_lines(context: Context, known: "Known") -> Iterator[tuple[str, str]]:
    zone = context.workspace.zone
    yield _("Address"), known.email
    yield _("Status"), _status_words()[known.status]
    if known.suppression is not None:
        yield _("Since"), f"{known.suppression.at.astimezone(zone):%Y-%m-%d %H:%M}"
    person = known.subscriber
    if person is None:
        return
    yield _("Name"), person.name
    yield _("Language"), person.language
    yield _("Tags"), ", ".join(person.tags)
    yield from person.fields.items()
    for proof in known.consents:
        yield _("Consent"), f"{proof.at.astimezone(zone):%Y-%m-%d %H:%M} {proof.source} {proof.wording}"


def _status_words() -> "dict[Status, str]":
    from newsletter.domain.subscriber import Status

    return {
        Status.active: _("active"),
        Status.pending: _("not confirmed"),
        Status.unsubscribed: _("has left"),
        Status.bounced: _("bounced"),
        Status.complained: _("reported as spam"),
        Status.manual: _("blocked by staff"),
    }


def _shown(value: object) -> str:
    from newsletter.i18n import printable

    return printable(value)
