"""What `serve` and `run --once` do beside sending.

Subscribers leave by mail, transactional mails go out, what has been kept for long enough goes.

Apart from the issues, which may take hours: a confirmation mustn't wait for them.
"""

import logging
import threading
from datetime import datetime, timedelta

from newsletter.app import transactional
from newsletter.app.unsubscribe_mailbox import UnsubscribeMailbox
from newsletter.app.workspace import Workspace
from newsletter.subscribers import erasure

log = logging.getLogger(__name__)
#: Between two looks at what is to be forgotten.
RETENTION_INTERVAL = timedelta(hours=1)


class Maintenance:
    """Called again and again, in a thread of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._mailbox = UnsubscribeMailbox(workspace)
        self._retention_applied_at: datetime | None = None

    def __call__(self, stop: threading.Event) -> None:
        """Read the mailbox, send what waits in the outbox, and once an hour forget what is old.

        Raises MailboxError, ServerError, StoreError; one that can't be done doesn't hold the others
        up.
        """
        now = self._workspace.clock()
        if (
            self._retention_applied_at is None
            or now - self._retention_applied_at >= RETENTION_INTERVAL
        ):
            self._retention_applied_at = now
            apply_retention(self._workspace, now)
        try:
            self._mailbox.poll()
        finally:
            transactional.drain(self._workspace, stop)


def apply_retention(workspace: Workspace, now: datetime) -> erasure.RetentionResult:
    """Forget what has been kept for long enough (privacy.keep_days); returns how much that was."""
    seal = workspace.keyed_hash
    readers = deliveries = requests = 0
    while True:
        with workspace.database.begin() as connection:
            done = erasure.purge_expired(
                connection, seal, now, workspace.settings.privacy.keep_days
            )
        readers, deliveries, requests = (
            readers + done.subscribers,
            deliveries + done.deliveries,
            requests + done.confirmations,
        )
        if done.subscribers < erasure.ERASE_BATCH_SIZE:
            break
    if readers or deliveries:
        log.info("privacy.forgotten readers=%d deliveries=%d", readers, deliveries)
    return erasure.RetentionResult(
        subscribers=readers, deliveries=deliveries, confirmations=requests
    )
