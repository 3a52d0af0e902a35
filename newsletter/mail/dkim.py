"""DKIM: rsa-sha256 and ed25519-sha256, relaxed/relaxed (RFC 6376, RFC 8463).

    hash of constant headers, hash of the body up to the first slot   (once an issue)
    copy | add what is the reader's own | sign                        (a message)

dkimpy leaves List-Unsubscribe-Post out, which breaks RFC 8058, and its RSA takes 12 ms; OpenSSL
takes 0.3. The body needs no canonical form: `mail.qp` writes it in that form.
"""

import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from newsletter.errors import SettingsError

#: Signed if they are there; the first ones are the same for all readers, so their hash is made
#: once.
_CONSTANT_HEADERS = (
    "from",
    "reply-to",
    "subject",
    "list-id",
    "list-unsubscribe-post",
    "feedback-id",
    "mime-version",
    "content-type",
    "content-language",
)
_RECIPIENT_HEADERS = ("to", "date", "message-id", "list-unsubscribe")
#: Named once more than they are there: a second one, put on top by somebody, breaks the signature
#: (RFC 6376, 8.15).
_OVERSIGNED_HEADERS = (
    "from",
    "to",
    "subject",
    "date",
    "reply-to",
    "list-unsubscribe",
    "list-unsubscribe-post",
)
#: Bits of an RSA key that verifiers believe in (RFC 8301, 3.2).
MIN_RSA_BITS = 1024
_HEADER_FIELD = re.compile(rb"(?m)^(?![ \t])([^:\r\n]++):((?:[^\r\n]|\r\n[ \t])*+)\r\n")
_WHITE_SPACE = re.compile(rb"[ \t\r\n]+")
_SHA256 = utils.Prehashed(hashes.SHA256())


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A key and where its public half stands: SELECTOR._domainkey.DOMAIN."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        """The value of the tag a=."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest; ed25519 signs the digest itself as its message (RFC 8463, 3)."""
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(digest, padding.PKCS1v15(), _SHA256)
        return self.key.sign(digest)


def load_signer(domain: str, selector: str, key_file: Path) -> Signer:
    """Read a private key (PEM, PKCS#1 or PKCS#8).

    Raises SettingsError; the key's text is in no message.
    """
    for label in (*domain.split("."), *selector.split(".")):
        if not re.fullmatch(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?", label, re.ASCII):
            raise SettingsError(
                "dkim.domain or dkim.selector is no name in the DNS: {name}.",
                name=f"{selector}._domainkey.{domain}",
            )
    try:
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except OSError as error:
        raise SettingsError(
            "The DKIM key {file} can't be read. Check dkim.key_file in newsletter.toml.",
            file=key_file,
        ) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError(
            "{file} holds no private key in PEM without a passphrase. Check dkim.key_file.",
            file=key_file,
        ) from error
    if isinstance(key, RSAPrivateKey) and key.key_size < MIN_RSA_BITS:
        raise SettingsError(
            "The DKIM key {file} is too short ({bits} bits). Make one of 2048 bits.",
            file=key_file,
            bits=key.key_size,
        )
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise SettingsError("The DKIM key {file} must be RSA or Ed25519.", file=key_file)
    return Signer(domain=domain, selector=selector, key=key)


class MessageSigner:
    """What the signatures of all messages of an issue have in common."""

    __slots__ = ("_body_hash", "_header_hash", "_leading_octets", "_signature_fields")

    def __init__(
        self, signers: Sequence[Signer], constant_headers: bytes, leading_body: bytes
    ) -> None:
        fields = {
            name.lower().decode(): canonicalise_header(name, value)
            for name, value in _HEADER_FIELD.findall(constant_headers)
        }
        names = [name for name in _CONSTANT_HEADERS if name in fields]
        self._header_hash = hashlib.sha256(b"".join(fields[name] for name in names))
        self._body_hash = hashlib.sha256(leading_body)
        self._leading_octets = len(leading_body)
        self._signature_fields = tuple(
            _SignatureField.for_signer(
                signer, ":".join([*names, *_RECIPIENT_HEADERS, *_OVERSIGNED_HEADERS])
            )
            for signer in signers
        )

    def draft_signatures(
        self, recipient_headers: Sequence[bytes], body: Sequence[bytes], date: datetime
    ) -> "list[UnsignedSignature]":
        """Return one DKIM-Signature a key, not signed yet, for personal headers and the whole body.

        `own` are fields as `mail.headers` writes them: folded at single spaces, nothing else to
        make canonical.
        """
        body_hash = self._body_hash.copy()
        for part in body if not self._leading_octets else body[1:]:
            body_hash.update(part)
        shared = self._header_hash.copy()
        shared.update(b"".join(canonicalise_own_header(field) for field in recipient_headers))
        values = int(date.timestamp()), binascii.b2a_base64(body_hash.digest(), newline=False)
        return [field.draft_signature(shared.copy(), values) for field in self._signature_fields]


@dataclass(frozen=True, slots=True)
class _SignatureField:
    """The header field of one key, open where time and body hash stand.

    As it is written, and in canonical form.
    """

    signer: Signer
    template: bytes
    canonical_template: bytes

    @classmethod
    def for_signer(cls, signer: Signer, names: str) -> "_SignatureField":
        tags = (
            f"v=1; a={signer.algorithm}; c=relaxed/relaxed; d={signer.domain};",
            f"s={signer.selector}; t=%d; bh=%b;",
            *_fold_names(f"h={names};"),
            "b=",
        )
        value = "\r\n ".join(tags).encode()
        return cls(
            signer,
            b"DKIM-Signature: " + value,
            canonicalise_header(b"DKIM-Signature", value).removesuffix(b"\r\n"),
        )

    def draft_signature(self, digest: Any, values: tuple[int, bytes]) -> "UnsignedSignature":
        """Return the field up to its signature.

        `digest` knows the headers that are signed, and is used up.
        """
        digest.update(self.canonical_template % values)
        return UnsignedSignature(self.signer, self.template % values, digest.digest())


@dataclass(frozen=True, slots=True)
class UnsignedSignature:
    """A DKIM-Signature that lacks but the signature itself."""

    signer: Signer
    #: The header field as far as it is known.
    field: bytes
    digest: bytes

    def sign(self) -> bytes:
        """Return the whole field. RSA of 2048 bits takes 0.2 ms, ed25519 0.02.

        OpenSSL lets other threads run meanwhile.
        """
        signature = binascii.b2a_base64(self.signer.sign(self.digest), newline=False)
        lines = [signature[at : at + 72] for at in range(0, len(signature), 72)]
        return b"\r\n ".join((self.field, *lines)) + b"\r\n"


def canonicalise_header(name: bytes, value: bytes) -> bytes:
    """Return a header in relaxed form (RFC 6376, 3.4.2)."""
    return name.lower().strip() + b":" + _WHITE_SPACE.sub(b" ", value).strip() + b"\r\n"


def canonicalise_own_header(field: bytes) -> bytes:
    """Return one of our own fields in relaxed form."""
    name, _, value = field.partition(b": ")
    return name.lower() + b":" + value.replace(b"\r\n ", b" ")


def _fold_names(names: str) -> list[str]:
    """Fold the list of header names at its colons."""
    lines = [""]
    for part in re.findall(r"[^:]+:?", names):
        if len(lines[-1]) + len(part) > 74:
            lines.append("")
        lines[-1] += part
    return lines
