"""Headers, written by hand: RFC 5322 lines, RFC 2047 words, no header injection.

CPython's email package isn't used: unpatched ones decode `=?utf-8?q?=0D=0ABcc:...?=` in a subject
into a real header (CVE-2024-6923), and all of them turn a long List-Unsubscribe into an encoded
word that no mail client understands. Every function here returns whole header fields as bytes that
end with CRLF.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from newsletter.domain.subscriber import SubscriberId
from newsletter.mail.address import get_domain

#: Octets in a line where it can be helped (RFC 5322, 2.1.1: 78 with CRLF excluded; RFC 2047: 76
#: with encoded words).
FOLD_OCTETS = 76
#: Octets in a line at most.
MAX_LINE_OCTETS = 998
#: Characters of a name or subject that are kept.
MAX_TEXT_CHARS = 1000
_FIELD_NAME = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_ATOM_WORDS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII
)
#: Letters that stand for themselves in the Q encoding everywhere, phrases included (RFC 2047, 5).
_Q_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
#: Each other octet takes three.
_Q_SINGLE_OCTETS = bytes(_Q_PLAIN) + b" "
_Q_ENCODED = tuple(
    chr(byte) if byte in _Q_PLAIN else "_" if byte == 0x20 else f"={byte:02X}"
    for byte in range(256)
)
_URL_OCTETS = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
)
#: Nearly all addresses and URLs are plain: looking at each character costs more than all the rest
#: of a header.
_PLAIN_URL = re.compile("[" + re.escape("".join(map(chr, sorted(_URL_OCTETS)))) + "]*")
_PLAIN_ADDRESS = re.compile(r"[!-;=?-~]*")
#: They turn the rest of a line around, so that a name can pretend to be an address.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who a newsletter is from, the same for all its issues."""

    name: str
    #: The address of From.
    email: str
    reply_to: str = ""
    #: Stable for ever, "nyhetsbrev.example.org" say (RFC 2919).
    list_id: str
    #: The newsletter's title, shown beside the id.
    title: str = ""
    #: The envelope's sender, where bounces go; "": the same as `email`.
    envelope_sender: str = ""
    #: 16 bytes or more that never change (`TokenKeys.secret`): Message-IDs are made with them.
    secret: bytes

    @property
    def domain(self) -> str:
        """The domain of From."""
        return get_domain(self.email)

    @property
    def return_path(self) -> str:
        """The envelope's sender."""
        return self.envelope_sender or self.email


def normalise_text(text: str) -> str:
    """Return a text as one bounded NFC line: no control characters, white space collapsed."""
    if text.isprintable():  # nearly all names: nothing in them breaks a line or turns it around
        return " ".join(unicodedata.normalize("NFC", text).split())[:MAX_TEXT_CHARS].rstrip()
    spaced = "".join(
        " " if _is_break(character) else character
        for character in text
        if character not in _BIDI_CONTROLS
    )
    return " ".join(unicodedata.normalize("NFC", spaced).split())[:MAX_TEXT_CHARS].rstrip()


def build_text_field(name: str, text: str) -> bytes:
    """Return a header of words, Subject say, folded.

    Encoded where it must be or where it could be misread.
    """
    text = normalise_text(text)
    words = text.split(" ")
    if (
        text.isascii()
        and "=?" not in text
        and all(len(word) < FOLD_OCTETS - len(name) - 2 for word in words)
    ):
        return _fold_field(name, [word.encode() for word in words])
    return _fold_field(name, _split_into_encoded_words(text, FOLD_OCTETS - len(name) - 2))


def build_mailbox_field(name: str, display_name: str, email: str) -> bytes:
    """Return From, To or Reply-To with one address, and a name before it if there is one.

    The address must have come through `mail.address`; one with a non-ASCII local part is written in
    UTF-8 (RFC 6532).
    """
    if not _PLAIN_ADDRESS.fullmatch(email) and any(
        _is_break(character) or character in "<>" for character in email
    ):
        raise ValueError("an address with control characters, spaces or brackets")
    display_name = normalise_text(display_name)
    if not display_name:
        return _fold_field(name, [email.encode()])
    return _fold_field(
        name,
        [*_encode_phrase(display_name, FOLD_OCTETS - len(name) - 2), b"<" + email.encode() + b">"],
    )


def build_plain_field(name: str, value: str) -> bytes:
    """Return a header of printable ASCII on one line; raises ValueError for anything else."""
    if (
        not _FIELD_NAME.fullmatch(name)
        or not value.isascii()
        or not value.isprintable()
        or "=?" in value
    ):
        raise ValueError(f"not a header: {name!r}")
    if len(name) + len(value) + 2 > MAX_LINE_OCTETS:
        raise ValueError(f"a header longer than {MAX_LINE_OCTETS} octets: {name!r}")
    return f"{name}: {value}\r\n".encode()


def build_list_id_field(title: str, list_id: str) -> bytes:
    """Return List-Id: the title, then `<id>` (RFC 2919)."""
    return _fold_field(
        "List-Id",
        (
            [*_encode_phrase(normalise_text(title), FOLD_OCTETS - 9), f"<{list_id}>".encode()]
            if title
            else [f"<{list_id}>".encode()]
        ),
    )


def build_list_unsubscribe_field(url: str, mailto: str = "") -> bytes:
    """Return List-Unsubscribe on one line, the HTTPS address first (RFC 8058, 3.1.

    Clients miss a folded or encoded one).
    """
    uris = ", ".join(f"<{to_ascii_url(uri)}>" for uri in (url, mailto) if uri)
    return build_plain_field("List-Unsubscribe", uris)


def to_ascii_url(url: str) -> str:
    """Return an address in which all but URL characters is percent-encoded."""
    encoded = url
    if not _PLAIN_URL.fullmatch(url):
        encoded = "".join(
            chr(byte) if byte in _URL_OCTETS else f"%{byte:02X}"
            for byte in url.encode("utf-8", "replace")
        )
    return encoded.replace("=?", "%3D?")  # the start of an encoded word


def format_date(moment: datetime) -> str:
    """Return an aware time as RFC 5322 writes it.

    English names and a numeric zone, whatever the locale.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return format_datetime(moment)


def make_message_id_builder(sender: Sender, issue_name: str) -> Callable[[SubscriberId], str]:
    """Return the Message-ID of an issue to a subscriber: the same in every attempt."""
    said = b"\0".join((sender.list_id.encode(), issue_name.encode("utf-8", "replace"), b""))
    begun, domain = hashlib.blake2b(said, key=sender.secret[:64], digest_size=15), sender.domain

    def build_message_id(subscriber: SubscriberId) -> str:
        digest = begun.copy()
        digest.update(b"%d" % subscriber)
        return f"<{digest.hexdigest()}@{domain}>"

    return build_message_id


def build_transactional_message_id(sender: Sender, outbox_number: int) -> str:
    """Return the Message-ID of a mail of our own, by its number in the outbox."""
    said = b"\0".join((sender.list_id.encode(), b"outbox", str(outbox_number).encode()))
    digest = hashlib.blake2b(said, key=sender.secret[:64], digest_size=15).hexdigest()
    return f"<{digest}@{sender.domain}>"


def _is_break(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _encode_phrase(text: str, first_line_octets: int) -> list[bytes]:
    """Return a display name as atoms, a quoted string, or encoded words."""
    if text.isascii() and "=?" not in text and len(text) < first_line_octets - 10:
        if _ATOM_WORDS.fullmatch(text):
            return [word.encode() for word in text.split(" ")]
        return [b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"']
    return _split_into_encoded_words(text, first_line_octets)


def _split_into_encoded_words(text: str, first_line_octets: int) -> list[bytes]:
    """Cut a text into encoded words of at most 75 octets, never within a character.

    A header's name, its colon and blanks leave less than 75 to the first word.
    """
    raw = text.encode("utf-8", "replace")
    base64_wins = 4 * len(raw) / 3 < len(raw) + 2 * len(raw.translate(None, _Q_SINGLE_OCTETS))
    words: list[bytes] = []
    whole = _build_encoded_word(raw, base64_wins)
    if len(whole) <= first_line_octets:
        return [whole]
    piece, room = b"", first_line_octets - len("=?utf-8?q??=")
    for character in text:
        longer = piece + character.encode("utf-8", "replace")
        if piece and len(_encode_piece(longer, base64_wins)) > room:
            words.append(_build_encoded_word(piece, base64_wins))
            longer, room = (
                character.encode("utf-8", "replace"),
                FOLD_OCTETS - 1 - len("=?utf-8?q??="),
            )
        piece = longer
    return [*words, _build_encoded_word(piece, base64_wins)]


def _encode_piece(piece: bytes, base64_wins: bool) -> str:
    return (
        base64.b64encode(piece).decode()
        if base64_wins
        else "".join(map(_Q_ENCODED.__getitem__, piece))
    )


def _build_encoded_word(piece: bytes, base64_wins: bool) -> bytes:
    return f"=?utf-8?{'b' if base64_wins else 'q'}?{_encode_piece(piece, base64_wins)}?=".encode()


def _fold_field(name: str, words: list[bytes]) -> bytes:
    """Put words behind a name, and each that doesn't fit on a line of its own."""
    lines, line = [], name.encode() + b":"
    for word in words:
        if len(line) + 1 + len(word) > FOLD_OCTETS and line[-1:] != b":":
            lines.append(line)
            line = b""
        line += b" " + word
    return b"\r\n".join([*lines, line]) + b"\r\n"
