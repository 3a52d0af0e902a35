"""What every command has at hand: the workspace, the terminal, the language."""

import json
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.i18n import detect_interface_language

if TYPE_CHECKING:
    from rich.console import Console

    from newsletter.app import Workspace


class CliContext:
    """Everything is opened when it is first asked for."""

    def __init__(self, config: Path | None) -> None:
        self.config = config
        self.language = detect_interface_language()

    @cached_property
    def workspace(self) -> "Workspace":
        """The newsletter in this folder, or the one that `--config` names. Raises SettingsError."""
        from newsletter.app import open_workspace

        return open_workspace(self.config)

    @cached_property
    def out(self) -> "Console":
        """Standard output: what was asked for."""
        from rich.console import Console

        return Console(highlight=False, soft_wrap=not sys.stdout.isatty())

    @cached_property
    def err(self) -> "Console":
        """Standard error: progress, warnings, questions."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

    def print_json(self, value: Any) -> None:
        """Print a value as JSON, for other programs: never translated, never coloured."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def close(self) -> None:
        """Close what was opened."""
        if "workspace" in self.__dict__:
            self.workspace.close()
