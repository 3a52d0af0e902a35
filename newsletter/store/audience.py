"""Who an issue goes to: the active subscribers of a segment that nothing keeps from it."""

from datetime import datetime

import sqlalchemy as sa

from newsletter.domain.segment import Segment
from newsletter.domain.subscriber import SubscriberStatus
from newsletter.store.segments import is_not_paused, is_not_suppressed, matches_segment
from newsletter.store.tables import subscribers


def count_audience(connection: sa.Connection, segment: Segment, now: datetime | None = None) -> int:
    """Return how many subscribers an issue would go to.

    Without a time those who want a pause are counted, too.
    """
    return int(
        connection.execute(
            sa.select(sa.func.count())
            .select_from(subscribers)
            .where(*build_audience_conditions(segment, now))
        ).scalar_one()
    )


def build_audience_conditions(
    segment: Segment, now: datetime | None
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions on a subscriber; without a time a pause keeps nobody out."""
    active = (
        subscribers.c.status == SubscriberStatus.active.value,
        is_not_suppressed(),
        matches_segment(segment),
    )
    return active if now is None else (*active, is_not_paused(now))
