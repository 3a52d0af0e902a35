"""What other programs call a subscriber's status, in English, Swedish and German."""

from collections.abc import Mapping
from functools import lru_cache

from newsletter.domain.subscriber import SubscriberStatus

#: Cells that are remembered: lists say the same again and again.
_CACHE_ENTRIES = 4096
#: What other programs call each status of a subscriber.
_STATUS_WORDS: Mapping[SubscriberStatus, str] = {
    SubscriberStatus.active: (
        """active subscribed enabled confirmed true yes 1 aktiv aktiva prenumererar prenumerant
        ja sant bekräftad angemeldet abonniert wahr bestätigt granted accepted allowed valid"""
    ),
    SubscriberStatus.pending: (
        "pending unconfirmed obekräftad väntar väntande ausstehend unbestätigt"
    ),
    SubscriberStatus.unsubscribed: (
        """unsubscribed unsubscribe optout optedout false no 0 avregistrerad avprenumererad
        avanmäld avslutad nej falskt abgemeldet nein falsch denied declined revoked withdrawn
        nomail neversubscribed nonsubscribed"""
    ),
    SubscriberStatus.bounced: (
        "bounced bounce hardbounced hardbounce cleaned undeliverable studsat studsad studsade"
        " unzustellbar"
    ),
    SubscriberStatus.complained: "complained complaint spam spamanmäld abuse beschwerde",
    SubscriberStatus.manual: (
        """manual suppressed blocked blocklisted blacklisted disabled inactive deleted archived
        spärrad blockerad inaktiv inaktiverad borttagen gesperrt deaktiviert gelöscht"""
    ),
}
_STATUS_BY_WORD = {
    word: status for status, words in _STATUS_WORDS.items() for word in words.split()
}


@lru_cache(maxsize=_CACHE_ENTRIES)
def parse_status(cell: str) -> str | None:
    """Return the status that a word of another program means.

    "" for an empty cell, None for an unknown word.
    """
    word = "".join(character for character in cell.casefold() if character.isalnum())
    if not word:
        return ""
    status = _STATUS_BY_WORD.get(word)
    return status.value if status is not None else None
