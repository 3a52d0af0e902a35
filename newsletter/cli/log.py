"""`newsletter log`: who decided what, and when."""

import click

from newsletter.cli.context import CliContext
from newsletter.i18n import _
from newsletter.store import audit_log as store


@click.command(
    help=_(
        "Show who decided what, and when: accepted checks, planned and cancelled sends, held"
        " issues."
    )
)
@click.option("--issue", help=_("Only this issue."))
@click.option("--json", "as_json", is_flag=True, help=_("For other programs."))
@click.pass_obj
def log(context: CliContext, issue: str | None, as_json: bool) -> None:
    """Show the newest decisions first."""
    workspace = context.workspace
    with workspace.database.read() as connection:
        entries = store.list_entries(connection, issue_name=issue)
    if as_json:
        context.print_json([{**entry, "at": entry["at"].isoformat()} for entry in entries])
        return
    if not entries:
        click.echo(_("Nothing has been decided yet."))
        return
    # Put off: --json draws no table.
    from rich.table import Table

    table = Table(_("When"), _("Who"), _("What"), _("Issue"), "", box=None, pad_edge=False)
    for entry in entries:
        detail = ", ".join(f"{key}: {value}" for key, value in entry["detail"].items())
        when = entry["at"].astimezone(workspace.zone).strftime("%Y-%m-%d %H:%M")
        table.add_row(when, entry["actor"], entry["event"], entry["issue"] or "", detail)
    context.out.print(table)
