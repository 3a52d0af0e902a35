"""Which reason outweighs which: one order, over every pair."""

from itertools import product

import pytest

from newsletter.domain.subscriber import (
    SUPPRESSION_ORDER,
    SubscriberStatus,
    SuppressionReason,
)

#: Each reason with those whose place it takes.
OUTWEIGHED = {
    "bounced": set(),
    "unsubscribed": {"bounced"},
    "manual": {"bounced", "unsubscribed"},
    "complained": {"bounced", "unsubscribed", "manual"},
    "erased": {"bounced", "unsubscribed", "manual", "complained"},
}


@pytest.mark.parametrize(
    ("one", "other"), list(product(SuppressionReason, repeat=2)), ids=lambda reason: reason.value
)
def test_which_reason_takes_whose_place(one: SuppressionReason, other: SuppressionReason) -> None:
    """A complaint outweighs what staff decided, and that outweighs unsubscribing; never itself."""
    assert one.outweighs(other) is (other.value in OUTWEIGHED[one.value])


@pytest.mark.parametrize(
    ("one", "other"), list(product(SubscriberStatus, repeat=2)), ids=lambda status: status.value
)
def test_statuses_have_the_order_of_their_reasons(
    one: SubscriberStatus, other: SubscriberStatus
) -> None:
    """What gets letters is outweighed by all that doesn't; pending outweighs active."""
    reasons = {reason.value for reason in SuppressionReason}
    if one.value in reasons and other.value in reasons:
        assert one.outweighs(other) is SuppressionReason(one.value).outweighs(
            SuppressionReason(other.value)
        )
    elif one.is_suppressed != other.is_suppressed:
        assert one.outweighs(other) is one.is_suppressed
    else:
        assert one.outweighs(other) is (one.value == "pending" and other.value == "active")


def test_every_reason_has_its_place_in_the_order() -> None:
    """A reason that is new must be ordered, too."""
    assert sorted(SUPPRESSION_ORDER) == sorted(SuppressionReason)
    assert all(status.outweighs(None) for status in SubscriberStatus)
