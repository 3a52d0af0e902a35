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
from tests.mails.conftest import NewsletterApp
from tests.web.test_public_pages import LETTER


def record_sent_issue(office: NewsletterApp, name: str = "12") -> int:
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
    office: NewsletterApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Address and name stand nowhere in the database any more; the journal still counts her."""
    reader = office.add_subscriber(
        "anna.lind@example.org", name="Anna Lind", fields={"Ort": "Umeå"}
    )
    number = record_sent_issue(office)
    office.client.post(
        f"{office.build_preferences_path(reader)}/address", data={"email": "anna.ny@example.net"}
    )
    page = f"{office.build_preferences_path(reader)}/erase"
    before = office.dump_database()
    assert "Det går inte att ångra" in office.client.get(page).text
    assert office.dump_database() == before
    caplog.set_level("INFO")
    assert "Inget finns sparat om dig" in office.client.post(page, data={"by": "page"}).text
    dump = "\n".join(office.dump_database()).lower()
    for word in ("anna", "lind", "umeå"):
        assert word not in dump
        assert word not in caplog.text.lower()
    with office.workspace.database.read() as connection:
        assert journal.count_by_state(connection, number)[DeliveryState.accepted] == 1
    for path in (
        page,
        office.build_preferences_path(reader),
        f"/u/{office.workspace.token_keys.sign(Purpose.unsubscribe, reader)}",
    ):
        assert office.client.get(path).status_code == office.client.post(path).status_code == 200
    assert office.deliver_outbox() == []


def test_an_old_list_doesnt_bring_her_back(office: NewsletterApp, tmp_path: Path) -> None:
    """In whatever spelling; staff can't add her either; only she can sign up again."""
    workspace = office.workspace
    office.add_subscriber("anna@example.org")
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


def test_an_id_is_never_given_again(office: NewsletterApp) -> None:
    """Her old links say that nothing is kept, and never show somebody else."""
    reader = office.add_subscriber("anna@example.org")
    with office.workspace.database.begin() as connection:
        staff.erase(connection, "anna@example.org", office.clock.now, office.workspace.keyed_hash)
    assert office.add_subscriber("bo@example.org") > reader
    assert "bo@" not in office.client.get(office.build_preferences_path(reader)).text


def test_what_is_old_is_forgotten(opened: Callable[..., NewsletterApp]) -> None:
    """Who left long ago is erased, the journal loses names.

    Who reads stays, and who left stays away.
    """
    office = opened(more="[privacy]\nkeep_days = 365\n")
    office.add_subscriber("kvar@example.org")
    office.add_subscriber("borta@example.org")
    record_sent_issue(office)
    with office.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "borta@example.org", SuppressionReason.unsubscribed, office.clock.now
        )
    assert apply_retention(office.workspace, office.clock.now).readers == 0
    office.clock.move(days=366)
    found = apply_retention(office.workspace, office.clock.now)
    assert (found.readers, found.deliveries) == (1, 1)
    dump = "\n".join(office.dump_database())
    assert "borta" not in dump
    assert dump.count("kvar@example.org") == 2  # address and key, on the list only
    assert office.find_subscriber("kvar@example.org") is not None
    assert apply_retention(office.workspace, office.clock.now).readers == 0


def test_nothing_is_forgotten_without_the_setting_but_what_waits_for_a_confirmation(
    office: NewsletterApp,
) -> None:
    """Two days."""
    office.add_subscriber("anna@example.org")
    with office.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "anna@example.org", SuppressionReason.unsubscribed, office.clock.now
        )
    office.client.post("/subscribe", data={"email": "bo@example.org"})
    office.clock.move(days=5000)
    apply_retention(office.workspace, office.clock.now)
    assert office.find_subscriber("anna@example.org") is not None
    assert "bo@example.org" not in "\n".join(office.dump_database())


def test_a_stranger_erases_nobody(office: NewsletterApp) -> None:
    """A token for one purpose does nothing elsewhere."""
    reader = office.add_subscriber("anna@example.org")
    keys = office.workspace.token_keys
    for purpose in (Purpose.unsubscribe, Purpose.confirm, Purpose.move_from, Purpose.move_to):
        assert office.client.post(f"/p/{keys.sign(purpose, reader)}/erase").status_code == 404
    assert (
        office.client.post(
            f"/p/{keys.sign(Purpose.preferences, SubscriberId(99))}/erase"
        ).status_code
        == 200
    )
    assert office.find_subscriber("anna@example.org") is not None
