"""What every command has at hand: the workspace, the terminal, the language."""

import json
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.errors import SettingsError
from newsletter.i18n import detect_interface_language

if TYPE_CHECKING:
    from rich.console import Console

    from newsletter.app.workspace import Workspace
    from newsletter.posts.fetch.fetch import Fetcher

#: Characters of a line where nobody's terminal ends it.
MAX_LINE_CHARS = 100_000


class CliContext:
    """Everything is opened, and its library imported, when it is first asked for.

    `newsletter --help` and a command's usage error ask for none of it.
    """

    def __init__(self, config: Path | None, workspace: "Workspace | None" = None) -> None:
        """Take the settings that `--config` names, or a workspace that is open already."""
        self.config = config
        self.language = detect_interface_language()
        self._workspace = workspace

    @property
    def workspace(self) -> "Workspace":
        """The newsletter in this folder, or the one that `--config` names. Raises SettingsError."""
        from newsletter.app.workspace import open_workspace

        if self._workspace is None:
            self._workspace = open_workspace(self.config)
        return self._workspace

    @cached_property
    def fetcher(self) -> "Fetcher":
        """What reads pages and feeds: the newsletter's, or where there is none one by defaults.

        Without settings nobody has allowed private addresses: they are refused then.
        """
        from newsletter.posts.fetch.fetch import Fetcher

        workspace = self.find_workspace()
        return workspace.fetcher if workspace is not None else Fetcher()

    def find_workspace(self) -> "Workspace | None":
        """Return the newsletter in this folder, for commands that can do without one.

        Raises SettingsError where `--config` names one that can't be opened.
        """
        try:
            return self.workspace
        except SettingsError:
            if self.config is not None:
                raise
            return None

    @cached_property
    def out(self) -> "Console":
        """Standard output: what was asked for."""
        return _make_console(stderr=False)

    @cached_property
    def err(self) -> "Console":
        """Standard error: progress, warnings, questions."""
        return _make_console(stderr=True)

    def print_json(self, value: Any) -> None:
        """Print a value as JSON, for other programs: never translated, never coloured."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def close(self) -> None:
        """Close what was opened."""
        if self._workspace is not None:
            self._workspace.close()


def _make_console(*, stderr: bool) -> "Console":
    """Return a console as wide as the terminal; in a pipe or a file no line is wrapped or cut."""
    # Put off: rich is slow to import, and not every command prints.
    from rich.console import Console

    if (sys.stderr if stderr else sys.stdout).isatty():
        return Console(stderr=stderr, highlight=False)
    return Console(stderr=stderr, highlight=False, soft_wrap=True, width=MAX_LINE_CHARS)
