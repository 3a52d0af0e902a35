"""A reader's own page: what she chooses is kept, what is kept of her she sees, and her address changes at both ends or not at all."""

import json
from collections.abc import Callable

import pytest

from newsletter.domain.segment import Everyone
from newsletter.domain.subscriber import SubscriberStatus, SuppressionReason
from newsletter.store import issues, journal, suppressions
from newsletter.subscribers import staff, suppression
from tests.mails.conftest import NewsletterApp
from tests.web.test_public_pages import LETTER


def test_what_she_chooses_is_kept(office: NewsletterApp) -> None:
    """Language and tags; tags that aren't offered stay as staff have set them."""
    reader = office.add_subscriber("anna@example.org", language="sv", tags=("Press", "intern"))
    page = office.build_preferences_path(reader)
    before = office.dump_database()
    assert 'value="Press" checked' in office.client.get(page).text
    assert office.dump_database() == before
    answer = office.client.post(
        page, data={"language": "en", "tag": ["Kultur", "påhittad"], "pause": ""}
    )
    assert '<html lang="en">' in answer.text
    person = office.find_subscriber("anna@example.org")
    assert person is not None
    assert (person.language, person.tags, person.paused_until) == ("en", ("intern", "Kultur"), None)
    assert "anna@" not in answer.text


def test_a_pause_keeps_letters_away_until_it_is_over(office: NewsletterApp) -> None:
    """Before an audience is frozen, and after."""
    reader, other = (
        office.add_subscriber("anna@example.org"),
        office.add_subscriber("bo@example.org"),
    )
    database = office.workspace.database
    with database.begin() as connection:
        number = issues.add(connection, "12", LETTER, segment="", now=office.clock.now)
        assert journal.freeze(connection, number, Everyone(), office.clock.now) == 2
    office.client.post(office.build_preferences_path(reader), data={"pause": "90"})
    assert "uppehåll till och med" in office.client.get(office.build_preferences_path(reader)).text
    with database.begin() as connection:
        taken = journal.claim(connection, number, "me", office.clock.now, limit=10)
        assert [delivery.subscriber for delivery in taken] == [other]
        assert journal.count_audience(connection, Everyone(), office.clock.now) == 1
    office.clock.move(days=91)
    with database.read() as connection:
        assert journal.count_audience(connection, Everyone(), office.clock.now) == 2
    office.client.post(office.build_preferences_path(reader), data={"pause": "30"})
    office.client.post(office.build_preferences_path(reader), data={"pause": "0"})
    # she is there
    assert office.find_subscriber("anna@example.org").paused_until is None  # type: ignore[union-attr]


def test_a_blocked_domain_gets_no_letter(office: NewsletterApp) -> None:
    """Before an audience is frozen, and after."""
    from newsletter.subscribers import staff

    office.add_subscriber("anna@blocked.example")
    database = office.workspace.database
    with database.begin() as connection:
        number = issues.add(connection, "12", LETTER, segment="", now=office.clock.now)
        assert journal.freeze(connection, number, Everyone(), office.clock.now) == 1
        assert staff.suppress(connection, "@BLOCKED.example", office.clock.now)
        assert journal.claim(connection, number, "me", office.clock.now, limit=10) == []
        assert journal.count_audience(connection, Everyone()) == 0


def test_an_address_changes_when_both_ends_say_so(office: NewsletterApp) -> None:
    """One end alone moves nothing."""
    reader = office.add_subscriber("anna@example.org")
    answer = office.client.post(
        f"{office.build_preferences_path(reader)}/address", data={"email": "Anna.Ny@example.net"}
    )
    assert answer.status_code == 200
    old, new = office.deliver_outbox()
    assert (old["To"], new["To"]) == ("anna@example.org", "Anna.Ny@example.net")
    # it has one
    assert "Anna.Ny@example.net" in old.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "anna@example.org" not in new.as_string()
    for mail in (old, new):
        before = office.dump_database()
        assert "Tryck på knappen" in office.client.get(office.find_token_path(mail)).text
        assert office.dump_database() == before
    assert "Den ena adressen" in office.client.post(office.find_token_path(new)).text
    assert office.find_subscriber("anna@example.org") is not None
    assert "Din adress är ändrad" in office.client.post(office.find_token_path(old)).text
    person = office.find_subscriber("anna.ny@example.net")
    assert person is not None
    assert (person.id, person.email) == (reader, "Anna.Ny@example.net")
    assert office.find_subscriber("anna@example.org") is None
    assert office.read_consents("anna.ny@example.net")[-1].source.startswith("address changed")


def test_nobody_moves_onto_anothers_address_or_learns_of_her(office: NewsletterApp) -> None:
    """The page says the same; the other reader is told that she is on the list already."""
    anna, bo = office.add_subscriber("anna@example.org"), office.add_subscriber("bo@example.org")
    free = office.client.post(
        f"{office.build_preferences_path(anna)}/address", data={"email": "ny@example.org"}
    ).text
    office.deliver_outbox()
    taken = office.client.post(
        f"{office.build_preferences_path(anna)}/address", data={"email": "bo@example.org"}
    ).text
    assert free == taken
    old, already = office.deliver_outbox()
    assert "redan" in already["Subject"]
    office.client.post(office.find_token_path(old))
    person = office.find_subscriber("bo@example.org")
    assert person is not None
    assert person.id == bo


@pytest.mark.parametrize("blocked", ["ny@example.net", "@example.net"])
def test_an_address_that_is_blocked_meanwhile_stays_blocked(
    office: NewsletterApp, blocked: str
) -> None:
    """Asked for before, confirmed after: what staff have said stands."""
    reader = office.add_subscriber("anna@example.org")
    office.client.post(
        f"{office.build_preferences_path(reader)}/address", data={"email": "ny@example.net"}
    )
    old, new = office.deliver_outbox()
    with office.workspace.database.begin() as connection:
        assert staff.suppress(connection, blocked, office.clock.now)
    for mail in (old, new):
        office.client.post(office.find_token_path(mail))
    person = office.find_subscriber("anna@example.org")
    assert person is not None
    with office.workspace.database.read() as connection:
        assert suppressions.find_suppression(connection, blocked) is not None


def test_a_move_waits_no_longer_than_two_days_and_isnt_asked_for_endlessly(
    office: NewsletterApp,
) -> None:
    """Three a day."""
    reader = office.add_subscriber("anna@example.org")
    office.client.post(
        f"{office.build_preferences_path(reader)}/address", data={"email": "ny@example.org"}
    )
    old, new = office.deliver_outbox()
    office.client.post(office.find_token_path(old))
    office.clock.move(hours=49)
    office.client.post(office.find_token_path(new))
    assert office.find_subscriber("ny@example.org") is None
    codes = [
        office.client.post(
            f"{office.build_preferences_path(reader)}/address", data={"email": f"n{n}@example.org"}
        ).status_code
        for n in range(4)
    ]
    assert codes == [200, 200, 200, 429]
    assert office.client.post(
        f"{office.build_preferences_path(reader)}/address", data={"email": "fel"}
    ).status_code in (422, 429)


def test_she_sees_what_is_kept_of_her_and_gets_it_as_a_file(office: NewsletterApp) -> None:
    """The page veils the address; the file goes to her mailbox and holds everything."""
    reader = office.add_subscriber(
        "anna@example.org", name="Anna <b>", language="sv", tags=("Press",), fields={"Ort": "Umeå"}
    )
    page = office.client.get(f"{office.build_preferences_path(reader)}/data").text
    for text in ("Anna &lt;b&gt;", "Svenska", "Press", "Umeå", "a…@example.org", "1 december 2026"):
        assert text in page
    assert "anna@" not in page
    office.client.post(f"{office.build_preferences_path(reader)}/data")
    (mail,) = office.deliver_outbox()
    (file,) = mail.iter_attachments()
    value = json.loads(file.get_content())
    assert (value["email"], value["name"], value["fields"]) == (
        "anna@example.org",
        "Anna <b>",
        {"Ort": "Umeå"},
    )
    assert [proof["source"] for proof in value["consents"]] == ["staff"]
    codes = [
        office.client.post(f"{office.build_preferences_path(reader)}/data").status_code
        for _ in range(3)
    ]
    assert codes == [200, 200, 429]


def test_who_has_left_can_still_see_and_erase(office: NewsletterApp) -> None:
    """There is no form to choose, and still a way to know."""
    reader = office.add_subscriber("anna@example.org")
    with office.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "anna@example.org", SuppressionReason.unsubscribed, office.clock.now
        )
    page = office.client.get(office.build_preferences_path(reader)).text
    assert "/data" in page
    assert 'name="pause"' not in page
    assert (
        "Inga brev sedan" in office.client.get(f"{office.build_preferences_path(reader)}/data").text
    )


def test_a_program_that_presses_every_button_is_asked_once_more(office: NewsletterApp) -> None:
    """Its GETs mean nothing; its press of our page is held.

    A mail provider's one-click POST never is.
    """
    from newsletter.mail.tokens import Purpose
    from newsletter.store import log

    readers = [office.add_subscriber(f"r{number}@example.org") for number in range(12)]
    paths = [
        f"/u/{office.workspace.token_keys.sign(Purpose.unsubscribe, reader)}" for reader in readers
    ]
    page = office.client.get(paths[0]).text
    assert f'href="{paths[0]}/more" rel="nofollow" hidden' in page
    assert office.client.get(f"{paths[0]}/more").status_code == 200
    for path in paths:
        assert "Tryck en gång till" in office.client.post(path, data={"by": "page"}).text
    assert all(
        office.find_subscriber(f"r{number}@example.org").status is SubscriberStatus.active
        for number in range(12)
    )  # type: ignore[union-attr]
    with office.workspace.database.read() as connection:
        assert [entry["event"] for entry in log.list_entries(connection)] == ["scanner.held"] * 2
    assert office.client.post(paths[0], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert office.client.post(f"{paths[1]}/sure").status_code == 200
    office.clock.move(minutes=11)
    office.client.post(paths[2], data={"by": "page"})
    left = [
        number
        for number in range(12)
        if office.find_subscriber(f"r{number}@example.org").status is not SubscriberStatus.active
    ]  # type: ignore[union-attr]
    assert left == [0, 1, 2]


def test_why_she_leaves_is_counted_without_her_name(office: NewsletterApp) -> None:
    """Once, only words of ours, and only of who has left."""
    from newsletter.mail.tokens import Purpose
    from newsletter.store import leavings

    reader = office.add_subscriber("anna@example.org")
    path = f"/u/{office.workspace.token_keys.sign(Purpose.unsubscribe, reader)}"
    office.client.post(f"{path}/why", data={"why": "often"})
    office.client.post(path)
    for reason in ("<b>", "often", "often", "never"):
        assert office.client.post(f"{path}/why", data={"why": reason}).status_code == 200
    with office.workspace.database.read() as connection:
        assert leavings.count_by_reason(connection) == {"often": 1}


def test_languages_are_offered_only_where_there_is_a_choice(
    opened: Callable[..., NewsletterApp],
) -> None:
    """Without any, the newsletter's own is spoken."""
    office = opened()
    office.workspace.settings = office.workspace.settings
    assert 'name="language"' in office.client.get("/subscribe").text
    assert '<html lang="en">' in office.client.get("/subscribe?lang=en").text
    assert '<html lang="sv">' in office.client.get("/subscribe?lang=de").text
