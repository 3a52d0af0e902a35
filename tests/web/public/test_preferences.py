"""A subscriber's own page: what they choose is kept, and what is kept of them they see.

Their address changes at both ends or not at all.
"""

import json
from collections.abc import Callable

import pytest

from newsletter.domain.segment import Everyone
from newsletter.domain.subscriber import SubscriberStatus, SuppressionReason
from newsletter.store import audience, issues, journal, suppressions
from newsletter.subscribers import admin, suppression
from tests.app.newsletter_app import NewsletterApp
from tests.web.public.test_pages import LETTER


def test_what_she_chooses_is_kept(newsletter_app: NewsletterApp) -> None:
    """Language and tags; tags that aren't offered stay as staff have set them."""
    reader = newsletter_app.add_subscriber(
        "anna@example.org", language="sv", tags=("Press", "intern")
    )
    page = newsletter_app.build_preferences_path(reader)
    before = newsletter_app.dump_database()
    assert 'value="Press" checked' in newsletter_app.client.get(page).text
    assert newsletter_app.dump_database() == before
    answer = newsletter_app.client.post(
        page, data={"language": "en", "tag": ["Kultur", "påhittad"], "pause": ""}
    )
    assert '<html lang="en">' in answer.text
    person = newsletter_app.find_subscriber("anna@example.org")
    assert person is not None
    assert (person.language, person.tags, person.paused_until) == ("en", ("intern", "Kultur"), None)
    assert "anna@" not in answer.text


def test_a_pause_keeps_letters_away_until_it_is_over(newsletter_app: NewsletterApp) -> None:
    """Before an audience is frozen, and after."""
    reader, other = (
        newsletter_app.add_subscriber("anna@example.org"),
        newsletter_app.add_subscriber("bo@example.org"),
    )
    database = newsletter_app.workspace.database
    with database.begin() as connection:
        number = issues.add(connection, "12", LETTER, segment="", now=newsletter_app.clock.now)
        assert journal.freeze(connection, number, Everyone(), newsletter_app.clock.now) == 2
    newsletter_app.client.post(newsletter_app.build_preferences_path(reader), data={"pause": "90"})
    assert (
        "uppehåll till och med"
        in newsletter_app.client.get(newsletter_app.build_preferences_path(reader)).text
    )
    with database.begin() as connection:
        taken = journal.claim(connection, number, "me", newsletter_app.clock.now, limit=10)
        assert [delivery.subscriber for delivery in taken] == [other]
        assert audience.count_audience(connection, Everyone(), newsletter_app.clock.now) == 1
    newsletter_app.clock.move(days=91)
    with database.read() as connection:
        assert audience.count_audience(connection, Everyone(), newsletter_app.clock.now) == 2
    newsletter_app.client.post(newsletter_app.build_preferences_path(reader), data={"pause": "30"})
    newsletter_app.client.post(newsletter_app.build_preferences_path(reader), data={"pause": "0"})
    # she is there
    assert newsletter_app.find_subscriber("anna@example.org").paused_until is None  # type: ignore[union-attr]


def test_a_blocked_domain_gets_no_letter(newsletter_app: NewsletterApp) -> None:
    """Before an audience is frozen, and after."""
    from newsletter.subscribers import admin

    newsletter_app.add_subscriber("anna@blocked.example")
    database = newsletter_app.workspace.database
    with database.begin() as connection:
        number = issues.add(connection, "12", LETTER, segment="", now=newsletter_app.clock.now)
        assert journal.freeze(connection, number, Everyone(), newsletter_app.clock.now) == 1
        assert admin.suppress(connection, "@BLOCKED.example", newsletter_app.clock.now)
        assert journal.claim(connection, number, "me", newsletter_app.clock.now, limit=10) == []
        assert audience.count_audience(connection, Everyone()) == 0


def test_an_address_changes_when_both_ends_say_so(newsletter_app: NewsletterApp) -> None:
    """One end alone moves nothing."""
    reader = newsletter_app.add_subscriber("anna@example.org")
    answer = newsletter_app.client.post(
        f"{newsletter_app.build_preferences_path(reader)}/address",
        data={"email": "Anna.Ny@example.net"},
    )
    assert answer.status_code == 200
    old, new = newsletter_app.deliver_outbox()
    assert (old["To"], new["To"]) == ("anna@example.org", "Anna.Ny@example.net")
    # it has one
    assert "Anna.Ny@example.net" in old.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "anna@example.org" not in new.as_string()
    for mail in (old, new):
        before = newsletter_app.dump_database()
        assert (
            "Tryck på knappen"
            in newsletter_app.client.get(newsletter_app.find_token_path(mail)).text
        )
        assert newsletter_app.dump_database() == before
    assert (
        "Den ena adressen" in newsletter_app.client.post(newsletter_app.find_token_path(new)).text
    )
    assert newsletter_app.find_subscriber("anna@example.org") is not None
    assert (
        "Din adress är ändrad"
        in newsletter_app.client.post(newsletter_app.find_token_path(old)).text
    )
    person = newsletter_app.find_subscriber("anna.ny@example.net")
    assert person is not None
    assert (person.id, person.email) == (reader, "Anna.Ny@example.net")
    assert newsletter_app.find_subscriber("anna@example.org") is None
    assert newsletter_app.read_consents("anna.ny@example.net")[-1].source.startswith(
        "address changed"
    )


def test_nobody_moves_onto_anothers_address_or_learns_of_her(newsletter_app: NewsletterApp) -> None:
    """The page says the same; the other reader is told that she is on the list already."""
    anna, bo = (
        newsletter_app.add_subscriber("anna@example.org"),
        newsletter_app.add_subscriber("bo@example.org"),
    )
    free = newsletter_app.client.post(
        f"{newsletter_app.build_preferences_path(anna)}/address", data={"email": "ny@example.org"}
    ).text
    newsletter_app.deliver_outbox()
    taken = newsletter_app.client.post(
        f"{newsletter_app.build_preferences_path(anna)}/address", data={"email": "bo@example.org"}
    ).text
    assert free == taken
    old, already = newsletter_app.deliver_outbox()
    assert "redan" in already["Subject"]
    newsletter_app.client.post(newsletter_app.find_token_path(old))
    person = newsletter_app.find_subscriber("bo@example.org")
    assert person is not None
    assert person.id == bo


@pytest.mark.parametrize("blocked", ["ny@example.net", "@example.net"])
def test_an_address_that_is_blocked_meanwhile_stays_blocked(
    newsletter_app: NewsletterApp, blocked: str
) -> None:
    """Asked for before, confirmed after: what staff have said stands."""
    reader = newsletter_app.add_subscriber("anna@example.org")
    newsletter_app.client.post(
        f"{newsletter_app.build_preferences_path(reader)}/address", data={"email": "ny@example.net"}
    )
    old, new = newsletter_app.deliver_outbox()
    with newsletter_app.workspace.database.begin() as connection:
        assert admin.suppress(connection, blocked, newsletter_app.clock.now)
    for mail in (old, new):
        newsletter_app.client.post(newsletter_app.find_token_path(mail))
    person = newsletter_app.find_subscriber("anna@example.org")
    assert person is not None
    with newsletter_app.workspace.database.read() as connection:
        assert suppressions.find_suppression(connection, blocked) is not None


def test_a_move_waits_no_longer_than_two_days_and_isnt_asked_for_endlessly(
    newsletter_app: NewsletterApp,
) -> None:
    """Three a day."""
    reader = newsletter_app.add_subscriber("anna@example.org")
    newsletter_app.client.post(
        f"{newsletter_app.build_preferences_path(reader)}/address", data={"email": "ny@example.org"}
    )
    old, new = newsletter_app.deliver_outbox()
    newsletter_app.client.post(newsletter_app.find_token_path(old))
    newsletter_app.clock.move(hours=49)
    newsletter_app.client.post(newsletter_app.find_token_path(new))
    assert newsletter_app.find_subscriber("ny@example.org") is None
    codes = [
        newsletter_app.client.post(
            f"{newsletter_app.build_preferences_path(reader)}/address",
            data={"email": f"n{n}@example.org"},
        ).status_code
        for n in range(4)
    ]
    assert codes == [200, 200, 200, 429]
    assert newsletter_app.client.post(
        f"{newsletter_app.build_preferences_path(reader)}/address", data={"email": "fel"}
    ).status_code in (422, 429)


def test_she_sees_what_is_kept_of_her_and_gets_it_as_a_file(newsletter_app: NewsletterApp) -> None:
    """The page veils the address; the file goes to her mailbox and holds everything."""
    reader = newsletter_app.add_subscriber(
        "anna@example.org", name="Anna <b>", language="sv", tags=("Press",), fields={"Ort": "Umeå"}
    )
    page = newsletter_app.client.get(f"{newsletter_app.build_preferences_path(reader)}/data").text
    for text in ("Anna &lt;b&gt;", "Svenska", "Press", "Umeå", "a…@example.org", "1 december 2026"):
        assert text in page
    assert "anna@" not in page
    newsletter_app.client.post(f"{newsletter_app.build_preferences_path(reader)}/data")
    (mail,) = newsletter_app.deliver_outbox()
    (file,) = mail.iter_attachments()
    value = json.loads(file.get_content())
    assert (value["email"], value["name"], value["fields"]) == (
        "anna@example.org",
        "Anna <b>",
        {"Ort": "Umeå"},
    )
    assert [proof["source"] for proof in value["consents"]] == ["staff"]
    codes = [
        newsletter_app.client.post(
            f"{newsletter_app.build_preferences_path(reader)}/data"
        ).status_code
        for _ in range(3)
    ]
    assert codes == [200, 200, 429]


def test_who_has_left_can_still_see_and_erase(newsletter_app: NewsletterApp) -> None:
    """There is no form to choose, and still a way to know."""
    reader = newsletter_app.add_subscriber("anna@example.org")
    with newsletter_app.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "anna@example.org", SuppressionReason.unsubscribed, newsletter_app.clock.now
        )
    page = newsletter_app.client.get(newsletter_app.build_preferences_path(reader)).text
    assert "/data" in page
    assert 'name="pause"' not in page
    assert (
        "Inga brev sedan"
        in newsletter_app.client.get(f"{newsletter_app.build_preferences_path(reader)}/data").text
    )


def test_a_program_that_presses_every_button_is_asked_once_more(
    newsletter_app: NewsletterApp,
) -> None:
    """Its GETs mean nothing; its press of our page is held.

    A mail provider's one-click POST never is.
    """
    from newsletter.mail.tokens import Purpose
    from newsletter.store import audit_log

    readers = [newsletter_app.add_subscriber(f"r{number}@example.org") for number in range(12)]
    paths = [
        f"/u/{newsletter_app.workspace.token_keys.sign(Purpose.unsubscribe, reader)}"
        for reader in readers
    ]
    page = newsletter_app.client.get(paths[0]).text
    assert f'href="{paths[0]}/more" rel="nofollow" hidden' in page
    assert newsletter_app.client.get(f"{paths[0]}/more").status_code == 200
    for path in paths:
        assert "Tryck en gång till" in newsletter_app.client.post(path, data={"by": "page"}).text
    assert all(
        newsletter_app.find_subscriber(f"r{number}@example.org").status is SubscriberStatus.active
        for number in range(12)
    )  # type: ignore[union-attr]
    with newsletter_app.workspace.database.read() as connection:
        assert [entry["event"] for entry in audit_log.list_entries(connection)] == [
            "scanner.held"
        ] * 2
    assert (
        newsletter_app.client.post(paths[0], data={"List-Unsubscribe": "One-Click"}).status_code
        == 200
    )
    assert newsletter_app.client.post(f"{paths[1]}/sure").status_code == 200
    newsletter_app.clock.move(minutes=11)
    newsletter_app.client.post(paths[2], data={"by": "page"})
    left = [
        number
        for number in range(12)
        if newsletter_app.find_subscriber(f"r{number}@example.org").status
        is not SubscriberStatus.active
    ]  # type: ignore[union-attr]
    assert left == [0, 1, 2]


def test_why_she_leaves_is_counted_without_her_name(newsletter_app: NewsletterApp) -> None:
    """Once, only words of ours, and only of who has left."""
    from newsletter.mail.tokens import Purpose
    from newsletter.store import unsubscribe_reasons

    reader = newsletter_app.add_subscriber("anna@example.org")
    path = f"/u/{newsletter_app.workspace.token_keys.sign(Purpose.unsubscribe, reader)}"
    newsletter_app.client.post(f"{path}/why", data={"why": "often"})
    newsletter_app.client.post(path)
    for reason in ("<b>", "often", "often", "never"):
        assert newsletter_app.client.post(f"{path}/why", data={"why": reason}).status_code == 200
    with newsletter_app.workspace.database.read() as connection:
        assert unsubscribe_reasons.count_by_reason(connection) == {"often": 1}


def test_languages_are_offered_only_where_there_is_a_choice(
    open_newsletter_app: Callable[..., NewsletterApp],
) -> None:
    """Without any, the newsletter's own is spoken."""
    newsletter_app = open_newsletter_app()
    assert 'name="language"' in newsletter_app.client.get("/subscribe").text
    assert '<html lang="en">' in newsletter_app.client.get("/subscribe?lang=en").text
    assert '<html lang="sv">' in newsletter_app.client.get("/subscribe?lang=de").text
