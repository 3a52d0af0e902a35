"""`newsletter subscribers export`: write the list to a file."""

from pathlib import Path

import click

from newsletter.cli.context import CliContext
from newsletter.cli.subscribers import COMMANDS
from newsletter.cli.subscribers.options import open_atomically
from newsletter.errors import ListError
from newsletter.i18n import _, ngettext
from newsletter.store import segments
from newsletter.store import subscribers as store
from newsletter.subscribers import exporting
from newsletter.subscribers.segment import parse_segment


@click.command(help=COMMANDS["export"].help)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "json"]),
    help=_("CSV unless FILE ends with .json."),
)
@click.option(
    "--segment",
    "expression",
    default="",
    metavar="EXPR",
    help=_("Only these: tag:press and not language:en"),
)
@click.pass_obj
def export(context: CliContext, file: Path, kind: str | None, expression: str) -> None:
    """Write the list; a file is there whole or not at all."""
    condition = segments.matches_segment(parse_segment(expression))
    chosen = kind or ("json" if file.suffix.lower() == ".json" else "csv")
    try:
        with context.workspace.database.read() as connection, open_atomically(file) as out:
            people = store.iter_subscribers(connection, condition)
            if chosen == "json":
                count = exporting.write_json(out, people)
            else:
                count = exporting.write_csv(out, people, store.list_field_names(connection))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ListError(
            "{path} can't be written ({cause}). Choose another place.",
            path=file,
            cause=error.strerror,
        ) from error
    if str(file) != "-":
        click.echo(
            ngettext(
                "{count} subscriber written to {file}.",
                "{count} subscribers written to {file}.",
                count,
            ).format(count=count, file=file)
        )
