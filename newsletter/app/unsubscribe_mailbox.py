"""Read the mailbox of `[bounces]`: who asks to leave by mail is taken off the list."""

import logging

from newsletter.app.workspace import Workspace
from newsletter.bounces import unsubscribe_mail as asked
from newsletter.bounces.mailbox import Maildir
from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import TokenError
from newsletter.mail.tokens import Purpose
from newsletter.subscribers import suppression

log = logging.getLogger(__name__)


class UnsubscribeMailbox:
    """Looks again and again; does nothing where no Maildir is set."""

    def __init__(self, workspace: Workspace) -> None:
        bounces = workspace.settings.bounces
        folder = (
            workspace.settings.resolve_path(workspace.folder, bounces.maildir)
            if bounces and bounces.maildir
            else None
        )
        self._workspace = workspace
        self._maildir = Maildir(folder, max_bytes=asked.MAX_MAIL_BYTES) if folder else None

    def poll(self) -> int:
        """Do what new mails ask for; returns how many did. Raises MailboxError, StoreError.

        A mail is filed away when what it asks for is on disk: after a crash it is read again, and
        that changes nothing.
        """
        done = 0
        for mail, head in self._maildir.read_new_mails() if self._maildir else ():
            if readers := [
                number
                for token in asked.find_tokens(head)
                if (number := self._verify_token(token)) is not None
            ]:
                self._unsubscribe(readers)
                # it has just given a mail
                self._maildir.file_away(mail)  # type: ignore[union-attr]
                done += 1
        return done

    def _verify_token(self, token: str) -> SubscriberId | None:
        try:
            return self._workspace.token_keys.verify(Purpose.unsubscribe, token)
        except TokenError:
            return None

    def _unsubscribe(self, subscriber_ids: list[SubscriberId]) -> None:
        workspace = self._workspace
        with workspace.database.begin() as connection:
            standing = suppression.unsubscribe_many(
                connection,
                subscriber_ids,
                workspace.clock(),
                send_goodbye=workspace.settings.signup.goodbye,
            )
        for number in (number for number, one in standing.items() if one.changed):
            log.info("subscriber.unsubscribed subscriber=%d", number)
