"""A list of addresses that are never to be mailed."""

from pathlib import Path

import pytest

from newsletter.domain.subscriber import SubscriberStatus, SuppressionReason
from newsletter.errors import ListError
from newsletter.store import suppressions
from newsletter.subscribers.importing import suppression_import
from newsletter.subscribers.importing.refusals import RefusedRow
from newsletter.subscribers.importing.suppression_import import import_suppressions
from tests.subscribers.conftest import SubscriberList

REASON = SuppressionReason.manual


def block(
    subscriber_list: SubscriberList, text: str, reason: SuppressionReason = REASON
) -> tuple[int, int, list[RefusedRow]]:
    """Block what a file names; returns new, known and refused."""
    path = subscriber_list.folder / "blocked.csv"
    path.write_text(text, "utf-8")
    refused: list[RefusedRow] = []
    counts = import_suppressions(
        subscriber_list.database, path, reason, subscriber_list.now, on_refused=refused.append
    )
    return *counts, refused


def list_reasons(subscriber_list: SubscriberList) -> dict[str, str]:
    """Return all suppressions by key."""
    with subscriber_list.database.read() as connection:
        return {one.key: one.reason.value for one in suppressions.iter_suppressions(connection)}


@pytest.mark.parametrize(
    "reason", [reason for reason in SuppressionReason if reason is not SuppressionReason.erased]
)
def test_each_address_gets_the_reason(
    subscriber_list: SubscriberList, reason: SuppressionReason
) -> None:
    """On the list or not, whatever its spelling."""
    subscriber_list.import_text("email\na@example.org\nc@example.org\n")
    assert block(subscriber_list, "E-post\nA@Example.org\nb@example.org\n", reason) == (2, 0, [])
    assert list_reasons(subscriber_list) == {
        "a@example.org": reason.value, "b@example.org": reason.value,
    }  # fmt: skip
    people = subscriber_list.read_subscribers()
    assert people["a@example.org"].status is reason.status
    assert people["c@example.org"].status is SubscriberStatus.active


def test_what_the_list_says_itself_counts(subscriber_list: SubscriberList) -> None:
    """A status that stops nothing is none here."""
    text = (
        "email,status\na@example.org,complained\nb@example.org,hard bounce\nc@example.org,active\n"
        "d@example.org,\n"
    )
    assert block(subscriber_list, text, SuppressionReason.unsubscribed)[:2] == (4, 0)
    assert list_reasons(subscriber_list) == {
        "a@example.org": "complained",
        "b@example.org": "bounced",
        "c@example.org": "unsubscribed",
        "d@example.org": "unsubscribed",
    }


def test_the_second_time_all_are_known(subscriber_list: SubscriberList) -> None:
    """A weaker reason takes nobody's place; a stronger one is new."""
    text = "email\na@example.org\nb@example.org\n"
    block(subscriber_list, text)
    assert block(subscriber_list, text) == (0, 2, [])
    assert block(subscriber_list, text, SuppressionReason.bounced) == (0, 2, [])
    assert block(subscriber_list, text, SuppressionReason.complained) == (2, 0, [])
    assert set(list_reasons(subscriber_list).values()) == {"complained"}


def test_a_row_twice_is_known_the_second_time(subscriber_list: SubscriberList) -> None:
    """Also in another spelling."""
    assert block(subscriber_list, "email\na@example.org\nA@EXAMPLE.ORG\n") == (1, 1, [])


def test_bad_rows_are_told_and_the_rest_is_done(subscriber_list: SubscriberList) -> None:
    """One slip in a list of complaints keeps no complaint out."""
    new, known, refused = block(
        subscriber_list, "email,name\nfel,\na@example.org,,x\nb@example.org\n"
    )
    assert (new, known) == (1, 0)
    assert [(row.line, row.code) for row in refused] == [(2, "address"), (3, "cells")]


@pytest.mark.parametrize("chunk_rows", [1, 2, 3])
def test_whatever_the_size_of_a_transaction(
    subscriber_list: SubscriberList, chunk_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows are taken."""
    monkeypatch.setattr(suppression_import, "CHUNK_ROWS", chunk_rows)
    text = "email\n" + "".join(f"a{number}@example.org\n" for number in range(5))
    assert block(subscriber_list, text)[:2] == (5, 0)


@pytest.mark.parametrize("text", ["email\n", "email\nfel\n"], ids=["no rows", "bad rows"])
def test_a_list_of_nobody_is_told(subscriber_list: SubscriberList, text: str) -> None:
    """In both languages: somebody believes that it is done."""
    with pytest.raises(ListError, match="holds no address that can be blocked") as raised:
        block(subscriber_list, text)
    assert "blocked.csv" in raised.value.translate("sv")
    assert raised.value.translate("sv") != raised.value.translate("en")


def test_a_file_that_is_not_there(subscriber_list: SubscriberList, tmp_path: Path) -> None:
    """As for any list."""
    with pytest.raises(ListError, match="can't be read"):
        import_suppressions(
            subscriber_list.database, tmp_path / "saknas.csv", REASON, subscriber_list.now
        )
