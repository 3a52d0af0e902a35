"""Signing up: nobody is on the list who hasn't confirmed it (double opt-in).

And nobody learns who is.
"""

from collections.abc import Callable

import pytest

from newsletter.domain.subscriber import SubscriberStatus, Suppression, SuppressionReason
from newsletter.mail.tokens import Purpose
from newsletter.store import confirmations, outbox, suppressions
from newsletter.subscribers import suppression
from tests.app.newsletter_app import START, NewsletterApp


def test_the_way_onto_the_list(newsletter_app: NewsletterApp) -> None:
    """Form, mail, page, button; the proof says when, where and to which words she said yes."""
    page = newsletter_app.client.get("/subscribe")
    assert page.status_code == 200
    answer = newsletter_app.client.post(
        "/subscribe",
        data={"email": "Anna@Example.org", "language": "en", "tag": ["Press", "annat"]},
    )
    assert answer.status_code == 200
    assert newsletter_app.find_subscriber("anna@example.org") is None
    (mail,) = newsletter_app.deliver_outbox()
    assert mail["To"] == "Anna@example.org"
    assert mail["Subject"] == "Confirm that you want Nytt från regionen"
    path = newsletter_app.find_token_path(mail)
    before = newsletter_app.dump_database()
    assert "Yes, confirm" in newsletter_app.client.get(path).text
    assert newsletter_app.client.head(path).status_code == 200
    assert newsletter_app.dump_database() == before
    newsletter_app.clock.move(hours=47)
    assert "You are on the list" in newsletter_app.client.post(path).text
    person = newsletter_app.find_subscriber("anna@example.org")
    assert person is not None
    assert (person.email, person.status, person.language, person.tags) == (
        "Anna@example.org",
        SubscriberStatus.active,
        "en",
        ("Press",),
    )
    asked, confirmed = newsletter_app.read_consents("anna@example.org")
    assert (asked.at, asked.source) == (START, "form")
    assert "Nytt från regionen" in asked.wording
    assert (confirmed.at, confirmed.source) == (newsletter_app.clock.now, "confirmed by mail")
    assert newsletter_app.deliver_outbox() == []


def test_a_confirmation_is_no_letter(newsletter_app: NewsletterApp) -> None:
    """It says that a program wrote it, has nothing to unsubscribe from, and can be answered."""
    newsletter_app.client.post("/subscribe", data={"email": "anna@example.org"})
    (mail,) = newsletter_app.deliver_outbox()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["Reply-To"] == "redaktionen@regionexempel.example.org"
    assert mail["Content-Language"] == "sv"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]  # it has one
    assert "prefers-color-scheme: dark" in html
    assert "http" not in html.replace("https://nyhetsbrev.example.org/", "")


def test_a_link_works_once_and_for_two_days(newsletter_app: NewsletterApp) -> None:
    """Pressed again it changes nothing; later it does nothing.

    Who has left since doesn't come back by it.
    """
    newsletter_app.client.post("/subscribe", data={"email": "anna@example.org"})
    path = newsletter_app.find_token_path(newsletter_app.deliver_outbox()[0])
    newsletter_app.client.post(path)
    before = newsletter_app.dump_database()
    assert newsletter_app.client.post(path).status_code == 200
    assert newsletter_app.dump_database() == before
    with newsletter_app.workspace.database.begin() as connection:
        suppression.suppress(
            connection, "anna@example.org", SuppressionReason.unsubscribed, newsletter_app.clock.now
        )
    assert newsletter_app.client.post(path).status_code == 410
    # she is there
    assert (
        newsletter_app.find_subscriber("anna@example.org").status is SubscriberStatus.unsubscribed
    )  # type: ignore[union-attr]
    newsletter_app.client.post("/subscribe", data={"email": "bo@example.org"})
    late = newsletter_app.find_token_path(newsletter_app.deliver_outbox()[0])
    newsletter_app.clock.move(hours=48, seconds=1)
    assert "Länken har redan" in newsletter_app.client.get(late).text
    newsletter_app.client.post(late)
    assert newsletter_app.find_subscriber("bo@example.org") is None


def test_known_unknown_and_blocked_get_the_same_answer(newsletter_app: NewsletterApp) -> None:
    """Page, rows and work are the same; only the mailbox knows."""
    newsletter_app.add_subscriber("known@example.org")
    with newsletter_app.workspace.database.begin() as connection:
        for key, reason in (
            ("left@example.org", SuppressionReason.unsubscribed),
            ("spam@example.org", SuppressionReason.complained),
            ("staff@example.org", SuppressionReason.manual),
            ("@blocked.example", SuppressionReason.manual),
            (newsletter_app.workspace.keyed_hash("erased@example.org"), SuppressionReason.erased),
        ):
            suppressions.put(connection, Suppression(key=key, reason=reason, at=START))
    names = ("known", "new", "left", "spam", "staff", "erased")
    pages = {
        newsletter_app.client.post("/subscribe", data={"email": f"{name}@example.org"}).text
        for name in names
    }
    pages.add(newsletter_app.client.post("/subscribe", data={"email": "a@blocked.example"}).text)
    assert len(pages) == 1
    with newsletter_app.workspace.database.read() as connection:
        assert outbox.count_by_state(connection) == {"waiting": 7}
        assert len(confirmations.list_for_address(connection, "spam@example.org")) == 1
    subjects = {
        mail["To"].partition("@")[0]: mail["Subject"].partition(" ")[0]
        for mail in newsletter_app.deliver_outbox()
    }
    assert subjects == {"known": "Du", "new": "Bekräfta", "left": "Bekräfta", "erased": "Bekräfta"}
    with newsletter_app.workspace.database.read() as connection:
        assert outbox.count_by_state(connection) == {}


def test_who_was_erased_comes_back_by_her_own_press_only(newsletter_app: NewsletterApp) -> None:
    """The hash that keeps old lists out goes with it."""
    sealed = newsletter_app.workspace.keyed_hash("anna@example.org")
    with newsletter_app.workspace.database.begin() as connection:
        suppressions.put(
            connection, Suppression(key=sealed, reason=SuppressionReason.erased, at=START)
        )
    newsletter_app.client.post("/subscribe", data={"email": "anna@example.org"})
    newsletter_app.client.post(newsletter_app.find_token_path(newsletter_app.deliver_outbox()[0]))
    # she is there
    assert newsletter_app.find_subscriber("anna@example.org").status is SubscriberStatus.active  # type: ignore[union-attr]
    with newsletter_app.workspace.database.read() as connection:
        assert suppressions.find_suppression(connection, sealed) is None


def test_a_thousand_sign_ups_of_one_address_are_one_mail(newsletter_app: NewsletterApp) -> None:
    """Nobody's mailbox is flooded by this form, whatever the spelling, from many machines."""
    from newsletter.subscribers import signup

    with newsletter_app.workspace.database.begin() as connection:
        for number in range(1000):
            spelling = "Anna@EXAMPLE.org" if number % 2 else "anna@example.org"
            signup.request_signup(
                connection,
                signup.SignUpRequest(email=spelling),
                newsletter_app.workspace.keyed_hash,
                newsletter_app.clock.now,
                client_address=f"10.0.{number % 256}.1",
            )
    assert len(newsletter_app.deliver_outbox()) == 1
    newsletter_app.clock.move(hours=25)
    newsletter_app.client.post("/subscribe", data={"email": "anna@example.org"})
    assert len(newsletter_app.deliver_outbox()) == 1


def test_a_client_and_a_domain_can_make_so_many_sign_ups(newsletter_app: NewsletterApp) -> None:
    """Twenty from a client, two hundred for a domain in an hour.

    The answer says nothing of any address.
    """
    from newsletter.subscribers import signup

    codes = [
        newsletter_app.client.post(
            "/subscribe", data={"email": f"r{number}@example.org"}
        ).status_code
        for number in range(22)
    ]
    assert codes == [200] * 20 + [429] * 2
    newsletter_app.clock.move(hours=1, seconds=1)
    assert (
        newsletter_app.client.post("/subscribe", data={"email": "x@example.org"}).status_code == 200
    )
    with newsletter_app.workspace.database.begin() as connection:
        asked = [
            signup.request_signup(
                connection,
                signup.SignUpRequest(email=f"d{number}@example.net"),
                newsletter_app.workspace.keyed_hash,
                newsletter_app.clock.now,
            )
            for number in range(201)
        ]
    assert asked[199:] == [signup.SignUpResult.accepted, signup.SignUpResult.too_many]


def test_programs_that_fill_in_everything_get_the_usual_answer(
    newsletter_app: NewsletterApp,
) -> None:
    """And no mail goes anywhere."""
    usual = newsletter_app.client.post("/subscribe", data={"email": "anna@example.org"}).text
    newsletter_app.deliver_outbox()
    answer = newsletter_app.client.post(
        "/subscribe", data={"email": "bo@example.org", "website": "https://spam.example"}
    )
    assert (answer.status_code, answer.text) == (200, usual)
    assert newsletter_app.deliver_outbox() == []


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
def test_what_is_no_address_is_told_and_not_repeated(
    newsletter_app: NewsletterApp, address: str
) -> None:
    """The form comes again, empty."""
    before = newsletter_app.dump_database()
    answer = newsletter_app.client.post("/subscribe", data={"email": address})
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert "q1w2" not in answer.text
        assert newsletter_app.dump_database() == before


def test_a_welcome_and_a_goodbye_if_wanted(
    open_newsletter_app: Callable[..., NewsletterApp],
) -> None:
    """Each once."""
    newsletter_app = open_newsletter_app("welcome = true\ngoodbye = true")
    newsletter_app.client.post("/subscribe", data={"email": "anna@example.org"})
    newsletter_app.client.post(newsletter_app.find_token_path(newsletter_app.deliver_outbox()[0]))
    (welcome,) = newsletter_app.deliver_outbox()
    assert "Välkommen" in welcome["Subject"]
    assert newsletter_app.client.get(newsletter_app.find_token_path(welcome)).status_code == 200
    person = newsletter_app.find_subscriber("anna@example.org")
    assert person is not None
    for _ in range(2):
        newsletter_app.client.post(
            f"/u/{newsletter_app.workspace.token_keys.sign(Purpose.unsubscribe, person.id)}"
        )
    (goodbye,) = newsletter_app.deliver_outbox()
    assert "avslutat" in goodbye["Subject"]
    assert goodbye["List-Unsubscribe"] is None


def test_sign_up_can_be_closed(open_newsletter_app: Callable[..., NewsletterApp]) -> None:
    """Then there is no form."""
    newsletter_app = open_newsletter_app("open = false")
    assert (
        newsletter_app.client.get("/subscribe").status_code
        == newsletter_app.client.post("/subscribe", data={"email": "a@example.org"}).status_code
        == 404
    )


def test_a_token_of_another_purpose_confirms_nothing(newsletter_app: NewsletterApp) -> None:
    """Nor does an altered one."""
    newsletter_app.client.post("/subscribe", data={"email": "anna@example.org"})
    path = newsletter_app.find_token_path(newsletter_app.deliver_outbox()[0])
    keys = newsletter_app.workspace.token_keys
    token = path.removeprefix("/c/")
    before = newsletter_app.dump_database()
    wrong = [
        keys.sign(purpose, confirmations.ConfirmationId(1))
        for purpose in (Purpose.unsubscribe, Purpose.preferences)
    ]
    wrong += [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(28)]
    for one in wrong:
        assert newsletter_app.client.post(f"/c/{one}").status_code == 404
        assert (
            newsletter_app.client.post(f"/p/{token}").status_code
            == newsletter_app.client.post(f"/u/{token}").status_code
            == 404
        )
    assert newsletter_app.dump_database() == before
