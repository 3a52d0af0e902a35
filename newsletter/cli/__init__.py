"""The command line: one module per group of commands, imported only when its command is used."""

from pathlib import Path
from typing import Any

import click

from newsletter import __version__
from newsletter.cli.context import CliContext
from newsletter.cli.errors import drop_unwritable_output, handle_errors
from newsletter.cli.lazy_group import LazyCommand, LazyGroup
from newsletter.i18n import _

#: Command → module of `newsletter.cli` that exports it, in the order that `--help` shows.
COMMAND_MODULES = {
    "init": "init",
    "demo": "demo",
    "posts": "posts",
    "teaser": "teaser",
    "compose": "compose",
    "theme": "theme",
    "render": "render",
    "preview": "preview",
    "check": "check",
    "send": "send",
    "schedule": "schedule",
    "status": "status",
    "pause": "control",
    "resume": "control",
    "cancel": "control",
    "subscribers": "subscribers",
    "archive": "archive",
    "log": "log",
    "serve": "serve",
    "run": "run",
    "db": "db",
}


class MainGroup(LazyGroup):
    """All commands, and what becomes of their errors."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run as a program.

        The exit code is the command's own, also where nobody reads its output any more.
        """
        try:
            return super().main(*args, **kwargs)
        finally:
            drop_unwritable_output()

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; our own errors become exit code 1 and one sentence."""
        with handle_errors():
            return super().invoke(ctx)


def get_command_summaries() -> dict[str, str]:
    """Return what each command does, in the terminal's language."""
    return {
        "init": _("make a new newsletter: settings, theme, example list"),
        "demo": _("see the whole way on a made-up authority's posts"),
        "posts": _("show the posts that were seen, hold or release one"),
        "teaser": _("show what the summary of a text would be"),
        "compose": _("pick recent posts and write an issue"),
        "theme": _("make a theme of your own"),
        "render": _("turn an issue into HTML, text, MJML or a mail"),
        "preview": _("look at an issue in the browser"),
        "check": _("look for what is missing or broken in an issue"),
        "send": _("send an issue, or go on with a send"),
        "schedule": _("send an issue at a time"),
        "status": _("show how far a send has come"),
        "pause": _("hold a running send"),
        "resume": _("let a held send go on"),
        "cancel": _("end a send for good"),
        "subscribers": _("import, export and change the list of readers"),
        "archive": _("write the issues that were sent as pages and a feed"),
        "log": _("show who decided what, and when"),
        "serve": _("answer readers' pages and send what is due"),
        "run": _("send what is due now, for cron or a systemd timer"),
        "db": _("look after the database"),
    }


@click.command(
    cls=MainGroup,
    lazy_commands={
        name: LazyCommand(f"newsletter.cli.{COMMAND_MODULES[name]}", short_help=text)
        for name, text in get_command_summaries().items()
    },
    help=_("Recent posts, picked and summarised into a newsletter, sent to every reader once."),
)
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    help=_("The settings (newsletter.toml here or above)."),
)
@click.version_option(__version__, prog_name="newsletter")
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """Open what every command needs."""
    ctx.obj = CliContext(config)
    ctx.call_on_close(ctx.obj.close)
