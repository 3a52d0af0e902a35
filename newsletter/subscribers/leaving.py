"""Readers leave: by a page, a one-click POST, a mail or another program, and it is done in the same way."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.subscriber import SubscriberId
from newsletter.subscribers import preferences, suppression
from newsletter.subscribers.suppression import Standing


def leave(
    connection: sa.Connection, numbers: Sequence[SubscriberId], now: datetime, *, goodbye: bool
) -> dict[SubscriberId, Standing]:
    """Take readers off the list, as they ask; returns how each stands who is known.

    `goodbye`: a mail says that it is done.
    """
    standing = suppression.unsubscribe_all(connection, numbers, now)
    for number in (number for number, one in standing.items() if goodbye and one.changed):
        preferences.say_goodbye(connection, number, now)
    return standing
