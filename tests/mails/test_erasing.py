"""Erased is erased: nothing in the database, in a log or in an old list brings a person back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.app.upkeep import apply_retention
from newsletter.domain.delivery import DeliveryState
from newsletter.domain.segment import Everyone
from newsletter.domain.subscriber import SubscriberId, SuppressionReason
from newsletter.errors import ListError
from newsletter.mail.tokens import Purpose
from newsletter.store import issues, journal
from newsletter.subscribers import staff, suppression
from newsletter.subscribers.importing import Given, bring_in
from tests.mails.conftest import Office
from tests.web.test_public_pages import LETTER


def sent(office: Office, name: str = "12") -> int:
    """Send an issue to everybody, in the journal."""
    with office.workspace.database.begin() as connection:
        number = issues.add(connection, name, LETTER, segment="", now=office.clock.now)
        journal.freeze(connection, number, Everyone(), office.clock.now)
        taken = journal.claim(connection, number, "me", office.clock.now, limit=100)
        journal.begin(
            connection, number, "me", [delivery.id for delivery in taken], office.clock.now
        )
        for delivery in taken:
            journal.move(connection, delivery.id, DeliveryState.sending, DeliveryState.accepted)
    return number


def test_by_her_own_press_nothing_of_her_is_left(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """Address and name stand nowhere in the database any more; the journal still counts her."""
    reader = office.join("anna.lind@example.org", name="Anna Lind", fields={"Ort": "Umeå"})
    number = sent(office)
    office.client.post(
        f"{office.preferences(reader)}/address", data={"email": "anna.ny@example.net"}
    )
    page = f"{office.preferences(reader)}/erase"
    before = office.dump()
    assert "Det går inte att ångra" in office.client.get(page).text
    assert office.dump() == before
    caplog.set_level("INFO")
    assert "Inget finns sparat om dig" in office.client.post(page, data={"by": "page"}).text
    dump = "\n".join(office.dump()).lower()
    for word in ("anna", "lind", "umeå"):
        assert word not in dump
        assert word not in caplog.text.lower()
    with office.workspace.database.read() as connection:
        assert journal.count_by_state(connection, number)[DeliveryState.accepted] == 1
    for path in (
        page,
        office.preferences(reader),
        f"/u/{office.workspace.token_keys.sign(Purpose.unsubscribe, reader)}",
    ):
        assert office.client.get(path).status_code == office.client.post(path).status_code == 200
    assert office.post() == []


def test_an_old_list_doesnt_bring_her_back(office: Office, tmp_path: Path) -> None:
    """In whatever spelling; staff can't add her either; only she can sign up again."""
    workspace = office.workspace
    office.join("anna@example.org")
    with workspace.database.begin() as connection:
        assert staff.erase(connection, "Anna@Example.org", office.clock.now, workspace.keyed_hash)
        assert not staff.erase(
            connection, "never@example.org", office.clock.now, workspace.keyed_hash
        )
    file = tmp_path / "gammal.csv"
    file.write_text("email\nANNA@EXAMPLE.org\nbo@example.org\nnever@example.org\n", "utf-8")
    refused: list[str] = []
    found = bring_in(
        workspace.database,
        file,
        office.clock.now,
        refuse=lambda row: refused.append(row.code),
        given=Given(seal=workspace.keyed_hash),
    )
    assert (found.added, refused) == (1, ["erased", "erased"])
    with workspace.database.begin() as connection, pytest.raises(ListError, match="erased"):
        staff.add(
            connection,
            staff.Wanted(email="anna@example.org", consent="ringde"),
            office.clock.now,
            workspace.keyed_hash,
        )


def test_an_id_is_never_given_again(office: Office) -> None:
    """Her old links say that nothing is kept, and never show somebody else."""
    reader = office.join("anna@example.org")
    with office.workspace.database.begin() as connection:
        staff.erase(connection, "anna@example.org", office.clock.now, office.workspace.keyed_hash)
    assert office.join("bo@example.org") > reader
    assert "bo@" not in office.client.get(office.preferences(reader)).text


def test_what_is_old_is_forgotten(opened: Callable[..., Office]) -> None:
    """Who left long ago is erased, the journal loses names.

    Who reads stays, and who left stays away.
    """
    office = opened(more="[privacy]\nkeep_days = 365\n")
    office.join("kvar@example.org")
    office.join("borta@example.org")
    sent(office)
    with office.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "borta@example.org", SuppressionReason.unsubscribed, office.clock.now
        )
    assert apply_retention(office.workspace, office.clock.now).readers == 0
    office.clock.move(days=366)
    found = apply_retention(office.workspace, office.clock.now)
    assert (found.readers, found.deliveries) == (1, 1)
    dump = "\n".join(office.dump())
    assert "borta" not in dump
    assert dump.count("kvar@example.org") == 2  # address and key, on the list only
    assert office.person("kvar@example.org") is not None
    assert apply_retention(office.workspace, office.clock.now).readers == 0


def test_nothing_is_forgotten_without_the_setting_but_what_waits_for_a_confirmation(
    office: Office,
) -> None:
    """Two days."""
    office.join("anna@example.org")
    with office.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "anna@example.org", SuppressionReason.unsubscribed, office.clock.now
        )
    office.client.post("/subscribe", data={"email": "bo@example.org"})
    office.clock.move(days=5000)
    apply_retention(office.workspace, office.clock.now)
    assert office.person("anna@example.org") is not None
    assert "bo@example.org" not in "\n".join(office.dump())


def test_a_stranger_erases_nobody(office: Office) -> None:
    """A token for one purpose does nothing elsewhere."""
    reader = office.join("anna@example.org")
    keys = office.workspace.token_keys
    for purpose in (Purpose.unsubscribe, Purpose.confirm, Purpose.move_from, Purpose.move_to):
        assert office.client.post(f"/p/{keys.sign(purpose, reader)}/erase").status_code == 404
    assert (
        office.client.post(
            f"/p/{keys.sign(Purpose.preferences, SubscriberId(99))}/erase"
        ).status_code
        == 200
    )
    assert office.person("anna@example.org") is not None
