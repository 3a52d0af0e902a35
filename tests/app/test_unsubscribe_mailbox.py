"""Who writes to the address of List-Unsubscribe is off the list; nobody else's mail is touched."""

import email
import email.policy
import mailbox
import os
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from newsletter.app.mail_setup import build_personaliser, compile_message
from newsletter.app.maintenance import Maintenance
from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import SubscriberId, SubscriberStatus
from newsletter.errors import MailboxError
from newsletter.mail.tokens import Purpose
from newsletter.web.public.site import PublicSite
from tests.app.newsletter_app import NewsletterApp

LETTER = RenderedIssue(
    subject="Nr 12",
    preheader="",
    language="sv",
    html="<p>XunsubX</p>",
    text="XunsubX",
    mjml="",
    slots={"unsubscribe_url": "XunsubX"},
)


class UnsubscribeMailbox:
    """The newsletter, its mailbox as the standard library knows it, and what looks into it."""

    def __init__(self, newsletter_app: NewsletterApp, folder: Path) -> None:
        self.newsletter_app = newsletter_app
        self.maildir = mailbox.Maildir(folder)
        self.upkeep = Maintenance(newsletter_app.workspace)

    def build_unsubscribe_mail(self, reader: SubscriberId) -> EmailMessage:
        """Return the mail that a mail program makes of a letter's List-Unsubscribe."""
        who = build_personaliser(self.newsletter_app.workspace, "12")(
            reader, "anna@example.org", ""
        )
        letter = compile_message(self.newsletter_app.workspace, LETTER, "12").fill(
            who, self.newsletter_app.clock()
        )
        field = email.message_from_bytes(letter, policy=email.policy.default)["List-Unsubscribe"]
        https, mailto = (uri.strip(" <>") for uri in field.split(","))
        assert https.startswith("https://")
        parts = urlsplit(mailto)
        mail = EmailMessage()
        mail["From"] = "Hon <another@example.net>"
        mail["To"] = unquote(parts.path)
        mail["Subject"] = parse_qs(parts.query)["subject"][0]
        mail.set_content("")
        return mail

    def deliver(self, mail: EmailMessage) -> str:
        """Deliver a mail, look, and return its name."""
        name = self.maildir.add(mail)
        self.check()
        return name

    def check(self) -> None:
        self.upkeep(None)  # type: ignore[arg-type]  # nothing stops it

    def count_filed(self) -> int:
        """Return how many lie in the folder of what is done."""
        return (
            len(self.maildir.get_folder("Unsubscribed"))
            if "Unsubscribed" in self.maildir.list_folders()
            else 0
        )


@pytest.fixture
def unsubscribe_mailbox(
    open_newsletter_app: Callable[..., NewsletterApp], tmp_path: Path
) -> UnsubscribeMailbox:
    """Open a newsletter with a Maildir."""
    folder = tmp_path / "studsar"
    mailbox.Maildir(folder)
    return UnsubscribeMailbox(
        open_newsletter_app(
            "goodbye = true", '[bounces]\naddress = "studsar@example.org"\nmaildir = "studsar"\n'
        ),
        folder,
    )


def test_who_writes_is_off_the_list(unsubscribe_mailbox: UnsubscribeMailbox) -> None:
    """With a goodbye; her mail lies in a folder that staff can look at."""
    reader = unsubscribe_mailbox.newsletter_app.add_subscriber("anna@example.org")
    mail = unsubscribe_mailbox.build_unsubscribe_mail(reader)
    assert mail["To"] == "studsar@example.org"
    unsubscribe_mailbox.deliver(mail)
    person = unsubscribe_mailbox.newsletter_app.find_subscriber("anna@example.org")
    assert person is not None
    assert person.status is SubscriberStatus.unsubscribed
    assert (len(unsubscribe_mailbox.maildir), unsubscribe_mailbox.count_filed()) == (0, 1)
    assert [one["To"] for one in unsubscribe_mailbox.newsletter_app.mailbox.take_messages()] == [
        "anna@example.org"
    ]


def test_an_answered_mail_is_done_once(unsubscribe_mailbox: UnsubscribeMailbox) -> None:
    """She comes back later: the old mail doesn't take her off again, after a restart neither."""
    reader = unsubscribe_mailbox.newsletter_app.add_subscriber("anna@example.org")
    unsubscribe_mailbox.deliver(unsubscribe_mailbox.build_unsubscribe_mail(reader))
    unsubscribe_mailbox.newsletter_app.client.post(
        f"/u/{unsubscribe_mailbox.newsletter_app.workspace.token_keys.sign(Purpose.unsubscribe, reader)}/undo"
    )
    unsubscribe_mailbox.upkeep = Maintenance(unsubscribe_mailbox.newsletter_app.workspace)
    unsubscribe_mailbox.check()
    person = unsubscribe_mailbox.newsletter_app.find_subscriber("anna@example.org")
    assert person is not None
    assert person.status is SubscriberStatus.active


@pytest.mark.parametrize("purpose", [Purpose.preferences, Purpose.confirm, None])
def test_a_token_that_isnt_for_leaving_does_nothing(
    unsubscribe_mailbox: UnsubscribeMailbox, purpose: Purpose | None
) -> None:
    """Forged, or for something else: the mail stays where it is."""
    reader = unsubscribe_mailbox.newsletter_app.add_subscriber("anna@example.org")
    token = (
        unsubscribe_mailbox.newsletter_app.workspace.token_keys.sign(purpose, reader)
        if purpose
        else "A" * 28
    )
    mail = EmailMessage()
    mail["Subject"] = f"unsubscribe {token}"
    before = unsubscribe_mailbox.newsletter_app.dump_database()
    unsubscribe_mailbox.deliver(mail)
    assert unsubscribe_mailbox.newsletter_app.dump_database() == before
    assert (len(unsubscribe_mailbox.maildir), unsubscribe_mailbox.count_filed()) == (1, 0)


def test_an_automatic_answer_takes_nobody_off(unsubscribe_mailbox: UnsubscribeMailbox) -> None:
    """It stays for who reads bounces."""
    mail = unsubscribe_mailbox.build_unsubscribe_mail(
        unsubscribe_mailbox.newsletter_app.add_subscriber("anna@example.org")
    )
    mail["Auto-Submitted"] = "auto-replied"
    unsubscribe_mailbox.deliver(mail)
    person = unsubscribe_mailbox.newsletter_app.find_subscriber("anna@example.org")
    assert person is not None
    assert person.status is SubscriberStatus.active
    assert (len(unsubscribe_mailbox.maildir), unsubscribe_mailbox.count_filed()) == (1, 0)


def test_a_mail_that_staff_have_opened_counts_as_well(
    unsubscribe_mailbox: UnsubscribeMailbox,
) -> None:
    """Their mail program has moved it from `new` to `cur` and given it flags."""
    reader = unsubscribe_mailbox.newsletter_app.add_subscriber("anna@example.org")
    name = unsubscribe_mailbox.maildir.add(unsubscribe_mailbox.build_unsubscribe_mail(reader))
    open_newsletter_app = unsubscribe_mailbox.maildir[name]
    open_newsletter_app.set_subdir("cur")
    open_newsletter_app.set_flags("S")
    unsubscribe_mailbox.maildir[name] = open_newsletter_app
    unsubscribe_mailbox.check()
    # she is there
    assert (
        unsubscribe_mailbox.newsletter_app.find_subscriber("anna@example.org").status
        is SubscriberStatus.unsubscribed
    )  # type: ignore[union-attr]
    assert (len(unsubscribe_mailbox.maildir), unsubscribe_mailbox.count_filed()) == (0, 1)


def test_other_files_in_the_mailbox_are_left_alone(
    unsubscribe_mailbox: UnsubscribeMailbox, tmp_path: Path
) -> None:
    """A link to a secret, a pipe that never ends.

    A mail of many megabytes with no end of its head.
    """
    (tmp_path / "studsar" / "new" / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "studsar" / "new" / "pipe")
    (tmp_path / "studsar" / "new" / "large").write_bytes(b"Subject: " + b"x" * 5_000_000)
    reader = unsubscribe_mailbox.newsletter_app.add_subscriber("anna@example.org")
    unsubscribe_mailbox.deliver(unsubscribe_mailbox.build_unsubscribe_mail(reader))
    assert unsubscribe_mailbox.count_filed() == 1


def test_a_mailbox_that_isnt_there_is_told_and_mails_of_our_own_go_out(
    unsubscribe_mailbox: UnsubscribeMailbox, tmp_path: Path
) -> None:
    """In words, with what to do; a confirmation doesn't wait for it."""
    (tmp_path / "studsar").rename(tmp_path / "elsewhere")
    unsubscribe_mailbox.newsletter_app.client.post("/subscribe", data={"email": "bo@example.org"})
    with pytest.raises(MailboxError, match=r"bounces\.maildir"):
        unsubscribe_mailbox.check()
    assert [one["To"] for one in unsubscribe_mailbox.newsletter_app.mailbox.take_messages()] == [
        "bo@example.org"
    ]


def test_without_a_mailbox_no_mailto_is_offered(
    open_newsletter_app: Callable[..., NewsletterApp],
) -> None:
    """Nobody would read it."""
    newsletter_app = open_newsletter_app("", '[bounces]\naddress = "studsar@example.org"\n')
    reader = build_personaliser(newsletter_app.workspace, "12")(
        newsletter_app.add_subscriber("anna@example.org"), "anna@example.org", ""
    )
    assert b"mailto" not in compile_message(newsletter_app.workspace, LETTER, "12").fill(
        reader, newsletter_app.clock()
    )
    assert PublicSite.from_workspace(newsletter_app.workspace).signup.goodbye is False
