"""`newsletter send`: send an issue, or go on with a send."""

from typing import Any

import click

from newsletter.cli.context import CliContext
from newsletter.i18n import _


@click.command(
    help=_(
        "Send ISSUE to its readers. The same command again goes on where it ended; nobody gets it"
        " twice."
    )
)
@click.argument("issue")
@click.option(
    "--test",
    "test",
    metavar="ADDRESS",
    help=_("Send it to this address only; readers and journal stay as they are."),
)
@click.option(
    "--segment",
    default="",
    metavar="EXPR",
    help=_('Only to these readers: "tag:press and not language:en".'),
)
@click.option("--yes", is_flag=True, help=_("Don't ask."))
@click.option(
    "--accept",
    multiple=True,
    metavar="CODE",
    help=_("Send in spite of this error of the checks; can be given several times."),
)
@click.option(
    "--reason", metavar="TEXT", help=_("Why the errors are accepted; it is kept in the log.")
)
@click.option(
    "--unknown",
    type=click.Choice(["skip", "resend"]),
    help=_("What to do with messages of which nobody knows whether they arrived."),
)
@click.pass_obj
def send(context: CliContext, /, **options: Any) -> None:
    """Check, ask, freeze the audience, send, and say what became of it."""
    if options["accept"] and not (options["reason"] or "").strip():
        raise click.UsageError(_("--accept needs --reason: say why the error is accepted."))
    # Put off: sending imports most of the program, which --help can do without.
    from newsletter.cli.send_flow import SendCommandOptions, run_test, start_or_resume

    typed = SendCommandOptions(**options)
    if typed.test:
        run_test(context, typed.issue, typed.test)
    else:
        start_or_resume(context, typed)
