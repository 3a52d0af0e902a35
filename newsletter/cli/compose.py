"""`newsletter compose`: pick recent posts and write an issue."""

from typing import Any

import click

from newsletter.cli.context import CliContext
from newsletter.i18n import _


@click.command(
    help=_(
        "Pick recent posts, summarise them, and write issues/NAME.md (today's date). Composing"
        " again keeps what you changed."
    )
)
@click.argument("name", required=False)
@click.option("--since", metavar=_("DATE"), help=_("Only posts from this day on (2026-11-01)."))
@click.option("--until", metavar=_("DATE"), help=_("Only posts up to this day, and on it."))
@click.option("--max", "most", type=click.IntRange(1, 100), help=_("At most so many posts."))
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="URL",
    help=_("Take this post, and put it first; may be given several times."),
)
@click.option(
    "--exclude",
    "excludes",
    multiple=True,
    metavar="URL",
    help=_("Leave this post out; may be given several times."),
)
@click.option(
    "--related-to",
    metavar="URL",
    help=_("Only posts about the same things as this one: a post, or any page."),
)
@click.option("--explain", is_flag=True, help=_("Say for every post why it is in or out."))
@click.option("--dry-run", is_flag=True, help=_("Show what would be written, and write nothing."))
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON, for other programs."))
@click.pass_obj
def compose(context: CliContext, /, **options: Any) -> None:
    """Compose, and say what was done."""
    # Put off: composing imports half of the program, which --help can do without.
    from newsletter.cli.compose_run import ComposeOptions, run_compose

    run_compose(context, ComposeOptions(**options))
