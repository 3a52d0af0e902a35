"""`newsletter archive`: the issues that were sent, as files for any web server."""

from pathlib import Path

import click

from newsletter.cli.context import CliContext
from newsletter.i18n import _, ngettext


@click.group(help=_("Keep the issues that were sent."))
def archive() -> None:
    """Group the commands about the archive."""


@archive.command(
    help=_(
        "Write pages and an Atom feed of the issues sent into DIR: nobody's name or link is in"
        " them."
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--url", default="", help=_("Where the files will be read, for the addresses in the feed.")
)
@click.pass_obj
def build(context: CliContext, folder: Path, url: str) -> None:
    """Write the archive."""
    # Put off: the group's --help needs no web pages.
    from newsletter.web.public.archive import Archive
    from newsletter.web.public.site import PublicSite
    from newsletter.web.public.templates import PageRenderer

    opened = PublicSite.from_workspace(context.workspace)
    count = Archive(opened, PageRenderer(opened)).build(folder, url.rstrip("/"))
    click.echo(
        ngettext("{count} issue is in {folder}.", "{count} issues are in {folder}.", count).format(
            count=count, folder=folder
        )
    )
