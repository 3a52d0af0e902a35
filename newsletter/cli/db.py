"""`newsletter db`: look after the database."""

import click

from newsletter.app.identity import rotate_token_key
from newsletter.cli.context import CliContext
from newsletter.i18n import _


@click.group(help=_("Look after the database."))
def db() -> None:
    """Group the commands about the database."""


@db.command(help=_("Bring the database up to date (SQLite does it by itself)."))
@click.pass_obj
def upgrade(context: CliContext) -> None:
    """Run the migrations that are missing."""
    # Put off: SQLAlchemy, which the group's --help and `rotate --help` can do without.
    from newsletter.store.database import HEAD_REVISION

    context.workspace.database.close()
    click.echo(_("The database is up to date (version {version}).").format(version=HEAD_REVISION))


@db.command(help=_("Sign links with a new key from now on. Links that were sent go on working."))
@click.pass_obj
def rotate(context: CliContext) -> None:
    """Add a key; all older ones verify for ever."""
    workspace = context.workspace
    number = rotate_token_key(
        workspace.database, workspace.settings.newsletter.public_url, workspace.clock()
    )
    click.echo(
        _(
            "New links are signed with key {number}. Links in letters that were sent still work."
        ).format(number=number)
    )
