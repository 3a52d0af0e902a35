"""Signatures that a verifier nobody here wrote accepts.

That break when anything is changed or added.
"""

import base64
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import SettingsError
from newsletter.mail import dkim as dkim_module
from newsletter.mail import headers
from newsletter.mail.compile import Recipient, compile_issue
from newsletter.mail.dkim import Signer, load_signer
from newsletter.mail.headers import Sender

RSA = rsa.generate_private_key(65537, 2048)
ED = ed25519.Ed25519PrivateKey.generate()
SIGNERS = (
    Signer(domain="example.org", selector="r1", key=RSA),
    Signer(domain="example.org", selector="e1", key=ED),
)
SENDER = Sender(
    name="Åsa, red.",
    email="n@example.org",
    list_id="l.example.org",
    title="Nytt från oss",
    secret=b"s" * 32,
)


def look_up_key(name: bytes | str, timeout: float = 5) -> bytes:
    name = name.decode() if isinstance(name, bytes) else name
    if name.startswith("r1."):
        key = RSA.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(key)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(ED.public_key().public_bytes_raw())


def build_message(
    name: str = "Öberg, Åsa", *, text: str = "Hej  X1email \t hej\n\n\nX1url\n", reply_to: str = ""
) -> bytes:
    rendered = RenderedIssue(
        subject="Nytt – " + "å" * 100,
        preheader="",
        language="sv",
        html="<p>X1url</p>" + " y  å" * 999,
        text=text,
        mjml="",
        slots={"email": "X1email", "unsubscribe_url": "X1url"},
    )
    sender = Sender(**{**{n: getattr(SENDER, n) for n in Sender.__slots__}, "reply_to": reply_to})
    reader = Recipient(
        subscriber_id=SubscriberId(3),
        email="asa@example.org",
        name=name,
        unsubscribe_url="https://n.example.org/u/x",
        view_url="https://n.example.org/",
    )
    return compile_issue(rendered, sender, "1", signers=SIGNERS).fill(
        reader, datetime(2024, 12, 1, tzinfo=UTC)
    )


def verify_signatures(raw: bytes) -> list[bool]:
    """Ask dkimpy about both signatures."""
    return [dkim.DKIM(raw).verify(at, dnsfunc=look_up_key) for at in (0, 1)]


@pytest.mark.parametrize("name", ["", "Anna", "Öberg, Åsa", "å" * 400, "=?utf-8?q?x?=", "a   b"])
@pytest.mark.parametrize("text", ["Hej  X1email \t hej\n\n\nX1url\n", "X1email", "\n\n", "utan"])
def test_both_signatures_verify(name: str, text: str) -> None:
    """For any reader, with a slot early, late, at the very start, or nowhere."""
    assert verify_signatures(build_message(name, text=text)) == [True, True]


def test_a_reply_to_is_signed_too() -> None:
    """Named once when it is absent, twice when it is there."""
    assert verify_signatures(build_message(reply_to="r@example.org")) == [True, True]


@pytest.mark.parametrize(
    "name",
    ["From", "To", "Subject", "Date", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"],
)
def test_a_header_put_on_top_breaks_both(name: str) -> None:
    """Over-signed (RFC 6376, 8.15): nobody adds a second one."""
    assert verify_signatures(
        name.encode() + b": <https://evil.example/>\r\n" + build_message()
    ) == [False, False]


def test_what_rfc_8058_needs_is_covered() -> None:
    """Both unsubscribe headers stand in h=."""
    signed = [
        tag
        for tag in build_message().replace(b"\r\n ", b"").split(b";")
        if tag.strip().startswith(b"h=")
    ]
    assert len(signed) == 2
    assert all(
        {b"list-unsubscribe", b"list-unsubscribe-post"} <= set(tag.strip()[2:].split(b":"))
        for tag in signed
    )


def test_a_changed_body_breaks_both() -> None:
    """One letter is enough."""
    changed = build_message().replace(b"Hej", b"Nej")
    for at in (0, 1):
        with pytest.raises(dkim.ValidationError, match="body hash"):
            dkim.DKIM(changed).verify(at, dnsfunc=look_up_key)


def to_pem(key: object) -> bytes:
    return key.private_bytes(  # type: ignore[attr-defined]  # any private key has it
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_keys_are_read_from_files(tmp_path: Path) -> None:
    """RSA and Ed25519, by what the file holds."""
    file = tmp_path / "key.pem"
    for key, algorithm in ((RSA, "rsa-sha256"), (ED, "ed25519-sha256")):
        file.write_bytes(to_pem(key))
        assert load_signer("example.org", "n1", file).algorithm == algorithm


def test_a_key_that_does_not_do_is_said_in_words(tmp_path: Path) -> None:
    """No file, no key, another kind of key, a strange selector.

    The setting is named, and no line of the file.
    """
    file = tmp_path / "key.pem"
    with pytest.raises(SettingsError, match="can't be read"):
        load_signer("example.org", "n1", file)
    file.write_text("SECRETLINE")
    with pytest.raises(SettingsError, match="holds no private key") as refused:
        load_signer("example.org", "n1", file)
    assert "SECRETLINE" not in str(refused.value)
    file.write_bytes(to_pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(SettingsError, match="must be RSA or Ed25519"):
        load_signer("example.org", "n1", file)
    with pytest.raises(SettingsError, match="no name in the DNS"):
        load_signer("example.org", "n1\r\nx", file)


@given(st.text(), st.text(alphabet='a \t="(),å\u2028\r\n', min_size=60))
def test_our_own_fields_are_made_canonical_in_a_shorter_way(name: str, long: str) -> None:
    """The same as RFC 6376, 3.4.2, would have it, for any name."""
    for display in (name, long):
        field = headers.build_mailbox_field("To", display, "asa@example.org")
        assert dkim_module.canonicalise_own_header(field) == dkim_module.canonicalise_header(
            *field.split(b":", 1)
        )
