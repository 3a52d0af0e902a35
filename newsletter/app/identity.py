"""What a newsletter is for ever: its List-Id, and the keys that sign its links."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from newsletter.errors import StoreError
from newsletter.mail.tokens import TokenKeys, generate_key
from newsletter.store import audit_log, instance
from newsletter.store.database import Database

#: A token names its key in one byte.
MAX_TOKEN_KEYS = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The List-Id (RFC 2919) and the keys, as they are in the database."""

    list_id: str
    token_keys: TokenKeys
    #: Derived from the first key, so that a rotation changes no pseudonym.
    hash_secret: bytes = field(repr=False)

    def make_keyed_hash(self, text: str) -> str:
        """Return the pseudonym of an address: "#" and 32 digits (GDPR, article 4(5)).

        Nobody can turn it around without our keys.
        """
        return (
            "#"
            + hmac.digest(self.hash_secret, text.encode("utf-8", "replace"), "sha256")[:16].hex()
        )


def open_identity(database: Database, public_url: str, now: datetime) -> Identity:
    """Read the identity; what is missing is made, all of it in one transaction.

    Where it is there nothing is written, so nobody waits for a writer.
    """
    with database.read() as connection:
        list_id = instance.find(connection, "list_id")
        known = instance.get_token_keys(connection)
    if list_id is None or not known:
        with database.begin() as connection:
            host = urlsplit(public_url).hostname or "newsletter"
            list_id = instance.get_or_set(connection, "list_id", host)
            if not (known := instance.get_token_keys(connection)):
                instance.add_token_key(connection, 1, generate_key(), now)
                known = instance.get_token_keys(connection)
    keys = TokenKeys(list_id, known)
    return Identity(list_id=list_id, token_keys=keys, hash_secret=keys.derive_secret("seal"))


def rotate_token_key(database: Database, public_url: str, now: datetime) -> int:
    """Sign with a new key from now on; return its number. Older links go on working.

    Whoever has the identity open goes on with the old keys. Raises StoreError after 255 keys.
    """
    open_identity(database, public_url, now)  # the first one is made before a second
    with database.begin() as connection:
        number = max(instance.get_token_keys(connection)) + 1
        if number > MAX_TOKEN_KEYS:
            raise StoreError(
                "There are {most} keys already, the most that links can name. Go on with the"
                " newest.",
                most=MAX_TOKEN_KEYS,
            )
        instance.add_token_key(connection, number, generate_key(), now)
        audit_log.write(connection, now, "key.added", number=number)
    return number
