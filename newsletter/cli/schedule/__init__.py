"""`newsletter schedule`: send an issue at a time."""

import click

from newsletter.cli.lazy_group import LazyCommand, LazyGroup
from newsletter.i18n import _

_MODULE = "newsletter.cli.schedule.plan_commands"
COMMANDS = {
    "add": LazyCommand(
        "newsletter.cli.schedule.add_command",
        _("Send ISSUE at a time. `newsletter serve` or `newsletter run --once` must run then."),
    ),
    "cancel": LazyCommand(_MODULE, _("Don't send ISSUE at its time.")),
    "list": LazyCommand(_MODULE, _("Show what is planned."), attribute="list_"),
    "move": LazyCommand(_MODULE, _("Send ISSUE at another time, also one that was missed.")),
}


@click.group(cls=LazyGroup, lazy_commands=COMMANDS, help=_("Send an issue at a time."))
def schedule() -> None:
    """Group the commands about times."""
