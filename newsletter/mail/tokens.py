"""Tokens: the part of a link that says whose it is, and that nobody can make or alter.

    21 bytes = key id (1) + subscriber id, masked (4) + HMAC-SHA256 cut to 16      → 28 characters
    of base64url

The MAC is over purpose, list, key id and subscriber id: a link to unsubscribe confirms nothing, and
a link of another list opens nothing. The mask hides row numbers. Nothing is stored and nothing runs
out: a link of years ago works while its key is in the list (RFC 8058; the newest key signs, all of
them verify).
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from enum import StrEnum

from newsletter.domain.confirmation import ConfirmationId
from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import TokenError

#: Length in characters.
TOKEN_CHARS = 28
#: Length of a key in bytes.
KEY_BYTES = 32
_MAC_BYTES = 16
#: Bytes that SHA-256 takes at a time.
_BLOCK_BYTES = 64
_TOKEN_PATTERN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_CHARS}}}", re.ASCII)


class Purpose(StrEnum):
    """What a link is for; a token of one purpose is worth nothing for another.

    The first two name a subscriber and work for ever; the others name a request, which is confirmed
    once, within 48 hours.
    """

    unsubscribe = "unsubscribe"
    preferences = "preferences"
    confirm = "confirm"
    #: An address change, confirmed at the old and at the new address.
    move_from = "move_from"
    move_to = "move_to"


def generate_key() -> bytes:
    """Return a key to sign with, from the system's source of randomness."""
    return secrets.token_bytes(KEY_BYTES)


class Hmac:
    """HMAC-SHA256 (RFC 2104) with one key, whose two states are made once.

    `hmac.digest` takes four times as long.

    Every message needs four of them.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(
            _BLOCK_BYTES, b"\0"
        )
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, message: bytes) -> bytes:
        """Return the 32 bytes for a message."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


class TokenKeys:
    """The keys of one list, by their ids (0–255): the highest id is the newest."""

    __slots__ = ("_keys", "_list", "_mac_prefixes", "_macs", "_newest")

    def __init__(self, list_id: str, keys: Mapping[int, bytes]) -> None:
        if not keys or not all(
            0 <= number <= 255 and len(key) >= 16 for number, key in keys.items()
        ):
            raise ValueError("a list needs a key of 16 bytes or more, and ids from 0 to 255")
        self._list = list_id.encode()
        self._keys = dict(keys)
        self._macs = {number: Hmac(key) for number, key in keys.items()}
        self._newest = max(keys)
        # What a MAC is over, but for key and subscriber: it is made for every message.
        self._mac_prefixes = {
            purpose: b"\0".join((b"newsletter token", purpose.value.encode(), self._list, b""))
            for purpose in Purpose
        }

    def __repr__(self) -> str:
        return f"TokenKeys({self._list.decode()!r}, {len(self._keys)} keys)"

    def sign(self, purpose: Purpose, row_id: SubscriberId | ConfirmationId) -> str:
        """Return a token of 28 characters (letters, digits, - and _)."""
        number = int(row_id).to_bytes(4)
        mac = self._compute_mac(purpose, self._newest, number)
        raw = self._newest.to_bytes() + _mask(self._macs[self._newest], mac, number) + mac
        return base64.urlsafe_b64encode(raw).decode()

    def verify(self, purpose: Purpose, token: str) -> SubscriberId:
        """Return whose token it is. Whether that reader exists is for others to find out.

        Raises TokenError, with the same words whatever is wrong.
        """
        raw = (
            base64.urlsafe_b64decode(token)
            if _TOKEN_PATTERN.fullmatch(token)
            else bytes(1 + 4 + _MAC_BYTES)
        )
        key_id, masked, mac = raw[0], raw[1:5], raw[5:]
        # An unknown key id costs the same time as a known one.
        number = _mask(self._macs.get(key_id, self._macs[self._newest]), mac, masked)
        genuine = hmac.compare_digest(self._compute_mac(purpose, key_id, number), mac)
        if not (genuine and key_id in self._keys):
            raise TokenError(
                "This link isn't complete, or it isn't one of ours. Use the link in your newest"
                " letter."
            )
        return SubscriberId(int.from_bytes(number))

    def verify_confirmation(self, purpose: Purpose, token: str) -> ConfirmationId:
        """Return whose request a token confirms. Raises TokenError."""
        return ConfirmationId(int(self.verify(purpose, token)))

    def derive_secret(self, purpose: str) -> bytes:
        """Return 32 bytes for another use ("message-id").

        They never change, because the oldest key makes them.
        """
        return hmac.digest(
            self._keys[min(self._keys)],
            b"newsletter secret\0" + purpose.encode() + b"\0" + self._list,
            "sha256",
        )

    def _compute_mac(self, purpose: Purpose, key_id: int, number: bytes) -> bytes:
        key = self._macs.get(key_id, self._macs[self._newest])
        return key.digest(self._mac_prefixes[purpose] + key_id.to_bytes() + number)[:_MAC_BYTES]


def _mask(key: Hmac, mac: bytes, number: bytes) -> bytes:
    mask = key.digest(b"mask" + mac)[: len(number)]
    return (int.from_bytes(number) ^ int.from_bytes(mask)).to_bytes(len(number))
