"""The outbox: a mail of ours goes out once, whatever happens on the way."""

import pytest

from newsletter.app import mails
from newsletter.domain.request import MailKind
from newsletter.errors import ServerError
from newsletter.store import outbox
from tests.mails.conftest import NewsletterApp


def request_signup(office: NewsletterApp, address: str = "anna@example.org") -> None:
    office.client.post("/subscribe", data={"email": address})


def read_counts(office: NewsletterApp) -> dict[str, int]:
    with office.workspace.database.read() as connection:
        return outbox.count_by_state(connection)


def test_a_mail_that_was_taken_is_gone_and_never_sent_again(office: NewsletterApp) -> None:
    """Nothing of it stays."""
    request_signup(office)
    assert mails.drain(office.workspace) == 1
    assert mails.drain(office.workspace) == 0
    assert read_counts(office) == {}


def test_a_crash_while_sending_repeats_nothing(office: NewsletterApp) -> None:
    """Whoever wakes up after it knows only that nobody knows."""
    request_signup(office)
    request_signup(office, "bo@example.org")
    with office.workspace.database.begin() as connection:
        assert outbox.take(connection, office.clock.now) is not None
    assert [mail["To"] for mail in office.deliver_outbox()] == ["bo@example.org"]
    assert read_counts(office) == {"unknown": 1}
    office.clock.move(days=5)
    request_signup(office, "cilla@example.org")
    office.deliver_outbox()
    assert read_counts(office) == {}


def test_a_server_that_says_later_is_asked_later_with_the_same_message_id(
    office: NewsletterApp,
) -> None:
    """The mail waits."""
    request_signup(office)
    office.mailbox.reply = "451 4.7.1 later"
    assert mails.drain(office.workspace) == 0
    assert read_counts(office) == {"waiting": 1}
    office.mailbox.reply = "250 2.0.0 taken"
    assert office.deliver_outbox() == []
    office.clock.move(hours=1)
    (mail,) = office.deliver_outbox()
    assert mail["Message-ID"].endswith("@regionexempel.example.org>")


def test_a_server_that_says_never_ends_it(office: NewsletterApp) -> None:
    """And nobody is taken off the list for it."""
    request_signup(office)
    office.mailbox.reply = "550 5.1.1 no such user"
    assert mails.drain(office.workspace) == 0
    assert read_counts(office) == {}


def test_a_server_that_is_away_takes_nothing_out_of_the_box(office: NewsletterApp) -> None:
    """All wait, none is lost."""
    request_signup(office)
    office.workspace.settings = office.workspace.settings.model_copy(
        update={"smtp": office.workspace.settings.smtp.model_copy(update={"port": 1})}
    )
    with pytest.raises(ServerError):
        mails.drain(office.workspace)
    assert read_counts(office) == {"waiting": 1}


def test_a_confirmation_that_waited_too_long_isnt_sent(office: NewsletterApp) -> None:
    """Its link would be dead."""
    request_signup(office)
    office.clock.move(hours=49)
    assert office.deliver_outbox() == []
    assert read_counts(office) == {}


def test_every_kind_of_mail_has_its_templates() -> None:
    """Text and HTML."""
    from newsletter.resources import stock_templates

    for kind in MailKind:
        if kind is not MailKind.decoy:
            assert kind in mails.SUBJECT_BY_KIND
            assert all(
                (stock_templates() / "mails" / f"{kind.value}.{form}.j2").is_file()
                for form in ("html", "txt")
            )
