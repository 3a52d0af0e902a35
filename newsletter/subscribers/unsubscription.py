"""Readers leave: by a page, a one-click POST, a mail or another program, and it is done in the same way."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.subscriber import SubscriberId
from newsletter.subscribers import preferences, suppression
from newsletter.subscribers.suppression import SuppressionResult


def unsubscribe_many(
    connection: sa.Connection,
    subscriber_ids: Sequence[SubscriberId],
    now: datetime,
    *,
    send_goodbye: bool,
) -> dict[SubscriberId, SuppressionResult]:
    """Take readers off the list, as they ask; returns how each stands who is known.

    `goodbye`: a mail says that it is done.
    """
    standing = suppression.unsubscribe_all(connection, subscriber_ids, now)
    for number in (number for number, one in standing.items() if send_goodbye and one.changed):
        preferences.queue_goodbye(connection, number, now)
    return standing
