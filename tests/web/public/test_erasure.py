"""Erased is erased: nothing in the database, in a log or in an old list brings a person back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.app.maintenance import apply_retention
from newsletter.domain.delivery import DeliveryState, Outcome, OutcomeKind
from newsletter.domain.segment import Everyone
from newsletter.domain.subscriber import SubscriberId, SuppressionReason
from newsletter.errors import ListError
from newsletter.mail.tokens import Purpose
from newsletter.store import issues, journal, journal_counts
from newsletter.store.journal import DeliveryResult
from newsletter.subscribers import admin, suppression
from newsletter.subscribers.importing.import_list import ImportListener, ImportOptions, import_list
from newsletter.subscribers.importing.refusals import RefusedRow
from tests.app.newsletter_app import NewsletterApp
from tests.web.public.test_pages import LETTER


def record_sent_issue(newsletter_app: NewsletterApp, name: str = "12") -> int:
    """Send an issue to everybody, in the journal."""
    with newsletter_app.workspace.database.begin() as connection:
        number = issues.add(connection, name, LETTER, segment="", now=newsletter_app.clock.now)
        journal.freeze(connection, number, Everyone(), newsletter_app.clock.now)
        taken = journal.claim(connection, number, "me", newsletter_app.clock.now, limit=100)
        journal.begin(
            connection, number, "me", [delivery.id for delivery in taken], newsletter_app.clock.now
        )
        accepted = Outcome(kind=OutcomeKind.accepted, code=250, reply="ok")
        results = [
            DeliveryResult(id=delivery.id, state=DeliveryState.accepted, due=None, outcome=accepted)
            for delivery in taken
        ]
        journal.record(connection, "me", results, newsletter_app.clock.now)
    return number


def test_by_her_own_press_nothing_of_her_is_left(
    newsletter_app: NewsletterApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Address and name stand nowhere in the database any more; the journal still counts her."""
    reader = newsletter_app.add_subscriber(
        "anna.lind@example.org", name="Anna Lind", fields={"Ort": "Umeå"}
    )
    number = record_sent_issue(newsletter_app)
    newsletter_app.client.post(
        f"{newsletter_app.build_preferences_path(reader)}/address",
        data={"email": "anna.ny@example.net"},
    )
    page = f"{newsletter_app.build_preferences_path(reader)}/erase"
    before = newsletter_app.dump_database()
    assert "Det går inte att ångra" in newsletter_app.client.get(page).text
    assert newsletter_app.dump_database() == before
    caplog.set_level("INFO")
    assert "Inget finns sparat om dig" in newsletter_app.client.post(page, data={"by": "page"}).text
    dump = "\n".join(newsletter_app.dump_database()).lower()
    for word in ("anna", "lind", "umeå"):
        assert word not in dump
        assert word not in caplog.text.lower()
    with newsletter_app.workspace.database.read() as connection:
        assert journal_counts.count_by_state(connection, number)[DeliveryState.accepted] == 1
    for path in (
        page,
        newsletter_app.build_preferences_path(reader),
        f"/u/{newsletter_app.workspace.token_keys.sign(Purpose.unsubscribe, reader)}",
    ):
        assert (
            newsletter_app.client.get(path).status_code
            == newsletter_app.client.post(path).status_code
            == 200
        )
    assert newsletter_app.deliver_outbox() == []


def test_an_old_list_doesnt_bring_her_back(newsletter_app: NewsletterApp, tmp_path: Path) -> None:
    """In whatever spelling; staff can't add her either; only she can sign up again."""
    workspace = newsletter_app.workspace
    newsletter_app.add_subscriber("anna@example.org")
    with workspace.database.begin() as connection:
        assert admin.erase(
            connection, "Anna@Example.org", newsletter_app.clock.now, workspace.keyed_hash
        )
        assert not admin.erase(
            connection, "never@example.org", newsletter_app.clock.now, workspace.keyed_hash
        )
    file = tmp_path / "gammal.csv"
    file.write_text("email\nANNA@EXAMPLE.org\nbo@example.org\nnever@example.org\n", "utf-8")
    refused: list[str] = []

    class Refusals(ImportListener):
        def on_refused(self, row: RefusedRow) -> None:
            refused.append(row.code)

    found = import_list(
        workspace.database,
        file,
        newsletter_app.clock.now,
        listener=Refusals(),
        options=ImportOptions(keyed_hash=workspace.keyed_hash),
    )
    assert (found.added, refused) == (1, ["erased", "erased"])
    with workspace.database.begin() as connection, pytest.raises(ListError, match="erased"):
        admin.add(
            connection,
            admin.SubscriberDetails(email="anna@example.org", consent="ringde"),
            newsletter_app.clock.now,
            workspace.keyed_hash,
        )


def test_an_id_is_never_given_again(newsletter_app: NewsletterApp) -> None:
    """Her old links say that nothing is kept, and never show somebody else."""
    reader = newsletter_app.add_subscriber("anna@example.org")
    with newsletter_app.workspace.database.begin() as connection:
        admin.erase(
            connection,
            "anna@example.org",
            newsletter_app.clock.now,
            newsletter_app.workspace.keyed_hash,
        )
    assert newsletter_app.add_subscriber("bo@example.org") > reader
    assert (
        "bo@" not in newsletter_app.client.get(newsletter_app.build_preferences_path(reader)).text
    )


def test_what_is_old_is_forgotten(open_newsletter_app: Callable[..., NewsletterApp]) -> None:
    """Who left long ago is erased, the journal loses names.

    Who reads stays, and who left stays away.
    """
    newsletter_app = open_newsletter_app(more="[privacy]\nkeep_days = 365\n")
    newsletter_app.add_subscriber("kvar@example.org")
    newsletter_app.add_subscriber("borta@example.org")
    record_sent_issue(newsletter_app)
    with newsletter_app.workspace.database.begin() as connection:
        suppression.suppress(
            connection,
            "borta@example.org",
            SuppressionReason.unsubscribed,
            newsletter_app.clock.now,
        )
    assert apply_retention(newsletter_app.workspace, newsletter_app.clock.now).subscribers == 0
    newsletter_app.clock.move(days=366)
    found = apply_retention(newsletter_app.workspace, newsletter_app.clock.now)
    assert (found.subscribers, found.deliveries) == (1, 1)
    dump = "\n".join(newsletter_app.dump_database())
    assert "borta" not in dump
    assert dump.count("kvar@example.org") == 2  # address and key, on the list only
    assert newsletter_app.find_subscriber("kvar@example.org") is not None
    assert apply_retention(newsletter_app.workspace, newsletter_app.clock.now).subscribers == 0


def test_nothing_is_forgotten_without_the_setting_but_what_waits_for_a_confirmation(
    newsletter_app: NewsletterApp,
) -> None:
    """Two days."""
    newsletter_app.add_subscriber("anna@example.org")
    with newsletter_app.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "anna@example.org", SuppressionReason.unsubscribed, newsletter_app.clock.now
        )
    newsletter_app.client.post("/subscribe", data={"email": "bo@example.org"})
    newsletter_app.clock.move(days=5000)
    apply_retention(newsletter_app.workspace, newsletter_app.clock.now)
    assert newsletter_app.find_subscriber("anna@example.org") is not None
    assert "bo@example.org" not in "\n".join(newsletter_app.dump_database())


def test_a_stranger_erases_nobody(newsletter_app: NewsletterApp) -> None:
    """A token for one purpose does nothing elsewhere."""
    reader = newsletter_app.add_subscriber("anna@example.org")
    keys = newsletter_app.workspace.token_keys
    for purpose in (Purpose.unsubscribe, Purpose.confirm, Purpose.move_from, Purpose.move_to):
        assert (
            newsletter_app.client.post(f"/p/{keys.sign(purpose, reader)}/erase").status_code == 404
        )
    assert (
        newsletter_app.client.post(
            f"/p/{keys.sign(Purpose.preferences, SubscriberId(99))}/erase"
        ).status_code
        == 200
    )
    assert newsletter_app.find_subscriber("anna@example.org") is not None
