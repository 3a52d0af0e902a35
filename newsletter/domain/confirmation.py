"""What people ask for on a page, and the mails that answer them.

Nothing happens before a mail was confirmed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from newsletter.domain.subscriber import SubscriberId

#: At most 2**32 - 1: tokens hold it in four bytes. Never used again.
ConfirmationId = NewType("ConfirmationId", int)
MailId = NewType("MailId", int)

#: How long a link in a confirmation works.
CONFIRMATION_LIFETIME = timedelta(hours=48)


class ConfirmationKind(StrEnum):
    """What waits for a confirmation."""

    #: Get the letter.
    sign_up = "sign_up"
    #: Get it at another address.
    move = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingConfirmation:
    """What somebody asked for, and counts once the address's owner has confirmed it.

    Double opt-in.
    """

    id: ConfirmationId
    kind: ConfirmationKind
    #: The address that it is about; where they move, the new one.
    email: str
    key: str
    subscriber: SubscriberId | None = None
    name: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    #: The words that they said yes to, and where: "form", "api".
    wording: str = ""
    source: str = ""
    created: datetime
    #: When it came true.
    completed_at: datetime | None = None
    #: When the mails to the old and to the new address were confirmed.
    old_confirmed_at: datetime | None = None
    new_confirmed_at: datetime | None = None

    def is_pending(self, now: datetime) -> bool:
        """Return True if it can still be confirmed."""
        return self.completed_at is None and now - self.created <= CONFIRMATION_LIFETIME


class MailKind(StrEnum):
    """The mails that the program writes by itself."""

    #: To confirm a sign-up.
    confirm = "confirm"
    #: They have signed up and are on the list already.
    already_subscribed = "already"
    welcome = "welcome"
    goodbye = "goodbye"
    #: All that is kept of them.
    data_export = "data"
    #: An address change, to the old and to the new address.
    move_from = "move_from"
    move_to = "move_to"
    #: The address isn't to be written to; the row makes its sign-up look, and take, like any other.
    decoy = "nothing"


class MailState(StrEnum):
    """Where a mail of ours stands; a row that the server has taken is gone."""

    waiting = "waiting"
    #: On disk before DATA leaves: after a crash it isn't sent again.
    sending = "sending"
    #: Nobody knows whether it arrived.
    unknown = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail:
    """A mail of ours that waits for the server."""

    id: MailId
    kind: MailKind
    email: str
    language: str
    confirmation: ConfirmationId | None = None
    subscriber: SubscriberId | None = None
    attempts: int = 0
    created: datetime
