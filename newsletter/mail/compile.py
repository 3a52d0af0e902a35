"""Compile an issue into bytes once; per reader only the slots are filled.

    From Reply-To Subject … (encoded once) | To Date Message-ID List-Unsubscribe
        | body: bytes, slot, bytes, slot, bytes

Building an EmailMessage a reader costs 5 ms, this 20 µs. The bytes are in wire form: CRLF, no line
beginning with a dot, lines of at most 76 octets in the body, so nothing on the way has to look at
them again.
"""

import hashlib
import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import SubscriberId
from newsletter.mail import headers, qp
from newsletter.mail.dkim import MessageSigner, Signer, UnsignedSignature
from newsletter.mail.headers import Sender

#: What may be personal in an issue's body, and where its value is found.
SLOT_GETTERS: dict[str, Callable[["Recipient"], str]] = {
    "email": lambda reader: reader.email,
    "unsubscribe_url": lambda reader: reader.unsubscribe_url,
    "preferences_url": lambda reader: reader.preferences_url or reader.unsubscribe_url,
    "view_url": lambda reader: reader.view_url,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """What a message says of the one who gets it."""

    subscriber_id: SubscriberId
    #: As `mail.address` returned it.
    email: str
    name: str = ""
    unsubscribe_url: str
    view_url: str
    #: Where she chooses what she gets; "": where she leaves.
    preferences_url: str = ""
    #: "mailto:…" for clients that would rather write; "": none.
    unsubscribe_mailto: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """An open place in the body: a value's name, and whether it stands in HTML."""

    name: str
    in_html: bool

    def encode_value(self, recipient: "Recipient") -> bytes:
        """Return what a reader has there, encoded."""
        value = SLOT_GETTERS[self.name](recipient)
        return qp.encode_value(html.escape(value) if self.in_html else value)


@dataclass(frozen=True, slots=True)
class UnsignedMessage:
    """A reader's message in parts.

    Those that all readers share are copied only when they are sent.
    """

    signatures: Sequence[UnsignedSignature]
    parts: Sequence[bytes]

    def sign(self) -> Sequence[bytes]:
        """Return the parts of the message as it goes out: slow, so it is done in threads."""
        return (*[one.sign() for one in self.signatures], *self.parts)


class CompiledIssue:
    """An issue as bytes with open places. Nothing in it changes: threads may share it."""

    __slots__ = (
        "_constant",
        "_message_id",
        "_parts",
        "_signer",
        "_slot_positions",
        "_slots",
        "size",
    )

    def __init__(
        self,
        constant_headers: bytes,
        body: Sequence[bytes | Slot],
        *,
        sender: Sender,
        issue_name: str,
        signers: Sequence[Signer],
    ) -> None:
        self._constant = constant_headers
        self._message_id = headers.make_message_id_builder(sender, issue_name)
        self._signer = (
            MessageSigner(signers, constant_headers, _get_leading_bytes(body)) if signers else None
        )
        # A value that stands in several places is encoded once.
        self._slots = tuple(dict.fromkeys(part for part in body if isinstance(part, Slot)))
        self._parts = [part if isinstance(part, bytes) else b"" for part in body]
        self._slot_positions = tuple(
            (at, self._slots.index(part)) for at, part in enumerate(body) if isinstance(part, Slot)
        )
        #: Octets of a message but for its slots.
        self.size = len(constant_headers) + sum(
            len(part) for part in body if isinstance(part, bytes)
        )

    @property
    def is_signed(self) -> bool:
        """Whether messages are signed, which takes so long that it is done in threads."""
        return self._signer is not None

    def fill(self, recipient: Recipient, date: datetime) -> bytes:
        """Return the message for one reader in wire form, without the final dot.

        Signed if there are signers.

        Raises ValueError where the address or a URL of the reader could break a header.
        """
        return b"".join(self.build_unsigned(recipient, date).sign())

    def build_unsigned(self, recipient: Recipient, date: datetime) -> UnsignedMessage:
        """Return the same in parts and not signed yet.

        Takes 10 µs, and 25 more to hash 50 kB where it is to be signed.
        """
        own = self._build_recipient_headers(recipient, date)
        body = self._fill_slots(recipient)
        unsigned = self._signer.draft_signatures(own, body, date) if self._signer else ()
        return UnsignedMessage(unsigned, (self._constant, *own, b"\r\n", *body))

    def _build_recipient_headers(
        self, recipient: Recipient, date: datetime
    ) -> tuple[bytes, bytes, bytes, bytes]:
        return (
            headers.build_mailbox_field("To", recipient.name, recipient.email),
            _build_date_field(date.replace(microsecond=0)),
            headers.build_plain_field("Message-ID", self._message_id(recipient.subscriber_id)),
            headers.build_list_unsubscribe_field(
                recipient.unsubscribe_url, recipient.unsubscribe_mailto
            ),
        )

    def _fill_slots(self, recipient: Recipient) -> list[bytes]:
        values = [slot.encode_value(recipient) for slot in self._slots]
        parts = self._parts.copy()
        for at, number in self._slot_positions:
            parts[at] = values[number]
        return parts


def compile_issue(
    rendered: RenderedIssue, sender: Sender, issue_name: str, *, signers: Sequence[Signer] = ()
) -> CompiledIssue:
    """Return an issue as bytes with open places.

    Multipart/alternative, text then HTML, both quoted-printable.

    Raises ValueError where `rendered` has a slot that `SLOTS` doesn't know.
    """
    unknown = rendered.slots.keys() - SLOT_GETTERS.keys()
    if unknown:
        raise ValueError(f"unknown slots: {sorted(unknown)}")
    boundary = _build_boundary(rendered)
    body: list[bytes | Slot] = []
    for kind, text in (("plain", rendered.text), ("html", rendered.html)):
        opening = (
            f"--{boundary}\r\nContent-Type: text/{kind};"
            " charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        )
        body += [
            opening.encode(),
            *_split_at_slots(text, rendered.slots, in_html=kind == "html"),
            b"\r\n",
        ]
    body.append(f"--{boundary}--\r\n".encode())
    return CompiledIssue(
        _build_constant_headers(rendered, sender, issue_name, boundary),
        _join_bytes(body),
        sender=sender,
        issue_name=issue_name,
        signers=signers,
    )


def _build_constant_headers(
    rendered: RenderedIssue, sender: Sender, issue_name: str, boundary: str
) -> bytes:
    fields = [headers.build_mailbox_field("From", sender.name, sender.email)]
    if sender.reply_to:
        fields.append(headers.build_mailbox_field("Reply-To", "", sender.reply_to))
    fields += [
        headers.build_text_field("Subject", rendered.subject),
        headers.build_list_id_field(sender.title, sender.list_id),
        headers.build_plain_field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        headers.build_plain_field("Feedback-ID", _build_feedback_id(sender, issue_name)),
        headers.build_plain_field("MIME-Version", "1.0"),
        headers.build_plain_field("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    if re.fullmatch(r"[A-Za-z0-9-]{1,35}", rendered.language, re.ASCII):
        fields.append(headers.build_plain_field("Content-Language", rendered.language))
    return b"".join(fields)


def _split_at_slots(text: str, slots: dict[str, str], *, in_html: bool) -> list[bytes | Slot]:
    """Cut a text at its placeholders."""
    names = {placeholder: name for name, placeholder in slots.items()}
    if not names:
        return [qp.encode_text(text, end_with_soft_break=False)]
    parts = re.split("(" + "|".join(re.escape(placeholder) for placeholder in names) + ")", text)
    return [
        Slot(names[part], in_html)
        if at % 2
        else qp.encode_text(part, end_with_soft_break=at + 1 < len(parts))
        for at, part in enumerate(parts)
    ]


def _join_bytes(parts: Sequence[bytes | Slot]) -> list[bytes | Slot]:
    """Put neighbours together that are bytes."""
    joined: list[bytes | Slot] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, bytes) and isinstance(last, bytes):
            joined[-1] = last + part
        else:
            joined.append(part)
    return joined


def _get_leading_bytes(body: Sequence[bytes | Slot]) -> bytes:
    """Return what comes before the first slot: all readers share its hash."""
    first = body[0] if body else b""
    return first if isinstance(first, bytes) else b""


def _build_boundary(rendered: RenderedIssue) -> str:
    """Return a boundary that the same issue always has; "=_" can't stand in quoted-printable."""
    seed = "\0".join((rendered.subject, rendered.text, rendered.html)).encode("utf-8", "replace")
    return "=_" + hashlib.blake2b(seed, digest_size=12).hexdigest()


def _build_feedback_id(sender: Sender, issue_name: str) -> str:
    """Return the Feedback-ID (Gmail's complaint statistics): issue, list and sender."""
    digest = hashlib.blake2b(issue_name.encode("utf-8", "replace"), digest_size=6).hexdigest()
    sender_id = hashlib.blake2b(sender.list_id.encode(), digest_size=6).hexdigest()
    return f"{digest}:{sender_id}:newsletter:{sender_id}"


@lru_cache(maxsize=4)
def _build_date_field(moment: datetime) -> bytes:
    return headers.build_plain_field("Date", headers.format_date(moment))
