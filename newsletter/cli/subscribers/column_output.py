"""Show what the columns of a list were understood as, and which a person has to say more of."""

import shlex
from collections.abc import Sequence

import click

from newsletter.i18n import _, to_printable
from newsletter.subscribers.importing.column_watcher import UnderstoodColumn
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.doubtful_columns import DoubtfulColumn

#: Columns whose meaning is shown; a list of events may have hundreds.
MAX_PRINTED_COLUMNS = 60


def print_understood_columns(columns: Sequence[UnderstoodColumn]) -> None:
    """Show each column, its meaning and its first examples on standard error."""
    meanings = _translate_meanings()
    shown = [column for column in columns if column.examples][:MAX_PRINTED_COLUMNS]
    for column in shown:
        examples = ", ".join(column.examples)
        line = f"{column.name or '–'} → {meanings[column.meaning]}: {examples}"
        click.echo(to_printable(line), err=True)


def print_doubtful_columns(columns: Sequence[DoubtfulColumn], command: Sequence[str]) -> None:
    """Show the columns that stopped an import, and the command that tells what they mean.

    `command` is the one that was given; it is shown with `--column` for each of them.
    """
    for column in columns:
        examples = ", ".join(column.examples) or _("identity numbers, which aren't shown")
        click.echo(to_printable(f"{column.name}: {examples}"), err=True)
    click.echo(
        _(
            "The command below is finished. Read it first: stop=NAME if a yes, a date or words"
            " like “blocked” in a column mean no letters; consent=NAME if only a yes means letters;"
            " ignore=NAME if it says nothing of letters; leave-out=NAME if it isn't to be kept."
        ),
        err=True,
    )
    words = [f"{column.guess.value}={column.name}" for column in columns]
    options = [part for word in words for part in ("--column", word)]
    click.echo(to_printable(f"  {shlex.join([*command, *options])}"), err=True)


def _translate_meanings() -> dict[str, str]:
    return {
        ColumnRole.email.value: _("address"),
        ColumnRole.name.value: _("name"),
        ColumnRole.first.value: _("first name"),
        ColumnRole.last.value: _("last name"),
        ColumnRole.language.value: _("language"),
        ColumnRole.tags.value: _("tags"),
        ColumnRole.status.value: _("status"),
        ColumnRole.stop.value: _("a yes means no letters"),
        ColumnRole.consent.value: _("a yes means letters"),
        ColumnRole.leave_out.value: _("left out"),
        "field": _("own field"),
    }
