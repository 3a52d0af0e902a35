"""Mails that the program writes by itself.

To confirm, to welcome, to say goodbye, to give a person her data.

They are answers to what a person did, so they say `Auto-Submitted: auto-generated` (RFC 3834) and
carry no List-Unsubscribe: there may be nothing to leave yet. From, wire form and signature are
those of the letters.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.mail import headers, qp
from newsletter.mail.dkim import MessageSigner, Signer
from newsletter.mail.headers import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A text file that goes with a mail."""

    #: ASCII letters, digits, "." and "-".
    name: str
    #: "application/json".
    content_type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionalMail:
    """One mail of our own."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    #: Its number in the outbox: every attempt has the same Message-ID.
    outbox_number: int
    attachment: Attachment | None = None


def compile_transactional(
    mail: TransactionalMail, sender: Sender, date: datetime, *, signers: Sequence[Signer] = ()
) -> bytes:
    """Return a mail in wire form, without the final dot.

    Raises ValueError where something in it could break a header.
    """
    body, kind = _build_body(mail)
    constant = [headers.build_mailbox_field("From", sender.name, sender.email)]
    if sender.reply_to:
        constant.append(headers.build_mailbox_field("Reply-To", "", sender.reply_to))
    constant += [
        headers.build_text_field("Subject", mail.subject),
        headers.build_plain_field("Auto-Submitted", "auto-generated"),
        headers.build_plain_field("MIME-Version", "1.0"),
        headers.build_plain_field("Content-Type", kind),
        headers.build_plain_field("Content-Language", mail.language),
    ]
    own = (
        headers.build_mailbox_field("To", "", mail.to),
        headers.build_plain_field("Date", headers.format_date(date.replace(microsecond=0))),
        headers.build_plain_field(
            "Message-ID", headers.build_transactional_message_id(sender, mail.outbox_number)
        ),
    )
    head = b"".join(constant)
    signatures = [
        draft.sign()
        for draft in MessageSigner(signers, head, b"").draft_signatures(own, [body], date)
    ]
    return b"".join((*signatures, head, *own, b"\r\n", body))


def _build_body(mail: TransactionalMail) -> tuple[bytes, str]:
    """Return the body and its Content-Type."""
    digest = hashlib.blake2b(
        "\0".join((mail.subject, mail.text, mail.html)).encode("utf-8", "replace"), digest_size=12
    ).hexdigest()
    inner = f"=_{digest}"
    both = _build_parts(
        inner,
        [("text/plain; charset=utf-8", "", mail.text), ("text/html; charset=utf-8", "", mail.html)],
    )
    kind = f'multipart/alternative; boundary="{inner}"'
    if mail.attachment is None:
        return both, kind
    outer = f"=_m{digest}"
    file = mail.attachment
    disposition = headers.build_plain_field(
        "Content-Disposition", f'attachment; filename="{file.name}"'
    ).decode()
    first = f"--{outer}\r\nContent-Type: {kind}\r\n\r\n".encode() + both
    return (
        first
        + _build_parts(outer, [(f"{file.content_type}; charset=utf-8", disposition, file.text)]),
        f'multipart/mixed; boundary="{outer}"',
    )


def _build_parts(boundary: str, parts: Sequence[tuple[str, str, str]]) -> bytes:
    written = b"".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\n{more}Content-Transfer-Encoding:"
        " quoted-printable\r\n\r\n".encode()
        + qp.encode_text(text, end_with_soft_break=False)
        + b"\r\n"
        for kind, more, text in parts
    )
    return written + f"--{boundary}--\r\n".encode()
