"""Headers: whatever comes from outside, a header stays one header.

Says what it should to another parser.
"""

import email
import email.header
import email.policy
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.domain.subscriber import SubscriberId
from newsletter.mail import headers
from newsletter.mail.headers import Sender, normalise_text

HOSTILE = [
    "Åsa Öberg",
    "Öberg, Åsa",
    'Anna "Annie" Berg',
    "back\\slash",
    "(comment) <b@example.org>",
    "a@example.org",
    "👩‍👩‍👧‍👦 familjen",
    "مرحبا بالعالم",
    "\u202egro.elpmaxe@live\u202c",
    "=?utf-8?q?hello=0D=0ABcc:_evil@example.com?=",
    "=?utf-8?b?aGVq?=",
    "Hej\r\nBcc: evil@example.com",
    "Hej\nX: y",
    "Hej\x00\x0b\x0c\x1b[31m\x7f\x85\u2028\u2029där",
    "å" * 400,
    "x" * 400,
    "ord " * 100,
    "  mellan   slag\t",
    "a,b;c:d",
    "Re: [SV] 100 % = ?",
    "\udce5",
    "",
    ".",
]
ANY = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=120),
    st.text(st.sampled_from('a =?_.,:;<>@"\\()åé\r\n\t'), max_size=60),
)


def parse_field(field: bytes) -> email.message.EmailMessage:
    """Read one header field with the standard library.

    After the rules that every field must keep.
    """
    assert field.endswith(b"\r\n")
    lines = field[:-2].split(b"\r\n")
    assert all(len(line) <= 76 for line in lines), lines
    assert all(line[:1] in b" " and line.strip() for line in lines[1:]), lines
    assert not any(byte < 32 or byte == 127 for line in lines for byte in line)
    message = email.message_from_bytes(field + b"\r\nbody", policy=email.policy.default)
    assert len(message.keys()) == 1
    assert not message.defects
    return message  # type: ignore[return-value]  # policy.default makes EmailMessages


def read_display_name(field: bytes) -> str:
    """Return the name before an address.

    The interpreter's new parser puts spaces between two encoded words of a phrase (RFC 2047, 6.2
    says not to); its old one doesn't.
    """
    value = field.split(b": ", 1)[1].decode()
    words = value.rpartition("<")[0].strip()
    if words.count("=?") > 1:
        return str(email.header.make_header(email.header.decode_header(words)))
    message = email.message_from_bytes(field + b"\r\n", policy=email.policy.default)
    return str(message[message.keys()[0]].addresses[0].display_name)


@given(ANY)
def test_a_subject_says_what_it_should(text: str) -> None:
    """Equal to the text on one line, for the standard library.

    Also a text that looks like an encoded word.
    """
    message = parse_field(headers.build_text_field("Subject", text))
    assert str(message["Subject"]) == normalise_text(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    """No header is made, no control character gets through."""
    for field in (
        headers.build_text_field("Subject", text),
        headers.build_mailbox_field("To", text, "a@example.org"),
        headers.build_list_id_field(text, "a.b"),
    ):
        message = parse_field(field)
        assert "Bcc" not in message


@given(ANY)
@example("=?utf-8?q?x?=")
def test_a_name_says_what_it_should_and_the_address_stays(name: str) -> None:
    """For any name: one address, the one that was given, and the name on one line."""
    message = parse_field(headers.build_mailbox_field("To", name, "anna.berg@example.org"))
    (address,) = message["To"].addresses
    assert address.addr_spec == "anna.berg@example.org"
    assert read_display_name(
        headers.build_mailbox_field("To", name, "anna.berg@example.org")
    ) == normalise_text(name)


def test_the_longest_address_fits() -> None:
    """254 octets of address and 400 letters of name: each line short but for the address itself."""
    address = "x" * 64 + "@" + ".".join(["y" * 60] * 3) + ".org"
    field = headers.build_mailbox_field("To", "å" * 400, address)
    assert max(map(len, field.split(b"\r\n"))) <= headers.MAX_LINE_OCTETS
    assert field.rstrip().endswith(f"<{address}>".encode())


@pytest.mark.parametrize(
    "address", ["a@b\r\nBcc: c@d", "a@b>\r\nRCPT TO:<x", "<a@b>", "a b@c", "a\x00@b", "a\u2028@b"]
)
def test_an_address_that_did_not_come_through_the_door_is_refused(address: str) -> None:
    """The last line of defence, right before the bytes."""
    with pytest.raises(ValueError, match="address"):
        headers.build_mailbox_field("To", "", address)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X", "a\r\nb"),
        ("X\nY", "a"),
        ("X:", "a"),
        ("X", "å"),
        ("X", "=?x"),
        ("X", "y" * 999),
        ("", "a"),
    ],
)
def test_a_plain_header_is_plain(name: str, value: str) -> None:
    """Names are letters, digits and hyphens; values are printable ASCII on one line."""
    with pytest.raises(ValueError, match="header"):
        headers.build_plain_field(name, value)


def test_list_unsubscribe_is_one_line_with_the_address_first() -> None:
    """No fold, no encoded word, brackets.

    What is no URL character is percent-encoded, line ends included.
    """
    field = headers.build_list_unsubscribe_field(
        "https://nyhetsbrev.example.org/u/" + "a" * 300,
        "mailto:a@example.org?subject=unsubscribe x",
    )
    assert field.startswith(b"List-Unsubscribe: <https://nyhetsbrev.example.org/u/aaa")
    assert field.endswith(b"a>, <mailto:a@example.org?subject=unsubscribe%20x>\r\n")
    assert field.count(b"\r\n") == 1
    assert (
        headers.build_list_unsubscribe_field("https://a.example/\r\nBcc: x>")
        == b"List-Unsubscribe: <https://a.example/%0D%0ABcc:%20x%3E>\r\n"
    )


def test_a_date_is_english_with_a_zone() -> None:
    """RFC 5322, 3.3."""
    assert (
        headers.format_date(datetime(2026, 12, 1, 8, tzinfo=timezone(timedelta(hours=1))))
        == "Tue, 01 Dec 2026 08:00:00 +0100"
    )
    with pytest.raises(ValueError, match="zone"):
        headers.format_date(datetime(2026, 12, 1, 8))  # noqa: DTZ001  # that is the point


def test_a_message_id_is_fixed_and_tells_nothing() -> None:
    """The same for the same issue and reader, another for any other, the domain of From.

    No number in sight.
    """
    sender = Sender(name="", email="n@example.org", list_id="l.example.org", secret=b"s" * 32)
    made = {
        headers.make_message_id_builder(sender, issue)(SubscriberId(number))
        for issue in ("12", "1")
        for number in (1, 2, 21, 11)
    }
    assert len(made) == 8
    assert headers.make_message_id_builder(sender, "12")(SubscriberId(1)) in made
    assert all(
        one.startswith("<") and one.endswith("@example.org>") and len(one) < 78 for one in made
    )
    assert datetime.now(UTC)
