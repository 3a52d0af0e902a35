r"""Addresses: what may be written to, how it is written, and when two of them are one mailbox.

The syntax is email-validator's (dot-atoms only), domains become A-labels by IDNA 2008. The
interpreter's own `email.utils.parseaddr` isn't asked: unpatched ones cut `a@b>\r\nRCPT TO:<x` to
its first address without a word.
"""

import re
import unicodedata
from dataclasses import dataclass

from newsletter.errors import AddressError

#: RFC 5321, 4.5.3.1.3: a path holds 256 octets, two of them are its angle brackets.
MAX_ADDRESS_OCTETS = 254
#: RFC 5321, 4.5.3.1.1.
MAX_LOCAL_PART_OCTETS = 64
_DOMAIN_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
#: What nearly all addresses look like: for these, email-validator (60 µs) would say yes and change
#: nothing but case.
_COMMON_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@)({_ATOM}(?:\.{_ATOM})*)@((?:{_DOMAIN_LABEL}\.)+[a-z]{{2,63}})",
    re.ASCII | re.IGNORECASE,
)
#: Top-level names that never lead to a mailbox, or need a second look.
_SPECIAL_USE_DOMAIN = re.compile(
    r"(?:\.|^)(?:arpa|invalid|local|localhost|onion|test)$|--", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddress:
    """An address that mail can be sent to."""

    #: The local part untouched but for NFC, the domain in lower case and as A-labels.
    email: str
    #: One mailbox, one key: `address_key`.
    key: str
    #: The local part isn't ASCII: only servers that offer SMTPUTF8 take it (RFC 6531).
    smtputf8: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAddress:
    """An address with a name before it, as in `Redaktionen <nyhetsbrev@example.org>`."""

    name: str
    address: EmailAddress


def parse_address(text: str) -> EmailAddress:
    """Return the one address that a text is, white space around it aside.

    Raises AddressError, whose message repeats no more of the text than can be shown safely.
    """
    text = text.strip()
    plain = _COMMON_ADDRESS.fullmatch(text)
    if plain and len(text) <= MAX_ADDRESS_OCTETS and not _SPECIAL_USE_DOMAIN.search(plain[2]):
        email = f"{plain[1]}@{plain[2].lower()}"
        return EmailAddress(email=email, key=email.lower())
    return _validate_address(text)


def address_key(email: str) -> str:
    """Return what two spellings of one mailbox have in common: lower case, NFC, domain as A-labels.

    Dots and plus signs stay: they mean something to some servers. The same rule for all that is
    read or typed in, so that who has left can't come back by another spelling. Raises AddressError.
    """
    return parse_address(email).key


def parse_mailbox(text: str) -> NamedAddress:
    """Parse a mailbox: `Name <address>`, `"Name, of all" <address>` or an address alone.

    Raises AddressError.
    """
    text = text.strip()
    if not text.endswith(">"):
        return NamedAddress(name="", address=parse_address(text))
    name, _, address = text[:-1].rpartition("<")
    name = name.strip()
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return NamedAddress(name=name, address=parse_address(address))


def get_domain(email: str) -> str:
    """Return the part after the last @, in lower case."""
    return email.rpartition("@")[2].lower()


def _validate_address(text: str) -> EmailAddress:
    from email_validator import EmailNotValidError, validate_email

    if "@" not in text:
        raise AddressError("“{text}” is no e-mail address: it has no @.", text=text)
    if len(text) > 2 * MAX_ADDRESS_OCTETS:  # before anything looks at all of it
        raise AddressError(
            "“{text}” is no e-mail address: it is longer than {longest} characters.",
            text=text[:60],
            longest=MAX_ADDRESS_OCTETS,
        )
    if any(unicodedata.category(character)[0] == "C" or character.isspace() for character in text):
        raise AddressError(
            "“{text}” is no e-mail address: there is a space or a control character in it.",
            text=text,
        )
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except (EmailNotValidError, UnicodeError) as error:
        raise AddressError(
            "“{text}” is no e-mail address that mail can be sent to. Check its spelling.", text=text
        ) from error
    email = f"{found.local_part}@{found.ascii_domain.lower()}"
    if (
        len(email.encode()) > MAX_ADDRESS_OCTETS
        or len(found.local_part.encode()) > MAX_LOCAL_PART_OCTETS
    ):
        raise AddressError(
            "“{text}” is no e-mail address: it is longer than {longest} characters.",
            text=text[:60],
            longest=MAX_ADDRESS_OCTETS,
        )
    return EmailAddress(
        email=email, key=unicodedata.normalize("NFC", email.lower()), smtputf8=not email.isascii()
    )
