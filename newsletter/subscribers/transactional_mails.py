"""Put mails of our own into the outbox: confirmations, welcomes, goodbyes."""

from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.confirmation import ConfirmationId, MailId, MailKind, QueuedMail
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.store import outbox


def queue_mail(
    connection: sa.Connection,
    kind: MailKind,
    to: Subscriber,
    now: datetime,
    *,
    confirmation: ConfirmationId | None = None,
    about: SubscriberId | None = None,
) -> None:
    """Put a mail into the outbox.

    `to` says address and language, and need not be on the list; `about` is whose links and data
    stand in the mail.
    """
    mail = QueuedMail(
        id=MailId(0),
        kind=kind,
        email=to.email,
        language=to.language,
        confirmation=confirmation,
        subscriber=about,
        created=now,
    )
    outbox.put(connection, mail)
