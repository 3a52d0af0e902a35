"""The outbox: a mail of ours goes out once, whatever happens on the way."""

from dataclasses import replace

import pytest

from newsletter.app import transactional
from newsletter.domain.confirmation import MailKind
from newsletter.errors import ServerError
from newsletter.store import outbox
from tests.app.newsletter_app import NewsletterApp


def request_signup(newsletter_app: NewsletterApp, address: str = "anna@example.org") -> None:
    newsletter_app.client.post("/subscribe", data={"email": address})


def read_counts(newsletter_app: NewsletterApp) -> dict[str, int]:
    with newsletter_app.workspace.database.read() as connection:
        return outbox.count_by_state(connection)


def test_a_mail_that_was_taken_is_gone_and_never_sent_again(newsletter_app: NewsletterApp) -> None:
    """Nothing of it stays."""
    request_signup(newsletter_app)
    assert transactional.drain(newsletter_app.workspace) == 1
    assert transactional.drain(newsletter_app.workspace) == 0
    assert read_counts(newsletter_app) == {}


def test_a_crash_while_sending_repeats_nothing(newsletter_app: NewsletterApp) -> None:
    """Whoever wakes up after it knows only that nobody knows."""
    request_signup(newsletter_app)
    request_signup(newsletter_app, "bo@example.org")
    with newsletter_app.workspace.database.begin() as connection:
        assert outbox.take(connection, newsletter_app.clock.now) is not None
    assert [mail["To"] for mail in newsletter_app.deliver_outbox()] == ["bo@example.org"]
    assert read_counts(newsletter_app) == {"unknown": 1}
    newsletter_app.clock.move(days=5)
    request_signup(newsletter_app, "cilla@example.org")
    newsletter_app.deliver_outbox()
    assert read_counts(newsletter_app) == {}


def test_a_server_that_says_later_is_asked_later_with_the_same_message_id(
    newsletter_app: NewsletterApp,
) -> None:
    """The mail waits."""
    request_signup(newsletter_app)
    newsletter_app.mailbox.reply = "451 4.7.1 later"
    assert transactional.drain(newsletter_app.workspace) == 0
    assert read_counts(newsletter_app) == {"waiting": 1}
    newsletter_app.mailbox.reply = "250 2.0.0 taken"
    assert newsletter_app.deliver_outbox() == []
    newsletter_app.clock.move(hours=1)
    (mail,) = newsletter_app.deliver_outbox()
    assert mail["Message-ID"].endswith("@regionexempel.example.org>")


def test_a_server_that_says_never_ends_it(newsletter_app: NewsletterApp) -> None:
    """And nobody is taken off the list for it."""
    request_signup(newsletter_app)
    newsletter_app.mailbox.reply = "550 5.1.1 no such user"
    assert transactional.drain(newsletter_app.workspace) == 0
    assert read_counts(newsletter_app) == {}


def test_a_server_that_is_away_takes_nothing_out_of_the_box(newsletter_app: NewsletterApp) -> None:
    """All wait, none is lost."""
    request_signup(newsletter_app)
    settings = newsletter_app.workspace.settings
    closed_port = settings.model_copy(update={"smtp": settings.smtp.model_copy(update={"port": 1})})
    elsewhere = replace(newsletter_app.workspace, settings=closed_port)
    with pytest.raises(ServerError):
        transactional.drain(elsewhere)
    elsewhere.close()
    assert read_counts(newsletter_app) == {"waiting": 1}


def test_a_confirmation_that_waited_too_long_isnt_sent(newsletter_app: NewsletterApp) -> None:
    """Its link would be dead."""
    request_signup(newsletter_app)
    newsletter_app.clock.move(hours=49)
    assert newsletter_app.deliver_outbox() == []
    assert read_counts(newsletter_app) == {}


def test_every_kind_of_mail_has_its_templates() -> None:
    """Text and HTML."""
    from newsletter.resources import find_stock_templates

    for kind in MailKind:
        if kind is not MailKind.decoy:
            assert kind in transactional.SUBJECT_BY_KIND
            assert all(
                (find_stock_templates() / "mails" / f"{kind.value}.{form}.j2").is_file()
                for form in ("html", "txt")
            )
