"""`newsletter posts hold`, `release` and `skip`: say what may become of one post."""

import click

from newsletter.cli.context import CliContext
from newsletter.cli.posts import COMMANDS
from newsletter.cli.posts.ledger import sync_drafts
from newsletter.domain.post import LedgerEntry, PostState
from newsletter.i18n import _, to_printable
from newsletter.posts.identity import url_key
from newsletter.store import ledger


@click.command(help=COMMANDS["hold"].help)
@click.argument("url")
@click.pass_obj
def hold(context: CliContext, /, url: str) -> None:
    """Hold a post."""
    entry = _set_post_state(context, url, PostState.held)
    _print_entry(context, _("“{title}” is held: no issue takes it until you release it."), entry)


@click.command(help=COMMANDS["release"].help)
@click.argument("url")
@click.pass_obj
def release(context: CliContext, /, url: str) -> None:
    """Release a post."""
    entry = _set_post_state(context, url, PostState.new)
    _print_entry(context, _("“{title}” is free again: the next issue may take it."), entry)


@click.command(help=COMMANDS["skip"].help)
@click.argument("url")
@click.pass_obj
def skip(context: CliContext, /, url: str) -> None:
    """Skip a post."""
    entry = _set_post_state(context, url, PostState.skipped)
    _print_entry(
        context, _("“{title}” is skipped: no issue takes it, unless you release it."), entry
    )


def _set_post_state(context: CliContext, url: str, state: PostState) -> LedgerEntry:
    """Change a post's state by its address, however it is spelled.

    Raises SourceError where no such post has been seen.
    """
    with context.workspace.database.begin() as connection:
        sync_drafts(context, connection)
        known = url if ledger.find_entry(connection, url) else url_key(url)
        return ledger.set_state(
            connection,
            known if ledger.find_entry(connection, known) else url,
            state,
            context.workspace.clock(),
        )


def _print_entry(context: CliContext, text: str, entry: LedgerEntry) -> None:
    context.out.print(
        text.format(title=to_printable(entry.post.title or entry.post.url or entry.post.id)),
        markup=False,
    )
