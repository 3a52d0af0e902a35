"""The ledger of posts as it stands with the drafts that are there now."""

import sqlalchemy as sa

from newsletter.cli.context import CliContext
from newsletter.compose.issue_file import issue_folder
from newsletter.compose.ledger_sync import sync_ledger


def sync_drafts(context: CliContext, connection: sa.Connection) -> None:
    """Give back the posts of drafts whose files are gone, so that what is said is true."""
    sync_ledger(connection, issue_folder.read_all_texts(context.workspace.issues_folder))
