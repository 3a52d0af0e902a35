"""`newsletter subscribers`: import, export and change the list of readers."""

import click

from newsletter.cli.lazy_group import LazyCommand, LazyGroup
from newsletter.i18n import _

_ONE = f"{__name__}.one_subscriber"
_LIST = f"{__name__}.list_command"
COMMANDS = {
    "add": LazyCommand(_ONE, _("Add one person who has asked for the letter.")),
    "erase": LazyCommand(
        _ONE,
        _(
            "Forget a person: all that is kept of ADDRESS goes, but for a code that keeps old lists"
            " from bringing it back."
        ),
    ),
    "export": LazyCommand(
        f"{__name__}.export_command", _("Write the list to FILE, or to standard output with -.")
    ),
    "import": LazyCommand(
        f"{__name__}.import_command",
        _(
            "Add the readers in FILE: CSV, XLSX or vCard with addresses, names, languages, tags."
            " Twice is the same as once."
        ),
        attribute="import_",
    ),
    "list": LazyCommand(_LIST, _("Show the list, or part of it."), attribute="list_"),
    "show": LazyCommand(_ONE, _("Show all that is kept of one person.")),
    "stats": LazyCommand(_LIST, _("Count the list by status, language and tag.")),
    "suppress": LazyCommand(
        f"{__name__}.suppress_command",
        _("Never write to ADDRESS again, on the list or not; @example.org is all of a domain."),
    ),
    "unsubscribe": LazyCommand(_ONE, _("Take a reader off who has asked for it.")),
}


@click.group(
    cls=LazyGroup, lazy_commands=COMMANDS, help=_("Import, export and change the list of readers.")
)
def subscribers() -> None:
    """Group the commands about the list."""
