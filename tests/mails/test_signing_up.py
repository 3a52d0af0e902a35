"""Signing up: nobody is on the list who hasn't pressed the button in her own mailbox, and nobody learns who is."""

from collections.abc import Callable

import pytest

from newsletter.domain.subscriber import SubscriberStatus, Suppression, SuppressionReason
from newsletter.mail.tokens import Purpose
from newsletter.store import outbox, requests, suppressions
from newsletter.subscribers import suppression
from tests.mails.conftest import START, NewsletterApp


def test_the_way_onto_the_list(office: NewsletterApp) -> None:
    """Form, mail, page, button; the proof says when, where and to which words she said yes."""
    page = office.client.get("/subscribe")
    assert page.status_code == 200
    answer = office.client.post(
        "/subscribe",
        data={"email": "Anna@Example.org", "language": "en", "tag": ["Press", "annat"]},
    )
    assert answer.status_code == 200
    assert office.find_subscriber("anna@example.org") is None
    (mail,) = office.deliver_outbox()
    assert mail["To"] == "Anna@example.org"
    assert mail["Subject"] == "Confirm that you want Nytt från regionen"
    path = office.find_token_path(mail)
    before = office.dump_database()
    assert "Yes, confirm" in office.client.get(path).text
    assert office.client.head(path).status_code == 200
    assert office.dump_database() == before
    office.clock.move(hours=47)
    assert "You are on the list" in office.client.post(path).text
    person = office.find_subscriber("anna@example.org")
    assert person is not None
    assert (person.email, person.status, person.language, person.tags) == (
        "Anna@example.org",
        SubscriberStatus.active,
        "en",
        ("Press",),
    )
    asked, confirmed = office.read_consents("anna@example.org")
    assert (asked.at, asked.source) == (START, "form")
    assert "Nytt från regionen" in asked.wording
    assert (confirmed.at, confirmed.source) == (office.clock.now, "confirmed by mail")
    assert office.deliver_outbox() == []


def test_a_confirmation_is_no_letter(office: NewsletterApp) -> None:
    """It says that a program wrote it, has nothing to unsubscribe from, and can be answered."""
    office.client.post("/subscribe", data={"email": "anna@example.org"})
    (mail,) = office.deliver_outbox()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["Reply-To"] == "redaktionen@regionexempel.example.org"
    assert mail["Content-Language"] == "sv"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]  # it has one
    assert "prefers-color-scheme: dark" in html
    assert "http" not in html.replace("https://nyhetsbrev.example.org/", "")


def test_a_link_works_once_and_for_two_days(office: NewsletterApp) -> None:
    """Pressed again it changes nothing; later it does nothing.

    Who has left since doesn't come back by it.
    """
    office.client.post("/subscribe", data={"email": "anna@example.org"})
    path = office.find_token_path(office.deliver_outbox()[0])
    office.client.post(path)
    before = office.dump_database()
    assert office.client.post(path).status_code == 200
    assert office.dump_database() == before
    with office.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "anna@example.org", SuppressionReason.unsubscribed, office.clock.now
        )
    assert office.client.post(path).status_code == 410
    # she is there
    assert office.find_subscriber("anna@example.org").status is SubscriberStatus.unsubscribed  # type: ignore[union-attr]
    office.client.post("/subscribe", data={"email": "bo@example.org"})
    late = office.find_token_path(office.deliver_outbox()[0])
    office.clock.move(hours=48, seconds=1)
    assert "Länken har redan" in office.client.get(late).text
    office.client.post(late)
    assert office.find_subscriber("bo@example.org") is None


def test_known_unknown_and_blocked_get_the_same_answer(office: NewsletterApp) -> None:
    """Page, rows and work are the same; only the mailbox knows."""
    office.add_subscriber("known@example.org")
    with office.workspace.database.begin() as connection:
        for key, reason in (
            ("left@example.org", SuppressionReason.unsubscribed),
            ("spam@example.org", SuppressionReason.complained),
            ("staff@example.org", SuppressionReason.manual),
            ("@blocked.example", SuppressionReason.manual),
            (office.workspace.keyed_hash("erased@example.org"), SuppressionReason.erased),
        ):
            suppressions.put(connection, Suppression(key=key, reason=reason, at=START))
    names = ("known", "new", "left", "spam", "staff", "erased")
    pages = {
        office.client.post("/subscribe", data={"email": f"{name}@example.org"}).text
        for name in names
    }
    pages.add(office.client.post("/subscribe", data={"email": "a@blocked.example"}).text)
    assert len(pages) == 1
    with office.workspace.database.read() as connection:
        assert outbox.count_by_state(connection) == {"waiting": 7}
        assert len(requests.list_for_address(connection, "spam@example.org")) == 1
    subjects = {
        mail["To"].partition("@")[0]: mail["Subject"].partition(" ")[0]
        for mail in office.deliver_outbox()
    }
    assert subjects == {"known": "Du", "new": "Bekräfta", "left": "Bekräfta", "erased": "Bekräfta"}
    with office.workspace.database.read() as connection:
        assert outbox.count_by_state(connection) == {}


def test_who_was_erased_comes_back_by_her_own_press_only(office: NewsletterApp) -> None:
    """The hash that keeps old lists out goes with it."""
    sealed = office.workspace.keyed_hash("anna@example.org")
    with office.workspace.database.begin() as connection:
        suppressions.put(
            connection, Suppression(key=sealed, reason=SuppressionReason.erased, at=START)
        )
    office.client.post("/subscribe", data={"email": "anna@example.org"})
    office.client.post(office.find_token_path(office.deliver_outbox()[0]))
    # she is there
    assert office.find_subscriber("anna@example.org").status is SubscriberStatus.active  # type: ignore[union-attr]
    with office.workspace.database.read() as connection:
        assert suppressions.find_suppression(connection, sealed) is None


def test_a_thousand_sign_ups_of_one_address_are_one_mail(office: NewsletterApp) -> None:
    """Nobody's mailbox is flooded by this form, by whatever spelling, from however many machines."""
    from newsletter.subscribers import joining

    with office.workspace.database.begin() as connection:
        for number in range(1000):
            spelling = "Anna@EXAMPLE.org" if number % 2 else "anna@example.org"
            joining.ask(
                connection,
                joining.Wish(email=spelling),
                office.workspace.keyed_hash,
                office.clock.now,
                client=f"10.0.{number % 256}.1",
            )
    assert len(office.deliver_outbox()) == 1
    office.clock.move(hours=25)
    office.client.post("/subscribe", data={"email": "anna@example.org"})
    assert len(office.deliver_outbox()) == 1


def test_a_client_and_a_domain_can_make_so_many_sign_ups(office: NewsletterApp) -> None:
    """Twenty from a client, two hundred for a domain in an hour.

    The answer says nothing of any address.
    """
    from newsletter.subscribers import joining

    codes = [
        office.client.post("/subscribe", data={"email": f"r{number}@example.org"}).status_code
        for number in range(22)
    ]
    assert codes == [200] * 20 + [429] * 2
    office.clock.move(hours=1, seconds=1)
    assert office.client.post("/subscribe", data={"email": "x@example.org"}).status_code == 200
    with office.workspace.database.begin() as connection:
        asked = [
            joining.ask(
                connection,
                joining.Wish(email=f"d{number}@example.net"),
                office.workspace.keyed_hash,
                office.clock.now,
            )
            for number in range(201)
        ]
    assert asked[199:] == [joining.Asked.taken, joining.Asked.too_many]


def test_programs_that_fill_in_everything_get_the_usual_answer(office: NewsletterApp) -> None:
    """And no mail goes anywhere."""
    usual = office.client.post("/subscribe", data={"email": "anna@example.org"}).text
    office.deliver_outbox()
    answer = office.client.post(
        "/subscribe", data={"email": "bo@example.org", "website": "https://spam.example"}
    )
    assert (answer.status_code, answer.text) == (200, usual)
    assert office.deliver_outbox() == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "a@b",
        "a b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "x" * 3000 + "@example.org",
    ],
)
def test_what_is_no_address_is_told_and_not_repeated(office: NewsletterApp, address: str) -> None:
    """The form comes again, empty."""
    before = office.dump_database()
    answer = office.client.post("/subscribe", data={"email": address})
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert "q1w2" not in answer.text
        assert office.dump_database() == before


def test_a_welcome_and_a_goodbye_if_wanted(opened: Callable[..., NewsletterApp]) -> None:
    """Each once."""
    office = opened("welcome = true\ngoodbye = true")
    office.client.post("/subscribe", data={"email": "anna@example.org"})
    office.client.post(office.find_token_path(office.deliver_outbox()[0]))
    (welcome,) = office.deliver_outbox()
    assert "Välkommen" in welcome["Subject"]
    assert office.client.get(office.find_token_path(welcome)).status_code == 200
    person = office.find_subscriber("anna@example.org")
    assert person is not None
    for _ in range(2):
        office.client.post(f"/u/{office.workspace.token_keys.sign(Purpose.unsubscribe, person.id)}")
    (goodbye,) = office.deliver_outbox()
    assert "avslutat" in goodbye["Subject"]
    assert goodbye["List-Unsubscribe"] is None


def test_sign_up_can_be_closed(opened: Callable[..., NewsletterApp]) -> None:
    """Then there is no form."""
    office = opened("open = false")
    assert (
        office.client.get("/subscribe").status_code
        == office.client.post("/subscribe", data={"email": "a@example.org"}).status_code
        == 404
    )


def test_a_token_of_another_purpose_confirms_nothing(office: NewsletterApp) -> None:
    """Nor does an altered one."""
    office.client.post("/subscribe", data={"email": "anna@example.org"})
    path = office.find_token_path(office.deliver_outbox()[0])
    keys = office.workspace.token_keys
    token = path.removeprefix("/c/")
    before = office.dump_database()
    wrong = [
        keys.sign(purpose, requests.ConfirmationId(1))
        for purpose in (Purpose.unsubscribe, Purpose.preferences)
    ]
    wrong += [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(28)]
    for one in wrong:
        assert office.client.post(f"/c/{one}").status_code == 404
        assert (
            office.client.post(f"/p/{token}").status_code
            == office.client.post(f"/u/{token}").status_code
            == 404
        )
    assert office.dump_database() == before
