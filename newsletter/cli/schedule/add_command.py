"""`newsletter schedule add`: plan a send; the checks that it runs are heavy, so it stands alone."""

import click

from newsletter.app.checks import check_issue
from newsletter.app.issue_files import find_issue_path, read_issue
from newsletter.cli.context import CliContext
from newsletter.cli.schedule import COMMANDS
from newsletter.cli.schedule.plan_commands import AT_OPTION, FOLD_OPTION, save_schedule
from newsletter.domain.finding import Level
from newsletter.i18n import _


@click.command(help=COMMANDS["add"].help)
@click.argument("issue")
@AT_OPTION
@FOLD_OPTION
@click.pass_obj
def add(context: CliContext, issue: str, typed: str, fold: int | None) -> None:
    """Plan a send; what the checks say now is shown, and they run again at that time."""
    workspace = context.workspace
    name = find_issue_path(workspace, issue).stem
    save_schedule(context, name, typed, fold)
    findings = check_issue(workspace, read_issue(workspace, issue), links=False)
    for finding in findings:
        if finding.level is Level.error:
            click.secho(
                f"  {finding.code}: {finding.message.translate(context.language)}", err=True
            )
    if any(finding.level is Level.error for finding in findings):
        click.echo(_("It won't be sent until these are mended."), err=True)
