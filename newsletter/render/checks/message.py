"""Checks of one message's final bytes.

Every slot is filled, and the reader can leave with one click (RFC 8058).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

from newsletter.domain.finding import Finding, Level
from newsletter.i18n import Phrase
from newsletter.render.checks.html_parser import parse_html

_HEADER_FIELD = re.compile(rb"^([!-9;-~]+):(.*(?:\r?\n[ \t].*)*)", re.MULTILINE)
_BRACKETED_URI = re.compile(r"<([^<>]*)>")
#: Under a country's own, these are everybody's.
_SECOND_LEVEL_SUFFIXES = frozenset(
    ("ac", "co", "com", "edu", "gob", "gov", "gv", "govt", "ne", "net", "nhs", "or", "org")
)
#: Octets in a line (RFC 5322, 2.1.1).
MAX_LINE_OCTETS = 998


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMessage:
    """One message taken apart."""

    #: Header names in small letters and their raw values, folding kept.
    header_fields: tuple[tuple[str, bytes], ...]
    html: str
    text: str

    def get_raw_headers(self, name: str) -> list[bytes]:
        """Return the raw values of a header."""
        return [value for field, value in self.header_fields if field == name.lower()]


def parse_message(message_bytes: bytes) -> ParsedMessage:
    """Return the headers, HTML and text of a message in wire form (dots may be stuffed)."""
    unstuffed = re.sub(rb"(?m)^\.\.", b".", message_bytes)
    head = re.split(rb"\r?\n\r?\n", unstuffed, maxsplit=1)[0]
    parsed = message_from_bytes(unstuffed, policy=policy.default)
    return ParsedMessage(
        header_fields=tuple(
            (match[1].decode("ascii").lower(), match[2].lstrip(b" \t"))
            for match in _HEADER_FIELD.finditer(head)
        ),
        html=_decode_part(parsed, "html"),
        text=_decode_part(parsed, "plain"),
    )


def _decode_part(parsed: EmailMessage, subtype: str) -> str:
    for part in parsed.walk():
        if part.get_content_type() == f"text/{subtype}":
            raw = part.get_payload(decode=True)
            return (
                raw.decode(part.get_content_charset() or "utf-8", "replace").replace("\r\n", "\n")
                if isinstance(raw, bytes)
                else ""
            )
    return ""


def check_message_bytes(
    message: ParsedMessage, placeholders: dict[str, str], message_bytes: bytes
) -> Iterator[Finding]:
    """Yield what is wrong with a message, given the placeholders that must not be left."""
    left = [
        name
        for name, placeholder in placeholders.items()
        if placeholder in message.html + message.text or placeholder.encode() in message_bytes
    ]
    if left:
        found = Phrase(
            "Places for what is personal are still open: {names}.", names=", ".join(left)
        )
        yield Finding(code="slot-open", level=Level.error, message=found)
    if any(len(line.rstrip(b"\r")) > MAX_LINE_OCTETS for line in message_bytes.split(b"\n")):
        found = Phrase(
            "A line of the message is longer than mail allows ({most}).", most=MAX_LINE_OCTETS
        )
        yield Finding(code="line-long", level=Level.error, message=found)
    yield from _check_unsubscribe_headers(message)
    for name in ("subject", "from", "to", "date", "message-id"):
        if len(message.get_raw_headers(name)) != 1:
            found = Phrase(
                "The message has {count} headers {name}; it needs one.",
                count=len(message.get_raw_headers(name)),
                name=name,
            )
            yield Finding(code="header-count", level=Level.error, message=found, where=name)


def _check_unsubscribe_headers(message: ParsedMessage) -> Iterator[Finding]:
    given = message.get_raw_headers("List-Unsubscribe")
    if len(given) != 1:
        found = Phrase(
            "The message has {count} headers List-Unsubscribe; it needs one.", count=len(given)
        )
        yield Finding(
            code="list-unsubscribe-missing",
            level=Level.error,
            message=found,
            where="List-Unsubscribe",
        )
        return
    yield from _check_list_unsubscribe(given[0], message)
    post = message.get_raw_headers("List-Unsubscribe-Post")
    if [value.strip() for value in post] != [b"List-Unsubscribe=One-Click"]:
        found = Phrase(
            "The header List-Unsubscribe-Post isn't “List-Unsubscribe=One-Click” (RFC 8058)."
        )
        yield Finding(
            code="list-unsubscribe-post-missing",
            level=Level.error,
            message=found,
            where="List-Unsubscribe-Post",
        )


def _check_list_unsubscribe(value: bytes, message: ParsedMessage) -> Iterator[Finding]:
    def build_finding(code: str, phrase: Phrase) -> Finding:
        return Finding(code=code, level=Level.error, message=phrase, where="List-Unsubscribe")

    line = value.decode("ascii", "replace")
    uris = _BRACKETED_URI.findall(line)
    if b"\n" in value:
        yield build_finding(
            "list-unsubscribe-folded",
            Phrase(
                "The header List-Unsubscribe is on several lines; some clients read only the first."
            ),
        )
    if "=?" in line:
        yield build_finding(
            "list-unsubscribe-encoded",
            Phrase("The header List-Unsubscribe holds an encoded word; no client reads that."),
        )
    if not uris or not uris[0].startswith("https://"):
        said = Phrase(
            "The first address of List-Unsubscribe isn't https. Check newsletter.public_url."
        )
        yield build_finding("list-unsubscribe-not-https", said)
        return
    if not any(link.url == uris[0] for link in parse_html(message.html).links):
        yield build_finding(
            "unsubscribe-link-missing",
            Phrase("The letter has no link to unsubscribe. Mend the theme's newsletter.mjml.j2."),
        )
    if uris[0] not in message.text.split():
        yield build_finding(
            "unsubscribe-text-missing",
            Phrase(
                "The text part has no address to unsubscribe. Mend the theme's newsletter.txt.j2."
            ),
        )


def is_aligned(sender: str, public_url: str) -> bool:
    """Say whether the From address and the public pages belong together.

    Whoever has the one domain has the other.
    """
    return _get_organisational_domain(
        sender.rpartition("@")[2].rstrip("> ")
    ) == _get_organisational_domain(urlsplit(public_url).hostname or "")


def _get_organisational_domain(host: str) -> list[str]:
    """Return the labels of the domain that somebody can own.

    The last two, three below co.uk and its like.
    """
    labels = host.lower().rstrip(".").split(".")
    is_shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL_SUFFIXES
    return labels[-3:] if is_shared else labels[-2:]
