"""`newsletter posts`: the posts that were seen, and what became of them."""

import click

from newsletter.cli.lazy_group import LazyCommand, LazyGroup
from newsletter.i18n import _

_MODULE = "newsletter.cli.posts.change_state"
COMMANDS = {
    "hold": LazyCommand(_MODULE, _("Keep a post out of all issues until it is released.")),
    "release": LazyCommand(_MODULE, _("Let a held or skipped post into issues again.")),
    "skip": LazyCommand(_MODULE, _("Leave a post out of all issues for good.")),
}


@click.group(
    cls=LazyGroup,
    lazy_commands=COMMANDS,
    invoke_without_command=True,
    help=_(
        "Show the posts that were seen and what became of them: new, picked, sent, held, skipped."
    ),
)
@click.option(
    "--source",
    metavar=_("URL-or-FILE"),
    help=_("Read this feed or folder instead; no newsletter.toml is needed."),
)
@click.option(
    "--sources",
    is_flag=True,
    help=_("Show the sources alone: when each was read, and what came of it."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON, for other programs."))
@click.pass_context
def posts(ctx: click.Context, /, source: str | None, sources: bool, as_json: bool) -> None:
    """Show the ledger and the sources, or what one source holds."""
    if ctx.invoked_subcommand is not None:
        if source or sources or as_json:
            raise click.UsageError(
                _("--source, --sources and --json go with “newsletter posts” alone.")
            )
        return
    if source is not None and sources:
        raise click.UsageError(
            _("Name --source to read one, or --sources to see how all of them are, not both.")
        )
    # Put off: neither the group's --help nor hold, release and skip show posts, and only --source
    # needs what reads feeds.
    if source is not None:
        from newsletter.cli.posts.show_source import show_source

        show_source(ctx.obj, source, as_json=as_json)
        return
    from newsletter.cli.posts.show_sources import show_sources

    if not sources:
        from newsletter.cli.posts.show_posts import show_ledger

        show_ledger(ctx.obj, as_json=as_json)
        if as_json:
            return
        ctx.obj.out.print()
    show_sources(ctx.obj, as_json=as_json)
