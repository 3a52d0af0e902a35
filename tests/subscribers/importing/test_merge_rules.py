"""What rows of a list change, decided without a database."""

from itertools import pairwise, permutations, product
from types import SimpleNamespace
from typing import Any

import pytest

from newsletter.domain.subscriber import SubscriberStatus, SuppressionReason
from newsletter.subscribers.importing.merge_rules import (
    find_changes,
    merge_rows,
    pick_more_restrictive,
)

#: From the weakest to the strongest.
ORDER = ["", "active", "pending", "bounced", "unsubscribed", "manual", "complained"]


def make_row(**said: Any) -> SimpleNamespace:
    """Return a staged row that says only this."""
    return SimpleNamespace(
        **{"name": "", "language": "", "tags": [], "fields": {}, "status": "", **said}
    )


def make_differing_row(**said: Any) -> SimpleNamespace:
    """Return a subscriber beside a row that says this of them."""
    return SimpleNamespace(
        id=7, name="Anna", language="sv", tags=["press"], fields={"Ort": "Umeå"}, status="active",
        **{"said_name": "", "said_language": "", "said_tags": [], "said_fields": {},
           "said_status": "", **said},
    )  # fmt: skip


@pytest.mark.parametrize(("one", "other"), list(product(ORDER, repeat=2)))
def test_the_stronger_status_counts_in_whatever_order(one: str, other: str) -> None:
    """Over every pair; "" says nothing."""
    strongest = max(one, other, key=ORDER.index)
    assert pick_more_restrictive(one, other) == pick_more_restrictive(other, one) == strongest


def test_the_order_has_every_status() -> None:
    """And follows that of the reasons."""
    assert set(ORDER) == {"", *SubscriberStatus}
    reasons = [SuppressionReason(word) for word in ORDER[3:]]
    assert all(b.outweighs(a) for a, b in pairwise(reasons))


def test_further_rows_fill_what_the_first_leaves_open() -> None:
    """The first row counts; tags are united, and a field keeps its first value."""
    merged = merge_rows(
        [
            make_row(name="Anna", tags=["Press"], fields={"Ort": "Umeå"}),
            make_row(name="Annan", language="sv", tags=["press", "kultur"],
                     fields={"Ort": "Luleå", "Nr": "1"}),
            make_row(language="en", status="unsubscribed"),
        ]
    )  # fmt: skip
    assert merged == {
        "name": "Anna",
        "language": "sv",
        "tags": ["Press", "kultur"],
        "fields": {"Ort": "Umeå", "Nr": "1"},
        "status": "unsubscribed",
    }


@pytest.mark.parametrize("statuses", list(permutations(["manual", "complained", "active"])))
def test_complained_and_manual_for_one_address_is_complained(statuses: tuple[str, ...]) -> None:
    """In whatever order a list has them: no consent of staff brings the person back."""
    assert merge_rows([make_row(status=status) for status in statuses])["status"] == "complained"


def test_one_row_alone_stays_as_it_is() -> None:
    """Nothing is made up."""
    assert merge_rows([make_row(name="Bo")]) == vars(make_row(name="Bo"))


def test_a_row_that_says_nothing_changes_nothing() -> None:
    """An empty cell takes nothing away."""
    assert find_changes(make_differing_row()) is None


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ({"said_name": "Anna Lind"}, {"name": "Anna Lind"}),
        ({"said_language": "en"}, {"language": "en"}),
        ({"said_tags": ["PRESS", "kultur"]}, {"tags": ["press", "kultur"]}),
        ({"said_fields": {"Ort": "Luleå"}}, {"fields": {"Ort": "Luleå"}}),
        ({"said_fields": {"Nr": "1"}}, {"fields": {"Ort": "Umeå", "Nr": "1"}}),
        ({"said_status": "bounced"}, {"status": "bounced"}),
    ],
    ids=["name", "language", "tags", "field", "new field", "status"],
)
def test_what_a_row_changes(said: dict[str, Any], changed: dict[str, Any]) -> None:
    """Only that; the subscriber's id goes along."""
    before = {"name": "Anna", "language": "sv", "tags": ["press"], "fields": {"Ort": "Umeå"}}
    assert find_changes(make_differing_row(**said)) == {
        "_id": 7, **before, "status": "active", **changed,
    }  # fmt: skip


@pytest.mark.parametrize("said", ["active", "pending", ""])
@pytest.mark.parametrize("status", ["unsubscribed", "bounced", "complained", "manual", "pending"])
def test_no_list_puts_anybody_back(status: str, said: str) -> None:
    """A status can take off, never bring back, and a list doesn't confirm a sign-up."""
    row = make_differing_row(said_status=said)
    row.status = status
    assert find_changes(row) is None
