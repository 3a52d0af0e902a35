"""What a cell says that isn't a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.subscribers.importing.cell_kinds import (
    CellKind,
    classify_cell,
    has_time_or_yes,
    is_bare_yes_or_no,
    parse_consent,
    says_stop_in_words,
)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("NULL", "empty"),
        ("0", "zero"),
        ("0000-00-00 00:00:00", "zero"),
        ("1", "one"),
        ("12 345,50", "number"),
        ("x", "tick"),
        ("✗", "no"),
        ("Ja", "yes"),
        ("EPÄTOSI", "no"),
        ("K", "letter"),
        ("2024-01-02T03:04:05Z", "date"),
        ("2.1.2024", "date"),
        ("1/2/24 10:00 AM", "date"),
        ("Jan 2, 2024", "date"),
        ("2 januari 2024", "date"),
        ("Avregistrerad via länk", "refusal"),
        ("hard bounce", "refusal"),
        ("vill inte ha nyhetsbrev", "refusal"),
        ("Träffades i Falun", "other"),
        ("Blackstad 3", "other"),
        ("10.0.0.1", "number"),
    ],
)
def test_kinds_of_cells(cell: str, kind: str) -> None:
    """Of nine languages and the programs that write lists."""
    assert classify_cell(cell) is CellKind(kind)


@given(st.text(max_size=300))
def test_every_cell_is_of_one_kind(cell: str) -> None:
    """Whatever it holds."""
    assert classify_cell(cell) in CellKind


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2026-01-02 10:00", True),
        ("yes", True),
        ("1", True),
        ("x", True),
        ("", False),
        ("0", False),
        ("0000-00-00 00:00:00", False),
        ("No", False),
        ("NULL", False),
        ("next week", True),
        ("NaN", False),
        ("aldrig", False),
        ("nein", False),
        ("subscribed", False),
        ("Active", False),
        (" – ", False),
        ("n", False),
        ("J", True),
        ("1,0", True),
        ("0.0", False),
    ],
)
def test_a_time_or_a_yes(cell: str, says: bool) -> None:
    """MySQL's zero date is no time, and "subscribed" under "unsubscribed" is no yes."""
    assert has_time_or_yes(cell) is says


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("Ja", "active"),
        ("2024-01-01", "active"),
        ("x", "active"),
        ("J", "active"),
        ("Subscribed", "active"),
        ("Nej", "unsubscribed"),
        ("0", "unsubscribed"),
        ("N", "unsubscribed"),
        ("vill inte ha nyhetsbrev", "unsubscribed"),
        ("bounced", "bounced"),
        ("", ""),
        ("kanske", None),
    ],
)
def test_consent_in_a_cell(cell: str, status: str | None) -> None:
    """A date is a yes; an unknown word isn't guessed."""
    assert parse_consent(cell, SubscriberStatus.unsubscribed) == status


def test_a_no_may_mean_never_confirmed() -> None:
    """As in phpList's lists."""
    assert parse_consent("0", SubscriberStatus.pending) == "pending"


@pytest.mark.parametrize(
    ("cell", "says"),
    [("Spärrad", True), ("ja", True), ("2024-01-01", True), ("ring först", False), ("", False)],
)
def test_words_against_letters(cell: str, says: bool) -> None:
    """Under a name that doesn't say so, not just any word counts."""
    assert says_stop_in_words(cell) is says


@pytest.mark.parametrize(
    ("cell", "bare"), [("Ja", True), ("0", True), ("x", True), ("active", False), ("", False)]
)
def test_a_bare_yes_or_no(cell: str, bare: bool) -> None:
    """It says nothing by itself."""
    assert is_bare_yes_or_no(cell) is bare
