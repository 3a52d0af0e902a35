"""Ask yes or no at the terminal, in its language: in Swedish a yes is j."""

import click

from newsletter.cli.errors import EXIT_FAILED
from newsletter.i18n import _


def confirm(question: str, *, default: bool = False) -> None:
    """Ask until the answer is yes or no (an empty one is the default).

    No ends the command with 1.
    """
    # TRANSLATORS: the letters that are typed for yes and no
    yes, no = _("y"), _("n")
    letters = f"{yes.upper()}/{no}" if default else f"{yes}/{no.upper()}"
    known = {
        "": default,
        **dict.fromkeys((no, "n", "no", _("no")), False),
        **dict.fromkeys((yes, "y", "yes", _("yes")), True),
    }
    while True:
        said = (
            click.prompt(f"{question} [{letters}]", default="", show_default=False, err=True)
            .strip()
            .lower()
        )
        if said not in known:
            click.echo(_("Answer {yes} or {no}.").format(yes=yes, no=no), err=True)
        elif known[said]:
            return
        else:
            click.echo(_("Stopped."), err=True)
            raise click.exceptions.Exit(EXIT_FAILED)
