"""Compile an issue into bytes once; per reader only the slots are filled.

    From Reply-To Subject … (encoded once) | To Date Message-ID List-Unsubscribe | body: bytes, slot, bytes, slot, bytes

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
from newsletter.mail.dkim import Prepared, Signer, Unsigned
from newsletter.mail.headers import Sender

#: What may be personal in an issue's body, and where its value is found.
SLOTS: dict[str, Callable[["Reader"], str]] = {
    "email": lambda reader: reader.email,
    "unsubscribe_url": lambda reader: reader.unsubscribe_url,
    "preferences_url": lambda reader: reader.preferences_url or reader.unsubscribe_url,
    "view_url": lambda reader: reader.view_url,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What a message says of the one who gets it."""

    subscriber: SubscriberId
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

    def value(self, reader: "Reader") -> bytes:
        """Return what a reader has there, encoded."""
        value = SLOTS[self.name](reader)
        return qp.encode_value(html.escape(value) if self.in_html else value)


@dataclass(frozen=True, slots=True)
class Draft:
    """A reader's message in parts.

    Those that all readers share are copied only when they are sent.
    """

    unsigned: Sequence[Unsigned]
    parts: Sequence[bytes]

    def signed(self) -> Sequence[bytes]:
        """Return the parts of the message as it goes out: slow, so it is done in threads."""
        return (*[one.signed() for one in self.unsigned], *self.parts)


class Compiled:
    """An issue as bytes with open places. Nothing in it changes: threads may share it."""

    __slots__ = ("_constant", "_message_id", "_open", "_parts", "_prepared", "_slots", "size")

    def __init__(
        self,
        constant: bytes,
        body: Sequence[bytes | Slot],
        *,
        sender: Sender,
        issue: str,
        signers: Sequence[Signer],
    ) -> None:
        self._constant = constant
        self._message_id = headers.message_ids(sender, issue)
        self._prepared = Prepared(signers, constant, _leading(body)) if signers else None
        # A value that stands in several places is encoded once.
        self._slots = tuple(dict.fromkeys(part for part in body if isinstance(part, Slot)))
        self._parts = [part if isinstance(part, bytes) else b"" for part in body]
        self._open = tuple(
            (at, self._slots.index(part)) for at, part in enumerate(body) if isinstance(part, Slot)
        )
        #: Octets of a message but for its slots.
        self.size = len(constant) + sum(len(part) for part in body if isinstance(part, bytes))

    @property
    def signed(self) -> bool:
        """Whether messages are signed, which takes so long that it is done in threads."""
        return self._prepared is not None

    def fill(self, reader: Reader, date: datetime) -> bytes:
        """Return the message for one reader in wire form, without the final dot.

        Signed if there are signers.

        Raises ValueError where the address or a URL of the reader could break a header.
        """
        return b"".join(self.draft(reader, date).signed())

    def draft(self, reader: Reader, date: datetime) -> Draft:
        """Return the same in parts and not signed yet.

        Takes 10 µs, and 25 more to hash 50 kB where it is to be signed.
        """
        own = self._own_headers(reader, date)
        body = self._filled(reader)
        unsigned = self._prepared.drafts(own, body, date) if self._prepared else ()
        return Draft(unsigned, (self._constant, *own, b"\r\n", *body))

    def _own_headers(self, reader: Reader, date: datetime) -> tuple[bytes, bytes, bytes, bytes]:
        return (
            headers.mailbox_field("To", reader.name, reader.email),
            _date_field(date.replace(microsecond=0)),
            headers.plain_field("Message-ID", self._message_id(reader.subscriber)),
            headers.list_unsubscribe_field(reader.unsubscribe_url, reader.unsubscribe_mailto),
        )

    def _filled(self, reader: Reader) -> list[bytes]:
        values = [slot.value(reader) for slot in self._slots]
        parts = self._parts.copy()
        for at, number in self._open:
            parts[at] = values[number]
        return parts


def compile_message(
    rendered: RenderedIssue, sender: Sender, issue: str, *, signers: Sequence[Signer] = ()
) -> Compiled:
    """Return an issue as bytes with open places.

    Multipart/alternative, text then HTML, both quoted-printable.

    Raises ValueError where `rendered` has a slot that `SLOTS` doesn't know.
    """
    unknown = rendered.slots.keys() - SLOTS.keys()
    if unknown:
        raise ValueError(f"unknown slots: {sorted(unknown)}")
    boundary = _boundary(rendered)
    body: list[bytes | Slot] = []
    for kind, text in (("plain", rendered.text), ("html", rendered.html)):
        opening = (
            f"--{boundary}\r\nContent-Type: text/{kind};"
            " charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        )
        body += [
            opening.encode(),
            *_segments(text, rendered.slots, in_html=kind == "html"),
            b"\r\n",
        ]
    body.append(f"--{boundary}--\r\n".encode())
    return Compiled(
        _constant_headers(rendered, sender, issue, boundary),
        _joined(body),
        sender=sender,
        issue=issue,
        signers=signers,
    )


def _constant_headers(rendered: RenderedIssue, sender: Sender, issue: str, boundary: str) -> bytes:
    fields = [headers.mailbox_field("From", sender.name, sender.email)]
    if sender.reply_to:
        fields.append(headers.mailbox_field("Reply-To", "", sender.reply_to))
    fields += [
        headers.text_field("Subject", rendered.subject),
        headers.list_id_field(sender.title, sender.list_id),
        headers.plain_field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        headers.plain_field("Feedback-ID", _feedback_id(sender, issue)),
        headers.plain_field("MIME-Version", "1.0"),
        headers.plain_field("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    if re.fullmatch(r"[A-Za-z0-9-]{1,35}", rendered.language, re.ASCII):
        fields.append(headers.plain_field("Content-Language", rendered.language))
    return b"".join(fields)


def _segments(text: str, slots: dict[str, str], *, in_html: bool) -> list[bytes | Slot]:
    """Cut a text at its placeholders."""
    names = {placeholder: name for name, placeholder in slots.items()}
    if not names:
        return [qp.encode_text(text, closed=False)]
    parts = re.split("(" + "|".join(re.escape(placeholder) for placeholder in names) + ")", text)
    return [
        Slot(names[part], in_html) if at % 2 else qp.encode_text(part, closed=at + 1 < len(parts))
        for at, part in enumerate(parts)
    ]


def _joined(parts: Sequence[bytes | Slot]) -> list[bytes | Slot]:
    """Put neighbours together that are bytes."""
    joined: list[bytes | Slot] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, bytes) and isinstance(last, bytes):
            joined[-1] = last + part
        else:
            joined.append(part)
    return joined


def _leading(body: Sequence[bytes | Slot]) -> bytes:
    """Return what comes before the first slot: all readers share its hash."""
    first = body[0] if body else b""
    return first if isinstance(first, bytes) else b""


def _boundary(rendered: RenderedIssue) -> str:
    """Return a boundary that the same issue always has; "=_" can't stand in quoted-printable."""
    seed = "\0".join((rendered.subject, rendered.text, rendered.html)).encode("utf-8", "replace")
    return "=_" + hashlib.blake2b(seed, digest_size=12).hexdigest()


def _feedback_id(sender: Sender, issue: str) -> str:
    """Return issue, list and sender as Gmail's complaint statistics want them, without any word from outside."""
    digest = hashlib.blake2b(issue.encode("utf-8", "replace"), digest_size=6).hexdigest()
    sender_id = hashlib.blake2b(sender.list_id.encode(), digest_size=6).hexdigest()
    return f"{digest}:{sender_id}:newsletter:{sender_id}"


@lru_cache(maxsize=4)
def _date_field(moment: datetime) -> bytes:
    return headers.plain_field("Date", headers.date_value(moment))
