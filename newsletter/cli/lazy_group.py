"""Groups of commands whose modules wait until a command is used, so that `--help` is quick."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from newsletter.i18n import _

#: Columns that a list of commands takes for its margins and the gap between its two columns.
_LIST_MARGIN_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command stands, and what it does in words."""

    #: The module that exports it, under its own name with underscores.
    module: str
    #: Its own help, which a group's list shortens to one line.
    help: str = ""
    #: A line for the group's list that isn't shortened.
    short_help: str = ""
    #: What it is called in its module, where its name is a word of Python.
    attribute: str = ""

    def get_short_help(self, limit: int) -> str:
        """Return the line of the group's list, as click writes it for commands at hand."""
        stand_in = click.Command(None, help=self.help, short_help=self.short_help)
        return stand_in.get_short_help_str(limit)


class LazyGroup(click.Group):
    """A group that imports a command's module when that command is used."""

    def __init__(
        self, *args: Any, lazy_commands: Mapping[str, LazyCommand] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        #: In the order that `--help` shows.
        self.lazy_commands = dict(lazy_commands or {})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the base names it
        """Return the commands' names."""
        return list(self.lazy_commands)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        """Import the module of one command."""
        lazy = self.lazy_commands.get(cmd_name)
        if lazy is None:
            return None
        module = importlib.import_module(lazy.module)
        found: click.Command = getattr(module, lazy.attribute or cmd_name.replace("-", "_"))
        return found

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """Show what each command does, without importing any."""
        limit = formatter.width - _LIST_MARGIN_COLUMNS - max(map(len, self.lazy_commands))
        rows = [(name, lazy.get_short_help(limit)) for name, lazy in self.lazy_commands.items()]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)
