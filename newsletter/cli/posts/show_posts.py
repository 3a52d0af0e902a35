"""What `newsletter posts` shows: all posts that were seen, and what became of them."""

from newsletter.cli.context import CliContext
from newsletter.cli.posts.ledger import sync_drafts
from newsletter.cli.posts.post_table import describe_state, post_to_dict, print_table
from newsletter.i18n import _
from newsletter.store import ledger


def show_ledger(context: CliContext, *, as_json: bool) -> None:
    """Print all posts that were seen; for people the sources below them."""
    with context.workspace.database.begin() as connection:
        sync_drafts(context, connection)
        entries = ledger.list_entries(connection)
    if as_json:
        context.print_json(
            [
                post_to_dict(entry.post, entry.state.value, entry.issue_name, changed=entry.changed)
                for entry in entries
            ]
        )
    elif entries:
        print_table(
            context,
            [
                (
                    entry.post,
                    describe_state(entry.state.value, changed=entry.changed),
                    entry.issue_name,
                )
                for entry in entries
            ],
            context.workspace.zone,
        )
    else:
        context.err.print(
            _("No posts have been seen yet. Read the sources with: newsletter compose"),
            markup=False,
        )
