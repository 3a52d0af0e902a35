"""Find out whether a mail asks to leave the list.

Its subject then holds the token that the mailto: of List-Unsubscribe gave it (RFC 2369, 3.2).

A reply or a forward keeps that subject, so "Re: unsubscribe TOKEN" will do, from whatever address.
A program's own answer isn't a person's will: out of office, a report of a mail server, a list.
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from urllib.parse import quote

from newsletter.mail.tokens import TOKEN_CHARS

#: The first word of the subject; what is looked for is the token.
UNSUBSCRIBE_WORD = "unsubscribe"
#: Bytes of a mail that are read, and tokens in a subject: nobody has several.
MAX_MAIL_BYTES, MAX_TOKENS = 64 * 1024, 4
_TOKEN = re.compile(rf"(?<![\w-])[A-Za-z0-9_-]{{{TOKEN_CHARS}}}(?![\w-])", re.ASCII)
_PRECEDENCE = ("bulk", "junk", "list", "auto_reply")


def build_mailto_url(mailbox: str, token: str) -> str:
    """Return the mailto: of a reader's token."""
    local, _, domain = mailbox.rpartition("@")
    return f"mailto:{quote(local, safe='')}@{domain}?subject={UNSUBSCRIBE_WORD}%20{token}"


def find_tokens(head: bytes) -> tuple[str, ...]:
    """Return what may be tokens in the beginning of a mail; none where a program has written it."""
    message = BytesHeaderParser().parsebytes(head[:MAX_MAIL_BYTES])
    if _is_automatic(message):
        return ()
    return tuple(dict.fromkeys(_TOKEN.findall(_decode_header_value(message.get("Subject")))))[
        :MAX_TOKENS
    ]


def _is_automatic(message: "Message[str, str]") -> bool:
    """Return True if a program has written a mail by itself (RFC 3834, 2 and 5; RFC 3464)."""
    submitted = (
        _decode_header_value(message.get("Auto-Submitted")).partition(";")[0].strip().lower()
    )
    return (
        submitted not in ("", "no")
        or _decode_header_value(message.get("Precedence")).strip().lower() in _PRECEDENCE
        or _decode_header_value(message.get("Return-Path")).strip() == "<>"
        or message.get_content_type() == "multipart/report"
        or any(name in message for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
    )


def _decode_header_value(value: object) -> str:
    """Return a header in plain letters, as far as it can be read."""
    text = str(value or "")
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text
