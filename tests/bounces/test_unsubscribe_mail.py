"""Whose mail asks to leave: a person's, with a token in its subject."""

from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.bounces.unsubscribe_mail import build_mailto_url, find_tokens
from newsletter.mail.tokens import TOKEN_CHARS

TOKEN = "AbCd_-0123456789AbCd_-012345"
assert len(TOKEN) == TOKEN_CHARS


def _build_mail(subject: str, **more: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Anna <anna@example.org>"
    mail["Subject"] = subject
    for name, value in more.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Hej!")
    return bytes(mail)


@pytest.mark.parametrize(
    "subject",
    [
        f"unsubscribe {TOKEN}",
        f"Re: unsubscribe {TOKEN}",
        f"SV: Avregistrera mig, tack! unsubscribe {TOKEN}",
        f"退订 {TOKEN}",
        TOKEN,
        f"unsubscribe\t{TOKEN}.",
    ],
)
def test_a_subject_with_a_token_asks(subject: str) -> None:
    """As the mail program made it of the mailto:, answered, in other words, encoded."""
    assert find_tokens(_build_mail(subject)) == (TOKEN,)


@pytest.mark.parametrize(
    "header", [f"=?utf-8?q?unsubscribe_{TOKEN.replace('_', '=5F')}?=", f"unsubscribe\r\n {TOKEN}"]
)
def test_a_subject_is_read_however_it_is_written(header: str) -> None:
    """An encoded word, or folded."""
    assert find_tokens(f"Subject: {header}\r\n\r\nHej".encode()) == (TOKEN,)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "unsubscribe",
        f"unsubscribe {TOKEN}x",
        f"x{TOKEN}",
        TOKEN[:-1],
        "=?bogus?b?///?= " + TOKEN[1:],
    ],
)
def test_any_other_subject_asks_nothing(subject: str) -> None:
    """Too short, too long, none."""
    assert find_tokens(_build_mail(subject)) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto_Submitted", "auto-replied"),
        ("Auto_Submitted", "Auto-Generated; type=vacation"),
        ("Precedence", "bulk"),
        ("Return_Path", "<>"),
        ("List_Id", "<list.example.org>"),
        ("X_Autoreply", "yes"),
    ],
)
def test_what_a_program_answers_by_itself_asks_nothing(name: str, value: str) -> None:
    """Out of office, with the subject of what it answers (RFC 3834)."""
    assert find_tokens(_build_mail(f"Re: unsubscribe {TOKEN}", **{name: value})) == ()


def test_a_person_may_say_that_she_is_one() -> None:
    """`Auto-Submitted: no` is what it says."""
    assert find_tokens(_build_mail(f"unsubscribe {TOKEN}", Auto_Submitted="no")) == (TOKEN,)


def test_a_report_of_a_mail_server_asks_nothing() -> None:
    """It may show the subject of what came back."""
    head = (
        f"Subject: unsubscribe {TOKEN}\r\nContent-Type: multipart/report;"
        " report-type=delivery-status; boundary=x\r\n\r\n"
    )
    assert find_tokens(head.encode()) == ()


def test_a_token_in_the_body_is_none() -> None:
    """Letters that are quoted hold their readers' tokens."""
    assert find_tokens(f"Subject: Hej\r\n\r\nSubject: unsubscribe {TOKEN}\r\n".encode()) == ()


@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(
        lambda text: f"Subject: {text}\r\nAuto-Submitted: {text}\r\n\r\n".encode()
    )
)
def test_nothing_that_comes_breaks_it(head: bytes) -> None:
    """What is taken for a token looks like one, whatever has come."""
    assert all(len(token) == TOKEN_CHARS and token.isascii() for token in find_tokens(head))


@pytest.mark.parametrize("mailbox", ["studsar@example.org", "a+b&c?d=%e@example.org"])
def test_a_mailto_is_read_back_as_it_was_meant(mailbox: str) -> None:
    """By another reader of addresses."""
    from urllib.parse import unquote

    parts = urlsplit(build_mailto_url(mailbox, TOKEN))
    assert (parts.scheme, unquote(parts.path)) == ("mailto", mailbox)
    assert parse_qs(parts.query) == {"subject": [f"unsubscribe {TOKEN}"]}
