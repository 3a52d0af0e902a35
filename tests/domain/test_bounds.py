"""What values of the domain hold when nothing is said, and where their bounds are."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.domain.confirmation import (
    ConfirmationId,
    ConfirmationKind,
    MailId,
    MailKind,
    PendingConfirmation,
    QueuedMail,
)
from newsletter.domain.delivery import Delivery, DeliveryId, Outcome, OutcomeKind, SendProgress
from newsletter.domain.subscriber import SubscriberId, SubscriberStatus, SuppressionReason

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def build_confirmation(age: timedelta, **changes: object) -> PendingConfirmation:
    values: dict[str, object] = {
        "id": ConfirmationId(1),
        "kind": ConfirmationKind.sign_up,
        "email": "anna@example.org",
        "key": "anna@example.org",
        "created": NOW - age,
    }
    return PendingConfirmation(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age", "is_pending"),
    [
        (timedelta(0), True),
        (timedelta(hours=48), True),
        (timedelta(hours=48, seconds=1), False),
        (timedelta(hours=49), False),
    ],
)
def test_a_confirmation_works_for_forty_eight_hours(age: timedelta, is_pending: bool) -> None:
    """And never again once it has been completed."""
    assert build_confirmation(age).is_pending(NOW) is is_pending
    assert not build_confirmation(age, completed_at=NOW).is_pending(NOW)


def test_what_is_new_has_been_tried_never() -> None:
    """Attempts count from 0: the first pause is the first of the table."""
    mail = QueuedMail(
        id=MailId(1), kind=MailKind.welcome, email="a@example.org", language="sv", created=NOW
    )
    delivery = Delivery(id=DeliveryId(1), subscriber=SubscriberId(1), email="a@example.org")
    assert (mail.attempts, delivery.attempts) == (0, 0)
    assert Outcome(kind=OutcomeKind.unknown).code == 0
    assert not Outcome(kind=OutcomeKind.refused).is_dead_address
    assert SendProgress(counts={}).rate == 0.0


@pytest.mark.parametrize(
    ("reason", "status", "blocks_signup", "allows_staff_consent"),
    [
        (SuppressionReason.unsubscribed, SubscriberStatus.unsubscribed, False, True),
        (SuppressionReason.bounced, SubscriberStatus.bounced, False, True),
        (SuppressionReason.complained, SubscriberStatus.complained, True, False),
        (SuppressionReason.manual, SubscriberStatus.manual, True, True),
        (SuppressionReason.erased, SubscriberStatus.manual, False, False),
    ],
)
def test_what_each_reason_lets_happen(
    reason: SuppressionReason,
    status: SubscriberStatus,
    blocks_signup: bool,
    allows_staff_consent: bool,
) -> None:
    """Who complained or was erased comes back by themselves alone."""
    assert reason.status is status
    assert reason.blocks_signup is blocks_signup
    assert reason.allows_staff_consent is allows_staff_consent
