"""`newsletter run --once`: what is due now, and no more."""

import threading
import time

import click

from newsletter.app.maintenance import Maintenance
from newsletter.app.send import run_due
from newsletter.cli.context import CliContext
from newsletter.cli.send_output import catch_stop_signals
from newsletter.i18n import _


@click.command(help=_("Send what is due now, for cron or a systemd timer."))
@click.option("--once", is_flag=True, required=True, help=_("Look once, send what is due, end."))
@click.pass_obj
# the option is there to be plain about it
def run(context: CliContext, once: bool) -> None:  # noqa: ARG001
    """Look once."""
    with catch_stop_signals() as stop:
        Maintenance(context.workspace)(stop)
        send_due(context, stop)


def send_due(context: CliContext, stop: threading.Event) -> None:
    """Send what is due, and print a line for each issue."""
    for issue, what in run_due(context.workspace, stop, context.language):
        click.echo(
            f"{time.strftime('%Y-%m-%d %H:%M:%S')} {issue}: {what.translate(context.language)}"
        )
