"""`newsletter pause`, `resume` and `cancel`: hold or end a send, from any terminal."""

import sys

import click

from newsletter.cli.context import CliContext
from newsletter.cli.issue_names import resolve_issue_name
from newsletter.cli.prompts import confirm
from newsletter.delivery import control, send_status
from newsletter.i18n import _


@click.command(help=_("Hold the running send of ISSUE; what is on its way arrives."))
@click.argument("issue")
@click.pass_obj
def pause(context: CliContext, issue: str) -> None:
    """Hold a send."""
    name = resolve_issue_name(context.workspace, issue)
    control.pause(context.workspace.database, name, context.workspace.clock())
    click.echo(_("{issue} is held. Go on with: newsletter resume {issue}").format(issue=name))


@click.command(help=_("Let the held send of ISSUE go on."))
@click.argument("issue")
@click.pass_obj
def resume(context: CliContext, issue: str) -> None:
    """Let a send go on: by `serve`, by `run --once`, or by `send`."""
    name = resolve_issue_name(context.workspace, issue)
    control.resume(context.workspace.database, name, context.workspace.clock())
    click.echo(
        _(
            "{issue} goes on: by newsletter serve, by newsletter run --once, or now with:"
            " newsletter send {issue}"
        ).format(issue=name)
    )


@click.command(help=_("End the send of ISSUE for good: who hasn't got it won't."))
@click.argument("issue")
@click.option("--yes", is_flag=True, help=_("Don't ask."))
@click.pass_obj
def cancel(context: CliContext, issue: str, yes: bool) -> None:
    """End a send."""
    name = resolve_issue_name(context.workspace, issue)
    workspace = context.workspace
    if not yes and sys.stdin.isatty():
        rest = send_status.count_remaining(
            send_status.get_send_status(workspace.database, name, workspace.clock()).progress
        )
        confirm(_("{count} readers won't get it. End the send?").format(count=rest))
    control.cancel(workspace.database, name, workspace.clock())
    click.echo(_("{issue} is cancelled.").format(issue=name))
