"""`newsletter subscribers suppress`: an address, a domain or a list is never mailed again."""

from pathlib import Path

import click

from newsletter.cli.context import CliContext
from newsletter.cli.subscribers import COMMANDS
from newsletter.cli.subscribers.refused_rows import print_refused
from newsletter.domain.subscriber import SuppressionReason
from newsletter.i18n import _, to_printable
from newsletter.subscribers import admin
from newsletter.subscribers.importing.suppression_import import import_suppressions


@click.command(help=COMMANDS["suppress"].help)
@click.argument("address", required=False)
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help=_("A list of addresses instead: CSV, XLSX or vCard."),
)
@click.option(
    "--reason",
    type=click.Choice(["manual", "unsubscribed", "bounced", "complained"]),
    default="manual",
    show_default=True,
)
@click.pass_obj
def suppress(context: CliContext, address: str | None, file: Path | None, reason: str) -> None:
    """Block an address, a domain, or a list of addresses."""
    workspace, why = context.workspace, SuppressionReason(reason)
    if (address is None) == (file is None):
        raise click.UsageError(_("Give one ADDRESS, or --file."))
    if file is not None:
        changed, known = import_suppressions(
            workspace.database,
            file,
            why,
            workspace.clock(),
            on_refused=lambda row: print_refused(context, row),
        )
        click.echo(
            _("Blocked {changed}; {known} were blocked before.").format(
                changed=changed, known=known
            )
        )
        return
    assert address is not None
    with workspace.database.begin() as connection:
        new = admin.suppress(connection, address, workspace.clock(), why)
    message = _("{email} is never written to again.") if new else _("{email} was blocked already.")
    click.echo(message.format(email=to_printable(address)))
