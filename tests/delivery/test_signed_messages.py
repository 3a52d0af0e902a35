"""Signatures on the bytes that a server received.

Two verifiers that nobody here wrote accept them.
"""

import base64
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dkim
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.engine import send_run
from newsletter.mail.compile import CompiledIssue, compile_issue
from newsletter.mail.dkim import Signer
from tests.delivery.send_harness import (
    RENDERED,
    SENDER,
    build_run,
    build_send_options,
    populate,
    start,
)
from tests.waiting import HANG_SECONDS

RSA = rsa.generate_private_key(65537, 2048)
ED = ed25519.Ed25519PrivateKey.generate()
SIGNERS = (
    Signer(domain="example.org", selector="r1", key=RSA),
    Signer(domain="example.org", selector="e1", key=ED),
)
#: What stands in the DNS at SELECTOR._domainkey.example.org.
RECORDS = {
    "r1": (
        "v=DKIM1; k=rsa; p="
        + base64.b64encode(
            RSA.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        ).decode()
    ),
    "e1": "v=DKIM1; k=ed25519; p=" + base64.b64encode(ED.public_key().public_bytes_raw()).decode(),
}
#: Mail::DKIM with a DNS of our own: prints "SELECTOR ALGORITHM RESULT" for each signature.
VERIFY = r"""
use strict; use warnings; use Mail::DKIM::Verifier; use Net::DNS;
my %record = @ARGV;
{ no warnings 'redefine';
  *Mail::DKIM::DNS::query = sub {
    my ($name) = @_; my ($selector) = split /\./, $name;
    return Net::DNS::RR->new(owner => $name, type => 'TXT', txtdata => [unpack('(A200)*', $record{$selector})]);
  }; }
binmode STDIN;
my $verifier = Mail::DKIM::Verifier->new;
while (my $line = <STDIN>) { $verifier->PRINT($line) }
$verifier->CLOSE;
print join(' ', $_->selector, $_->algorithm, $_->result_detail), "\n" for $verifier->signatures;
"""


def has_mail_dkim() -> bool:
    """Say whether Perl and the library are there (Debian: libmail-dkim-perl)."""
    return (
        bool(shutil.which("perl"))
        and not subprocess.run(
            ["perl", "-MMail::DKIM::Verifier", "-e", "1"], capture_output=True
        ).returncode
    )


class SmtpRecorder:
    """What the server took, as it received it."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.contents.append(envelope.content)
        return "250 2.0.0 taken"


@pytest.fixture
def received_messages(tmp_path: Path) -> Iterator[list[bytes]]:
    """Send a signed issue to a few readers, and return what aiosmtpd received."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    taking = SmtpRecorder()
    controller = Controller(
        taking,
        hostname="127.0.0.1",
        port=port,
        enable_SMTPUTF8=True,
        ready_timeout=HANG_SECONDS,
    )
    controller.start()
    database = populate(tmp_path, 6)
    start(database)

    def compile_signed(rendered: RenderedIssue) -> CompiledIssue:
        return compile_issue(rendered, SENDER, "2026-12", signers=SIGNERS)

    run = build_run(build_send_options(port, connections=2), compile_issue=compile_signed)
    ended = send_run.deliver(database, run)
    assert ended.state is IssueState.sent
    controller.stop()
    assert len(taking.contents) == 6
    yield taking.contents
    database.close()


def test_dkimpy_accepts_both(received_messages: list[bytes]) -> None:
    """RSA and Ed25519, after the message has been on the wire."""

    def look_up_key(name: bytes | str, timeout: float = 5) -> bytes:
        return RECORDS[
            (name.decode() if isinstance(name, bytes) else name).partition(".")[0]
        ].encode()

    assert [
        dkim.DKIM(one).verify(at, dnsfunc=look_up_key) for one in received_messages for at in (0, 1)
    ] == [
        True,
        True,
    ] * 6


@pytest.mark.skipif(
    not has_mail_dkim(), reason="Mail::DKIM isn't there: sudo apt install libmail-dkim-perl"
)
def test_mail_dkim_accepts_them(received_messages: list[bytes]) -> None:
    """The library of SpamAssassin and amavis; a changed letter is found out by it."""
    for content in (*received_messages, received_messages[0].replace(b"nyheter", b"nyhexer", 1)):
        asked = [part for pair in RECORDS.items() for part in pair]
        verdict = subprocess.run(
            ["perl", "-e", VERIFY, *asked], input=content, capture_output=True, check=True
        )
        lines = verdict.stdout.decode().splitlines()
        said = "pass" if content in received_messages else "fail (body has been altered)"
        assert lines[0] == f"r1 rsa-sha256 {said}", verdict.stderr.decode()
        # Debian 12's knows no Ed25519 yet, and says so without calling the message a forgery.
        assert lines[1] in (
            f"e1 ed25519-sha256 {said}",
            "e1 ed25519-sha256 invalid (unsupported algorithm ed25519-sha256)",
        )


def test_the_issue_is_what_was_frozen(received_messages: list[bytes]) -> None:
    """Signed or not, it is the issue."""
    assert all(RENDERED.subject.encode() in content for content in received_messages)
