"""What other programs call a subscriber's status."""

import pytest

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.subscribers.importing.status_words import parse_status


@pytest.mark.parametrize("status", SubscriberStatus)
def test_our_own_words_are_known(status: SubscriberStatus) -> None:
    """What we export we read back."""
    assert parse_status(status.value) == status.value


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("Subscribed", "active"),
        ("TRUE", "active"),
        ("1", "active"),
        ("Aktiv", "active"),
        ("bestätigt", "active"),
        ("un-confirmed", "pending"),
        ("väntande", "pending"),
        ("Opt-Out", "unsubscribed"),
        ("0", "unsubscribed"),
        ("nej", "unsubscribed"),
        ("abgemeldet", "unsubscribed"),
        ("Hard bounce", "bounced"),
        ("cleaned", "bounced"),
        ("spam", "complained"),
        ("Beschwerde", "complained"),
        ("blocklisted", "manual"),
        ("spärrad", "manual"),
        ("gelöscht", "manual"),
    ],
)
def test_words_of_other_programs(cell: str, status: str) -> None:
    """In English, Swedish and German, whatever case and hyphens they have."""
    assert parse_status(cell) == status


@pytest.mark.parametrize("cell", ["", "  ", "-", "–"])
def test_an_empty_cell_says_nothing(cell: str) -> None:
    """Neither does one that holds a dash."""
    assert parse_status(cell) == ""


@pytest.mark.parametrize("cell", ["kanske", "2", "active?no", "aktivt inlägg"])
def test_an_unknown_word_is_not_guessed(cell: str) -> None:
    """None: the row is refused then."""
    assert parse_status(cell) is None
