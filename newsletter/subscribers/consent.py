"""Proof of consent: who said yes, when, and how (GDPR, article 7.1)."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from newsletter.domain.subscriber import Consent, Subscriber, SubscriberId
from newsletter.store import subscribers

#: By a member of staff, one address at a time.
STAFF_CONSENT_SOURCE = "staff"


def build_import_consent(
    file: Path, now: datetime, *, wording: str = "", actor: str = ""
) -> Consent:
    """Return the proof that an imported list gives.

    Its file's name, the time, who imported it, and the words that were said yes to.
    """
    return Consent(at=now, source=f"import {file.name}", wording=wording, actor=actor)


def build_staff_consent(wording: str, now: datetime, *, actor: str = "") -> Consent:
    """Return the proof for a person whom staff add; `wording` says how they asked for it."""
    return Consent(at=now, source=STAFF_CONSENT_SOURCE, wording=wording, actor=actor)


def add_with_consent(
    connection: sa.Connection, subscriber: Subscriber, key: str, consent: Consent
) -> SubscriberId:
    """Write a new subscriber and the proof of their consent; return their id."""
    number = subscribers.add(connection, subscriber, key)
    subscribers.add_consent(connection, number, consent)
    return number
