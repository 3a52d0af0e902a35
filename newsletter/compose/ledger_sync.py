"""Make the ledger agree with the issue files, and read both as composing finds them."""

from pathlib import Path

import sqlalchemy as sa

from newsletter.compose.issue_file import issue_folder
from newsletter.compose.picking.pick import is_entry_named
from newsletter.compose.plan import ComposeState
from newsletter.compose.request import ComposeRequest
from newsletter.domain.issue import IssueState
from newsletter.errors import IssueFileError
from newsletter.store import issues, ledger

_SENT_STATES = (IssueState.sending, IssueState.paused, IssueState.sent)


def read_state(connection: sa.Connection, request: ComposeRequest, path: Path) -> ComposeState:
    """Make the ledger agree with the files, and return what an issue is planned of.

    Posts that are excluded by name are given back. Raises IssueFileError where the issue has been
    sent.
    """
    name = path.stem
    _refuse_sent(connection, name)
    texts = issue_folder.read_all_texts(request.folder)
    sync_ledger(connection, texts, name)
    file_text = issue_folder.read_text(path)
    entries = ledger.list_entries(connection)
    excluded = frozenset(
        entry.post.id
        for entry in entries
        if any(is_entry_named(entry, address) for address in request.excludes)
    )
    if excluded and file_text is not None:
        ledger.release_picked(connection, name, set(excluded))
        entries = ledger.list_entries(connection)
    return ComposeState(
        issue_name=name,
        file_text=file_text,
        issue_texts=texts,
        entries=tuple(entries),
        excluded_posts=excluded,
        description_counts=ledger.count_descriptions(connection),
    )


def sync_ledger(connection: sa.Connection, texts: dict[str, str], issue_name: str = "") -> None:
    """Make the ledger agree with the drafts.

    A draft whose file is gone gives its posts back, a crash's posts are claimed.

    `texts`: every issue's file. `name`: the issue that a post belongs to where two files name it.
    """
    for draft in ledger.list_drafts(connection):
        if draft not in texts:
            ledger.release_picked(connection, draft)
    for issue in sorted(texts, key=lambda one: one != issue_name):
        ledger.mark_new_as_picked(connection, issue, issue_folder.find_posts(texts[issue]))


def _refuse_sent(connection: sa.Connection, issue_name: str) -> None:
    sent = issues.find_issue(connection, issue_name)
    if sent is not None and sent.state in _SENT_STATES:
        raise IssueFileError(
            "{name} has been sent already. Give the new issue another name: newsletter compose"
            " NAME",
            name=issue_name,
        )
