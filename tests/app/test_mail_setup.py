"""Who a message is from, and the links that are a subscriber's own."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from newsletter.app import mail_setup
from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.mail.tokens import Purpose
from tests.app.workspace_folder import NOW, OpenWorkspace

ANNA = Subscriber(id=SubscriberId(7), email="anna@example.org", name="Anna")
BOUNCES = '[bounces]\naddress = "studs@example.org"\n'
RENDERED = RenderedIssue(
    subject="Nytt", preheader="", language="sv", html="<p>Hej</p>", text="Hej\n", mjml="", slots={}
)


def test_the_sender_without_a_name_is_the_title(open_in_folder: OpenWorkspace) -> None:
    """Inboxes show a name; where bounces aren't read, they go to From."""
    sender = mail_setup.build_sender(open_in_folder())
    assert (sender.name, sender.email) == ("Nytt från regionen", "nyhetsbrev@example.org")
    assert (sender.reply_to, sender.envelope_sender) == ("", "")
    assert sender.return_path == "nyhetsbrev@example.org"


def test_reply_to_and_bounces_have_addresses_of_their_own(open_in_folder: OpenWorkspace) -> None:
    """Without the names that may stand before them."""
    workspace = open_in_folder(
        newsletter='reply_to = "Redaktionen <red@example.org>"\n', more=BOUNCES
    )
    sender = mail_setup.build_sender(workspace)
    assert sender.reply_to == "red@example.org"
    assert sender.return_path == sender.envelope_sender == "studs@example.org"


@pytest.mark.parametrize(
    ("reply_to", "expected"),
    [
        ("", "nyhetsbrev@example.org"),
        ('reply_to = "Redaktionen <red@example.org>"\n', "red@example.org"),
    ],
    ids=["from", "reply_to"],
)
def test_a_person_answers_at(open_in_folder: OpenWorkspace, reply_to: str, expected: str) -> None:
    """Where answers to a letter go."""
    assert mail_setup.get_contact(open_in_folder(newsletter=reply_to)) == expected


def test_a_subscriber_s_links_are_signed_for_them(open_in_folder: OpenWorkspace) -> None:
    """Each for its purpose: a link to unsubscribe opens no preferences."""
    workspace = open_in_folder()
    recipient = mail_setup.personalise(workspace, ANNA, "2026 dec/1")
    keys, base = workspace.identity.token_keys, "https://nyhetsbrev.example.org"
    assert (recipient.subscriber_id, recipient.email, recipient.name) == (
        ANNA.id,
        ANNA.email,
        ANNA.name,
    )
    unsubscribe = recipient.unsubscribe_url.removeprefix(f"{base}/u/")
    preferences = recipient.preferences_url.removeprefix(f"{base}/p/")
    assert keys.verify(Purpose.unsubscribe, unsubscribe) == ANNA.id
    assert keys.verify(Purpose.preferences, preferences) == ANNA.id
    assert unsubscribe != preferences
    assert recipient.view_url == f"{base}/i/2026%20dec/1"


@pytest.mark.parametrize(
    ("more", "has_mailto"),
    [("", False), (BOUNCES, False), (BOUNCES + 'maildir = "Maildir"\n', True)],
    ids=["no mailbox", "bounces that nobody reads", "a Maildir that we read"],
)
def test_unsubscribing_by_mail_is_offered_where_the_mail_is_read(
    open_in_folder: OpenWorkspace, more: str, has_mailto: bool
) -> None:
    """A mailto: that nobody reads would be a broken promise (RFC 8058)."""
    recipient = mail_setup.personalise(open_in_folder(more=more), ANNA, "12")
    assert recipient.unsubscribe_mailto.startswith("mailto:studs") is has_mailto
    assert bool(recipient.unsubscribe_mailto) is has_mailto


def test_one_personaliser_serves_every_subscriber(open_in_folder: OpenWorkspace) -> None:
    """No two of them share a link, and the online version is the same for all."""
    fill = mail_setup.build_personaliser(open_in_folder(), "12")
    recipients = [fill(SubscriberId(number), f"{number}@example.org", "") for number in range(50)]
    assert len({one.unsubscribe_url for one in recipients}) == 50
    assert len({one.preferences_url for one in recipients}) == 50
    assert {one.view_url for one in recipients} == {"https://nyhetsbrev.example.org/i/12"}


def test_a_compiled_message_names_list_and_sender(open_in_folder: OpenWorkspace) -> None:
    """Unsigned where no DKIM key is set."""
    workspace = open_in_folder()
    compiled = mail_setup.compile_message(workspace, RENDERED, "12")
    assert not compiled.is_signed
    message = compiled.fill(mail_setup.personalise(workspace, ANNA, "12"), NOW)
    assert b"<nyhetsbrev.example.org>" in message
    assert b"From: " in message
    assert b"DKIM-Signature" not in message


def test_a_dkim_key_is_read_once_for_all_messages(open_in_folder: OpenWorkspace) -> None:
    """OpenSSL proves an RSA key each time that it reads it: 0.1 s, for every confirmation."""
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    more = '[dkim]\ndomain = "example.org"\nselector = "one"\nkey_file = "key.pem"\n'
    workspace = open_in_folder(more=more)
    (workspace.folder / "key.pem").write_bytes(key)
    assert mail_setup.compile_message(workspace, RENDERED, "12").is_signed
    (workspace.folder / "key.pem").unlink()
    compiled = mail_setup.compile_message(workspace, RENDERED, "13")
    message = compiled.fill(mail_setup.personalise(workspace, ANNA, "13"), NOW)
    assert b"DKIM-Signature" in message
    assert b"s=one;" in message
