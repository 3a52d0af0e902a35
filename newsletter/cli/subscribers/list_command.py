"""`newsletter subscribers list` and `stats`: show the list, count it."""

from pathlib import Path

import click

from newsletter.cli.context import CliContext
from newsletter.cli.subscribers import COMMANDS
from newsletter.cli.subscribers.options import JSON_OPTION, open_atomically, translate_statuses
from newsletter.domain.subscriber import SubscriberStatus
from newsletter.i18n import _, to_printable
from newsletter.store import segments, suppressions, unsubscribe_reasons
from newsletter.store import subscribers as store
from newsletter.subscribers.exporting import write_json
from newsletter.subscribers.segment import parse_segment


@click.command("list", help=COMMANDS["list"].help)
@click.option(
    "--status",
    type=click.Choice(["active", "pending", "unsubscribed", "bounced", "complained", "manual"]),
)
@click.option("--tag")
@click.option(
    "--segment",
    "expression",
    default="",
    metavar="EXPR",
    help=_("Only these: tag:press and not language:en"),
)
@JSON_OPTION
@click.pass_obj
def list_(
    context: CliContext, status: str | None, tag: str | None, expression: str, as_json: bool
) -> None:
    """Show subscribers, a line each."""
    conditions = [segments.matches_segment(parse_segment(expression))]
    conditions += [segments.matches_status(status)] if status else []
    conditions += [segments.matches_tag(tag)] if tag else []
    with context.workspace.database.read() as connection:
        people = store.iter_subscribers(connection, *conditions)
        if as_json:
            with open_atomically(Path("-")) as out:
                write_json(out, people)
            return
        words = translate_statuses()
        for person in people:
            cells = (
                person.email,
                person.name,
                person.language,
                ", ".join(person.tags),
                words[person.status],
            )
            click.echo("\t".join(to_printable(cell) for cell in cells))


@click.command(help=COMMANDS["stats"].help)
@JSON_OPTION
@click.pass_obj
def stats(context: CliContext, as_json: bool) -> None:
    """Count."""
    with context.workspace.database.read() as connection:
        statuses, languages, tags = (
            store.count_by_status(connection),
            store.count_by_language(connection),
            store.count_by_tag(connection),
        )
        blocked, reasons = (
            suppressions.count_by_reason(connection),
            unsubscribe_reasons.count_by_reason(connection),
        )
    if as_json:
        total = sum(statuses.values())
        context.print_json(
            {
                "total": total,
                "status": {status.value: count for status, count in statuses.items()},
                "languages": languages,
                "tags": tags,
                "suppressions": blocked,
                "left_because": reasons,
            }
        )
        return
    words = translate_statuses()
    _print_counts(
        _("Status"),
        {
            words[status]: count
            for status, count in statuses.items()
            if count or status is SubscriberStatus.active
        },
    )
    _print_counts(
        _("Language (active)"),
        {language or _("not said"): count for language, count in languages.items()},
    )
    _print_counts(_("Tag (active)"), tags)
    _print_counts(
        _("Left because"),
        {_translate_reasons().get(code, code): count for code, count in reasons.items()},
    )


def _translate_reasons() -> dict[str, str]:
    return {
        "often": _("too many letters"),
        "content": _("not of interest"),
        "never": _("never asked for"),
        "other": _("something else"),
    }


def _print_counts(title: str, counts: dict[str, int]) -> None:
    if counts:
        click.echo(title)
        for name, count in counts.items():
            click.echo(f"  {to_printable(name):<24} {count:>9,}".replace(",", "\N{NO-BREAK SPACE}"))
