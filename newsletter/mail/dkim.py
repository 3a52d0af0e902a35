"""DKIM: rsa-sha256 and ed25519-sha256, relaxed/relaxed (RFC 6376, RFC 8463).

    hash of constant headers, hash of the body up to the first slot   (once an issue)
    copy | add what is the reader's own | sign                        (a message)

dkimpy leaves List-Unsubscribe-Post out, which breaks RFC 8058, and its RSA takes 12 ms; OpenSSL takes 0.3.
The body needs no canonical form: `mail.qp` writes it in that form.
"""

import base64
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

#: Signed if they are there; the first ones are the same for all readers, so their hash is made once.
_CONSTANT = (
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
_OWN = ("to", "date", "message-id", "list-unsubscribe")
#: Named once more than they are there: a second one, put on top by somebody, breaks the signature (RFC 6376, 8.15).
_OVERSIGNED = ("from", "to", "subject", "date", "reply-to", "list-unsubscribe", "list-unsubscribe-post")
#: Bits of an RSA key that verifiers believe in (RFC 8301, 3.2).
SHORTEST_RSA = 1024
_FIELD = re.compile(rb"([^:\r\n]+):((?:[^\r\n]|\r\n[ \t])*)\r\n")
_SPACES = re.compile(rb"[ \t\r\n]+")
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
    """Read a private key (PEM, PKCS#1 or PKCS#8). Raises SettingsError; the key's text is in no message."""
    for label in (*domain.split("."), *selector.split(".")):
        if not re.fullmatch(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?", label, re.ASCII):
            raise SettingsError("dkim.domain or dkim.selector is no name in the DNS: {name}.", name=f"{selector}._domainkey.{domain}")
    try:
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except OSError as error:
        raise SettingsError("The DKIM key {file} can't be read. Check dkim.key_file in newsletter.toml.", file=key_file) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError("{file} holds no private key in PEM without a passphrase. Check dkim.key_file.", file=key_file) from error
    if isinstance(key, RSAPrivateKey) and key.key_size < SHORTEST_RSA:
        raise SettingsError("The DKIM key {file} is too short ({bits} bits). Make one of 2048 bits.", file=key_file, bits=key.key_size)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise SettingsError("The DKIM key {file} must be RSA or Ed25519.", file=key_file)
    return Signer(domain=domain, selector=selector, key=key)


class Prepared:
    """What the signatures of all messages of an issue have in common."""

    __slots__ = ("_body", "_headers", "_leading", "_names", "_signers")

    def __init__(self, signers: Sequence[Signer], constant: bytes, leading: bytes) -> None:
        fields = {name.lower().decode(): canonical(name, value) for name, value in _FIELD.findall(constant)}
        names = [name for name in _CONSTANT if name in fields]
        self._signers = tuple(signers)
        self._headers = hashlib.sha256(b"".join(fields[name] for name in names))
        self._body = hashlib.sha256(leading)
        self._leading = len(leading)
        self._names = ":".join([*names, *_OWN, *_OVERSIGNED])

    def sign(self, own: Sequence[bytes], body: Sequence[bytes], date: datetime) -> bytes:
        """Return one DKIM-Signature a key, for a reader's own headers and the whole body."""
        body_hash = self._body.copy()
        for part in body if not self._leading else body[1:]:
            body_hash.update(part)
        shared = self._headers.copy()
        for field in own:
            shared.update(canonical(*_FIELD.fullmatch(field).groups()))  # type: ignore[union-attr]  # made by mail.headers
        said = base64.b64encode(body_hash.digest()).decode()
        return b"".join(self._signature(signer, shared.copy(), said, int(date.timestamp())) for signer in self._signers)

    def _signature(self, signer: Signer, digest: Any, body_hash: str, at: int) -> bytes:
        tags = (
            f"v=1; a={signer.algorithm}; c=relaxed/relaxed; d={signer.domain};",
            f"s={signer.selector}; t={at}; bh={body_hash};",
            *_wrapped(f"h={self._names};"),
            "b=",
        )
        value = "\r\n ".join(tags).encode()
        digest.update(canonical(b"DKIM-Signature", value).removesuffix(b"\r\n"))
        signature = base64.b64encode(signer.sign(digest.digest())).decode()
        lines = [signature[at : at + 72] for at in range(0, len(signature), 72)]
        return b"DKIM-Signature: " + value + "\r\n ".join(["", *lines]).encode() + b"\r\n"


def canonical(name: bytes, value: bytes) -> bytes:
    """Return a header in relaxed form (RFC 6376, 3.4.2)."""
    return name.lower().strip() + b":" + _SPACES.sub(b" ", value).strip() + b"\r\n"


def _wrapped(names: str) -> list[str]:
    """Fold the list of header names at its colons."""
    lines = [""]
    for part in re.findall(r"[^:]+:?", names):
        if len(lines[-1]) + len(part) > 74:
            lines.append("")
        lines[-1] += part
    return lines
