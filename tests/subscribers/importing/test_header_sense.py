"""What a yes under a column's name means."""

import pytest

from newsletter.subscribers.importing.header_sense import find_stop_status, judge_header


@pytest.mark.parametrize(
    ("name", "sense"),
    [
        ("Reklamspärr", "stop"),
        ("GDPR-spärr", "unclear"),
        ("Spärrad", "stop"),
        ("HasOptedOutOfEmail", "stop"),
        ("unsubscribed_at", "stop"),
        ("Inga utskick", "stop"),
        ("Samtycke", "consent"),
        ("Suoramarkkinointilupa", "consent"),
        ("opt_in", "consent"),
        ("Not blocked", "unclear"),
        ("SMS_BLOCKLISTED", "other channel"),
        ("Email not blocked by SMS", "unclear"),
        ("Skapad", "neutral"),
        ("Last Changed", "neutral"),
        ("Kön", "attribute"),
        ("Household", "unknown"),
        ("Phone no", "other channel"),
        ("Customer No", "attribute"),
        ("", "unknown"),
    ],
)
def test_the_sense_of_a_name(name: str, sense: str) -> None:
    """By the words in it, in nine languages."""
    assert judge_header(name).value == sense


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Opted out", "unsubscribed"),
        ("Bounce reason", "bounced"),
        ("Spam complaint bounced", "complained"),
        ("Spärr", "manual"),
        ("Samtycke", None),
    ],
)
def test_of_several_reasons_the_domain_orders_the_strongest_first(
    name: str, status: str | None
) -> None:
    """The order stands in the domain alone."""
    assert find_stop_status(name) == status
