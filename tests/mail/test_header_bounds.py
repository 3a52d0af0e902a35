"""Headers to the octet: how long lines, words and names may be, from both sides of each bound."""

import pytest

from newsletter.domain.subscriber import SubscriberId
from newsletter.mail.headers import (
    Sender,
    build_list_id_field,
    build_mailbox_field,
    build_plain_field,
    build_text_field,
    build_transactional_message_id,
    make_message_id_builder,
    normalise_text,
)

SENDER = Sender(name="", email="n@example.org", list_id="l.example.org", secret=b"s" * 32)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Anna Ek", "Anna Ek"),
        ("  Anna \t Ek ", "Anna Ek"),
        ("Anna\u202egro.elpmaxe\u202c Ek", "Annagro.elpmaxe Ek"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("A\u030angstro\u0308m\n", "Ångström"),
        ("Anna\r\nBcc: x", "Anna Bcc: x"),
        ("x" * 1000, "x" * 1000),
        ("x" * 1001, "x" * 1000),
        ("x" * 999 + " y", "x" * 999),
        ("\n" + "x" * 1001, "x" * 1000),
        ("\n" + "x" * 999 + " y", "x" * 999),
    ],
    ids=[
        "plain", "white space", "turned around", "composed", "composed with a break", "a break",
        "1,000", "1,001", "no blank at the end", "1,001 with a break",
        "no blank at the end with a break",
    ],
)  # fmt: skip
def test_a_text_becomes_one_bounded_line(text: str, line: str) -> None:
    assert normalise_text(text) == line


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Nyheter i december", "Subject: Nyheter i december\r\n"),
        ("a" * 66, f"Subject: {'a' * 66}\r\n"),
        ("a" * 67, f"Subject: =?utf-8?q?{'a' * 55}?=\r\n =?utf-8?q?{'a' * 12}?=\r\n"),
        (f"{'a' * 60} {'b' * 6}", f"Subject: {'a' * 60} {'b' * 6}\r\n"),
        (f"{'a' * 60} {'b' * 7}", f"Subject: {'a' * 60}\r\n {'b' * 7}\r\n"),
        (f"{'a' * 66} {'b' * 66} c", f"Subject: {'a' * 66}\r\n {'b' * 66} c\r\n"),
        ("å" + "x" * 49, f"Subject: =?utf-8?q?=C3=A5{'x' * 49}?=\r\n"),
        ("å" + "x" * 50, f"Subject: =?utf-8?q?=C3=A5{'x' * 49}?=\r\n =?utf-8?q?x?=\r\n"),
        (
            "å" + "x" * 113,
            (
                f"Subject: =?utf-8?q?=C3=A5{'x' * 49}?=\r\n =?utf-8?q?{'x' * 63}?=\r\n"
                " =?utf-8?q?x?=\r\n"
            ),
        ),
        ("å" + "x" * 10, "Subject: =?utf-8?q?=C3=A5xxxxxxxxxx?=\r\n"),
        ("å" + "x" * 9, "Subject: =?utf-8?b?w6V4eHh4eHh4eHg=?=\r\n"),
    ],
    ids=[
        "short", "66 octets", "67 octets", "a line of 76", "a line of 77", "two lines",
        "a first word of 67", "and one more", "a second word of 75", "Q where both are as long",
        "base64 where it is shorter",
    ],
)  # fmt: skip
def test_where_a_subject_is_folded_and_encoded(text: str, field: str) -> None:
    """Lines of 76 octets, the first with the name before it (RFC 2047, 2)."""
    assert build_text_field("Subject", text).decode() == field


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("", "To: a@example.org\r\n"),
        ("Anna Ek", "To: Anna Ek <a@example.org>\r\n"),
        ("Ek, Anna", 'To: "Ek, Anna" <a@example.org>\r\n'),
        ("a" * 61, f"To: {'a' * 61}\r\n <a@example.org>\r\n"),
        ("a" * 62, f"To: =?utf-8?q?{'a' * 60}?=\r\n =?utf-8?q?aa?= <a@example.org>\r\n"),
        ("å" + "x" * 54, f"To: =?utf-8?q?=C3=A5{'x' * 54}?=\r\n <a@example.org>\r\n"),
        (
            "å" + "x" * 55,
            f"To: =?utf-8?q?=C3=A5{'x' * 54}?=\r\n =?utf-8?q?x?= <a@example.org>\r\n",
        ),
    ],
    ids=["none", "atoms", "quoted", "61", "62", "a first word of 72", "and one more"],
)
def test_where_a_name_is_folded_and_encoded(name: str, field: str) -> None:
    """Atoms and quoted strings leave room for what comes with them."""
    assert build_mailbox_field("To", name, "a@example.org").decode() == field


def test_an_address_that_fills_more_than_a_line_stays_behind_its_name() -> None:
    """A line with nothing but the header's name is no line (RFC 5322, 2.2.3)."""
    email = f"{'x' * 64}@{'y' * 60}.example.org"
    assert build_mailbox_field("To", "", email).decode() == f"To: {email}\r\n"


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("", "List-Id: <l.example.org>\r\n"),
        ("Nytt", "List-Id: Nytt <l.example.org>\r\n"),
        ("å" + "x" * 49, f"List-Id: =?utf-8?q?=C3=A5{'x' * 49}?=\r\n <l.example.org>\r\n"),
        (
            "å" + "x" * 50,
            f"List-Id: =?utf-8?q?=C3=A5{'x' * 49}?=\r\n =?utf-8?q?x?= <l.example.org>\r\n",
        ),
    ],
    ids=["no title", "title", "a first word of 67", "and one more"],
)
def test_the_id_of_a_list_stands_behind_its_title(title: str, field: str) -> None:
    assert build_list_id_field(title, "l.example.org").decode() == field


def test_a_plain_header_has_998_octets_at_most() -> None:
    """Without its line end (RFC 5322, 2.1.1)."""
    assert build_plain_field("X", "y" * 995) == b"X: " + b"y" * 995 + b"\r\n"
    with pytest.raises(ValueError, match="a header longer than 998 octets: 'X'"):
        build_plain_field("X", "y" * 996)


@pytest.mark.parametrize(
    ("envelope_sender", "return_path"), [("", "n@example.org"), ("b@example.net", "b@example.net")]
)
def test_bounces_go_to_the_envelopes_sender(envelope_sender: str, return_path: str) -> None:
    """And to From where none is named."""
    sender = Sender(
        name="",
        email="n@example.org",
        list_id="l.example.org",
        secret=b"s" * 32,
        envelope_sender=envelope_sender,
    )
    assert (sender.return_path, sender.domain) == (return_path, "example.org")


def test_a_message_id_is_thirty_hexadecimal_digits_that_never_change() -> None:
    """The very characters: a resend has the id of the first attempt."""
    issue = make_message_id_builder(SENDER, "12")(SubscriberId(41))
    ours = build_transactional_message_id(SENDER, 41)
    assert issue == "<a65a15e9461c4e6af8153f169045d2@example.org>"
    assert ours == "<e17398f71d7bc7d0c422ff78541597@example.org>"


def test_of_a_long_secret_the_first_64_bytes_count() -> None:
    """BLAKE2b takes no longer keys (RFC 7693)."""
    short, long = (
        Sender(name="", email="n@example.org", list_id="l.example.org", secret=b"s" * count)
        for count in (64, 65)
    )
    for build in (
        lambda sender: make_message_id_builder(sender, "12")(SubscriberId(1)),
        lambda sender: build_transactional_message_id(sender, 1),
    ):
        assert build(short) == build(long) != build(SENDER)
