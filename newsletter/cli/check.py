"""`newsletter check`: look for what is missing or broken in an issue."""

from collections.abc import Sequence

import click

from newsletter.app.checks import check_issue
from newsletter.app.issue_files import list_issue_names, read_issue
from newsletter.cli.context import CliContext
from newsletter.domain.finding import Finding, Level
from newsletter.errors import IssueFileError
from newsletter.i18n import _, ngettext


@click.command(
    help=_(
        "Look for what is missing or broken in ISSUE (the newest, if none is named). An error stops"
        " a send."
    )
)
@click.argument("issue", required=False)
@click.option("--links/--no-links", default=True, help=_("Ask whether the links can be reached."))
@click.option("--json", "as_json", is_flag=True, help=_("For other programs."))
@click.pass_obj
def check(context: CliContext, issue: str | None, links: bool, as_json: bool) -> None:
    """Show what the checks found; exit code 1 where an error is open."""
    workspace = context.workspace
    name = issue or next(iter(list_issue_names(workspace)), None)
    if name is None:
        raise IssueFileError("There is no issue yet. Make one with: newsletter compose")
    read = read_issue(workspace, name)
    found = check_issue(workspace, read, links=links)
    if as_json:
        context.print_json(
            [
                {
                    "code": one.code,
                    "level": one.level,
                    "message": str(one.message),
                    "where": one.where,
                }
                for one in found
            ]
        )
    else:
        _print_findings(context, read.name, found)
    if any(one.level is Level.error for one in found):
        raise click.exceptions.Exit(1)


def _print_findings(context: CliContext, issue_name: str, findings: Sequence[Finding]) -> None:
    """Print a readable list: what is worst comes first."""
    # Put off: --json has no colours.
    from rich.text import Text

    looks = {
        Level.error: ("✗", "bold red", _("error")),
        Level.warning: ("!", "yellow", _("warning")),
        Level.note: ("i", "blue", _("note")),
    }
    for one in findings:
        sign, style, word = looks[one.level]
        context.out.print(
            Text.assemble(
                (f"{sign} {word}", style),
                "  ",
                (one.code, "bold"),
                f"  {one.where}" if one.where else "",
            )
        )
        context.out.print(Text(f"  {one.message.translate(context.language)}\n"))
    errors = sum(one.level is Level.error for one in findings)
    if errors:
        text = ngettext(
            "{issue}: {count} error stops the send.",
            "{issue}: {count} errors stop the send.",
            errors,
        )
        context.out.print(Text(text.format(issue=issue_name, count=errors), "bold red"))
    elif findings:
        context.out.print(Text(_("{issue} can be sent.").format(issue=issue_name), "green"))
    else:
        context.out.print(
            Text(_("{issue} can be sent: nothing was found.").format(issue=issue_name), "green")
        )
