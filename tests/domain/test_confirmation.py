"""How long a confirmation can be used."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.domain.confirmation import (
    CONFIRMATION_LIFETIME,
    ConfirmationId,
    ConfirmationKind,
    MailKind,
    MailState,
    PendingConfirmation,
)

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
SIGN_UP = PendingConfirmation(
    id=ConfirmationId(1),
    kind=ConfirmationKind.sign_up,
    email="anna@example.org",
    key="anna@example.org",
    created=NOW,
)


@pytest.mark.parametrize(
    ("age", "is_pending"),
    [
        (timedelta(0), True),
        (timedelta(hours=47, minutes=59), True),
        (CONFIRMATION_LIFETIME, True),
        (CONFIRMATION_LIFETIME + timedelta(seconds=1), False),
        (timedelta(days=400), False),
        (timedelta(minutes=-5), True),
    ],
)
def test_a_link_works_for_48_hours(age: timedelta, is_pending: bool) -> None:
    """Also where the clock was set back meanwhile."""
    assert SIGN_UP.is_pending(NOW + age) is is_pending


def test_what_was_completed_isnt_pending() -> None:
    """A second click changes nothing."""
    assert not replace(SIGN_UP, completed_at=NOW).is_pending(NOW)


def test_one_half_of_a_move_leaves_it_pending() -> None:
    """Both the old and the new address must confirm."""
    move = replace(SIGN_UP, kind=ConfirmationKind.move, old_confirmed_at=NOW)
    assert move.is_pending(NOW)


def test_rows_and_templates_are_known_by_these_values() -> None:
    """They are in databases and in the names of templates: none may change."""
    assert {kind.name: kind.value for kind in MailKind if kind.name != kind.value} == {
        "already_subscribed": "already",
        "data_export": "data",
        "decoy": "nothing",
    }
    assert [state.value for state in MailState] == ["waiting", "sending", "unknown"]
    assert [kind.value for kind in ConfirmationKind] == ["sign_up", "move"]
