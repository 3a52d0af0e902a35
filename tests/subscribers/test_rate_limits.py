"""Fixed windows, counted in the database."""

from datetime import timedelta

import pytest

from newsletter.subscribers import rate_limits
from newsletter.subscribers.rate_limits import RateLimit
from tests.subscribers.conftest import START, SubscriberList

LIMIT = RateLimit(bucket="test", maximum=3, window=timedelta(minutes=10))


def hit(subscriber_list: SubscriberList, whom: str = "a", limit: RateLimit = LIMIT) -> bool:
    """Count one more at this list's time."""
    with subscriber_list.database.begin() as connection:
        return limit.hit(connection, whom, subscriber_list.now)


def test_as_many_as_are_allowed(subscriber_list: SubscriberList) -> None:
    """The one after is one too many, and so are all that follow."""
    assert [hit(subscriber_list) for _ in range(5)] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("after", "is_too_many"),
    [(timedelta(minutes=10) - timedelta(seconds=1), True), (timedelta(minutes=10), False)],
    ids=["within", "over"],
)
def test_a_window_begins_with_the_first(
    subscriber_list: SubscriberList, after: timedelta, is_too_many: bool
) -> None:
    """It is fixed: what comes in between doesn't make it longer."""
    for minutes in (0, 5, 9):
        subscriber_list.now = START + timedelta(minutes=minutes)
        assert not hit(subscriber_list)
    subscriber_list.now = START + after
    assert hit(subscriber_list) is is_too_many


def test_everybody_is_counted_alone(subscriber_list: SubscriberList) -> None:
    """And so is every limit."""
    other = RateLimit(bucket="other", maximum=1, window=LIMIT.window)
    assert [hit(subscriber_list) for _ in range(4)][-1]
    assert not hit(subscriber_list, "b")
    assert not hit(subscriber_list, limit=other)


def test_a_reset_forgets(subscriber_list: SubscriberList) -> None:
    """Only whom it names."""
    for whom in "aaaabbbb":
        hit(subscriber_list, whom)
    with subscriber_list.database.begin() as connection:
        LIMIT.reset(connection, "a")
    assert not hit(subscriber_list, "a")
    assert hit(subscriber_list, "b")


def test_buckets_of_all_limits_differ() -> None:
    """Two limits of one name would count each other's."""
    limits = [value for value in vars(rate_limits).values() if isinstance(value, RateLimit)]
    assert len(limits) == 5
    assert len({limit.bucket for limit in limits}) == len(limits)
    assert all(limit.maximum >= 1 and limit.window > timedelta(0) for limit in limits)
