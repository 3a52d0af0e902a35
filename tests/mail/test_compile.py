"""A compiled message: wire form, read by other parsers as the standard library would build it."""

import email
import email.policy
import html
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import SubscriberId
from newsletter.mail import qp
from newsletter.mail.compile import CompiledIssue, Recipient, compile_issue
from newsletter.mail.headers import Sender, normalise_text

SLOTS = {"email": "X7f3email", "unsubscribe_url": "X7f3unsub", "view_url": "X7f3view"}
SENDER = Sender(
    name="Redaktionen, region",
    email="nyhetsbrev@example.org",
    reply_to="redaktionen@example.org",
    list_id="nyhetsbrev.example.org",
    title="Nytt från regionen",
    secret=b"s" * 32,
)
NOW = datetime(2026, 12, 1, 7, 0, 0, 5, tzinfo=UTC)


def build_rendered(
    text: str = "Hej X7f3email\n\n.punkt\nFrom mig\nAvsluta: X7f3unsub\n", page: str = ""
) -> RenderedIssue:
    page = (
        page or '<p>Hej åäö</p>\n..\n<a href="X7f3unsub">Avsluta</a> X7f3view\tX7f3email   slut \n'
    )
    return RenderedIssue(
        subject="Nyhetsbrev – december",
        preheader="",
        language="sv",
        html=page,
        text=text,
        mjml="",
        slots=SLOTS,
    )


def build_reader(
    name: str = "Anna",
    address: str = "anna@example.org",
    url: str = "https://nyhetsbrev.example.org/u/abc",
) -> Recipient:
    return Recipient(
        subscriber_id=SubscriberId(7),
        email=address,
        name=name,
        unsubscribe_url=url,
        view_url="https://nyhetsbrev.example.org/i/2026-12?a=1&b=2",
    )


def check_wire_form(message: bytes) -> None:
    """Assert wire form: CRLF only, no leading dot, short lines, ASCII.

    Headers of at most 998 octets.
    """
    assert message.endswith(b"\r\n")
    assert (
        message.replace(b"\r\n", b"").count(b"\n")
        == message.replace(b"\r\n", b"").count(b"\r")
        == 0
    )
    head, _, body = message.partition(b"\r\n\r\n")
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    for line in body.split(b"\r\n"):
        assert len(line) <= 76, line
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))
        assert b"  " not in line, "then the body wouldn't be its own relaxed form"
    assert message.isascii()


def parse_message(message: bytes) -> EmailMessage:
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def read_bodies(message: bytes) -> tuple[str, str]:
    """Return text and HTML as a parser sees them, all line ends the same."""
    found = [parse_message(message).get_body((kind,)) for kind in ("plain", "html")]
    return tuple(part.get_content().replace("\r\n", "\n") for part in found)  # type: ignore[union-attr, return-value]


def test_headers_are_what_a_newsletter_needs() -> None:
    """One of each, and no other."""
    message = parse_message(
        compile_issue(build_rendered(), SENDER, "2026-12").fill(build_reader(), NOW)
    )
    assert not message.defects
    assert sorted(message.keys()) == [
        "Content-Language",
        "Content-Type",
        "Date",
        "Feedback-ID",
        "From",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Message-ID",
        "Reply-To",
        "Subject",
        "To",
    ]
    assert message["From"].addresses[0].display_name == "Redaktionen, region"
    assert message["List-Unsubscribe"] == "<https://nyhetsbrev.example.org/u/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "Nytt från regionen <nyhetsbrev.example.org>"
    assert message["Date"].datetime == NOW.replace(microsecond=0)
    assert message["Message-ID"].endswith("@example.org>")
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(st.sampled_from("aå. \t\n=-F" + "X"), max_size=200),
    st.just("From . " * 60),
)
LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@given(
    LETTERS,
    st.sampled_from(["anna@example.org", "x" * 64 + "@example.org", "åsa@example.org"]),
    LETTERS,
)
@example("Öberg, Åsa", "anna@example.org", 'a.b/=?&"<>')
@example("å" * 400, "anna@example.org", "x" * 200)
def test_every_reader_gets_what_the_standard_library_would_build(
    name: str, address: str, tail: str
) -> None:
    """Parsed field by field: To, bodies, and the rest, for any name, address and link."""
    url = "https://nyhetsbrev.example.org/u/" + tail
    mine = compile_issue(build_rendered(), SENDER, "2026-12").fill(
        build_reader(name, address, url), NOW
    )
    if address.isascii():
        check_wire_form(mine)
    theirs = EmailMessage(policy=email.policy.SMTPUTF8.clone(max_line_length=998))
    theirs.set_content(
        build_rendered()
        .text.replace(SLOTS["email"], address)
        .replace(SLOTS["unsubscribe_url"], url),
        cte="quoted-printable",
    )
    page = build_rendered().html
    values = {"email": address, "unsubscribe_url": url, "view_url": build_reader().view_url}
    for slot, value in values.items():
        page = page.replace(SLOTS[slot], html.escape(value))
    theirs.add_alternative(page, subtype="html", cte="quoted-printable")
    assert read_bodies(mine) == read_bodies(theirs.as_bytes())
    (to,) = parse_message(mine)["To"].addresses
    assert (
        to.addr_spec.encode("utf-8", "surrogateescape").decode() == address
    )  # RFC 6532: raw UTF-8
    if (
        len(name) < 10
    ):  # longer ones in test_mail_headers.py, with a parser that joins encoded words
        assert to.display_name == normalise_text(name)


@given(TEXTS, TEXTS)
@example("X7f3emailX7f3email", "X7f3unsub")
@example("a X7f3email b\n", " X7f3email \n.X7f3unsub.")
@example("." * 300, "=" * 300)
@example("", "")
def test_any_body_survives_the_wire(text: str, page: str) -> None:
    """What the issue says is what a parser reads, slots filled, whatever stands in it."""
    page = page or "x"
    message = compile_issue(build_rendered(text, page), SENDER, "1").fill(build_reader(), NOW)
    check_wire_form(message)
    plain, page_read = read_bodies(message)
    filled = {
        SLOTS["email"]: "anna@example.org",
        SLOTS["unsubscribe_url"]: build_reader().unsubscribe_url,
        SLOTS["view_url"]: build_reader().view_url,
    }
    for slot, value in filled.items():
        text, page = text.replace(slot, value), page.replace(slot, html.escape(value))
    lines = str.maketrans({"\r": "\n"})
    assert plain == text.replace("\r\n", "\n").translate(lines)
    assert page_read == page.replace("\r\n", "\n").translate(lines)
    assert "X7f3" not in message.decode()


@given(st.text(max_size=300))
def test_quoted_printable_keeps_its_promises(text: str) -> None:
    """Alone and in pieces: short lines, no dots first, no double spaces."""
    check_wire_form(b"\r\n\r\n" + qp.encode_text(text, end_with_soft_break=False) + b"\r\n")
    assert qp.encode_value(text).endswith(b"=\r\n")


def test_the_same_issue_gives_the_same_bytes() -> None:
    """Date and reader are handed in; the boundary comes from the content."""
    one, other = (
        compile_issue(build_rendered(), SENDER, "2026-12").fill(build_reader(), NOW)
        for _ in range(2)
    )
    assert one == other
    assert one != compile_issue(build_rendered(), SENDER, "2026-12").fill(
        build_reader(name="Eva"), NOW
    )


def test_the_message_id_is_the_same_in_every_attempt() -> None:
    """Whatever the day, so that a receiver can recognise a resend."""
    compiled = compile_issue(build_rendered(), SENDER, "2026-12")
    again = NOW.replace(day=5)
    assert (
        parse_message(compiled.fill(build_reader(), NOW))["Message-ID"]
        == parse_message(compiled.fill(build_reader(), again))["Message-ID"]
    )


@pytest.mark.parametrize("kind", ["subject", "language"])
def test_nothing_in_an_issue_becomes_a_header(kind: str) -> None:
    """A subject or a language with line ends and encoded words adds no field."""
    evil = "sv\r\nBcc: evil@example.com =?utf-8?q?=0D=0ABcc:_x@example.com?="
    letter = build_rendered()
    changed = RenderedIssue(
        **{
            name: evil if name == kind else getattr(letter, name)
            for name in RenderedIssue.__slots__
        }
    )
    message = compile_issue(changed, SENDER, "x\r\nBcc: y").fill(build_reader(), NOW)
    check_wire_form(message)
    assert "Bcc" not in parse_message(message)


def test_an_unknown_slot_is_a_mistake_of_the_theme() -> None:
    """A slot that stays open would reach every reader."""
    with pytest.raises(ValueError, match="unknown slots"):
        compile_issue(
            RenderedIssue(
                **{
                    **{n: getattr(build_rendered(), n) for n in RenderedIssue.__slots__},
                    "slots": {"phone": "x"},
                }
            ),
            SENDER,
            "1",
        )


def test_it_knows_its_size() -> None:
    """For SIZE (RFC 1870) and the checks: octets without what is put into the slots."""
    compiled: CompiledIssue = compile_issue(build_rendered(), SENDER, "1")
    assert 0 < compiled.size < len(compiled.fill(build_reader(), NOW)) < compiled.size + 600
