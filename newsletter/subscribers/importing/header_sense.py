"""What a yes under a column's name means: letters, no letters, or something else."""

from enum import Enum
from functools import lru_cache

from newsletter.domain.subscriber import SUPPRESSION_ORDER, SubscriberStatus, SuppressionReason
from newsletter.language.list_headers import load_word_forms, split_words


class HeaderSense(Enum):
    """What a yes under a header means."""

    #: No letters: blocked, opted out, bounced, dead.
    stop = "stop"
    #: Letters: consent, subscribed, confirmed.
    consent = "consent"
    #: It speaks of letters, and its words turn each other round.
    unclear = "unclear"
    #: A date or a count of something else: created, opened, birthday.
    neutral = "neutral"
    #: What somebody is: a customer, a man.
    attribute = "attribute"
    #: Calls, text messages: none of them is a letter.
    other_channel = "other channel"
    #: None of its words is known.
    unknown = "unknown"


@lru_cache(maxsize=1024)
def judge_header(name: str) -> HeaderSense:
    """Return what a yes under this header means."""
    words = split_words(name)
    if load_word_forms("other_channels").match(words) and not load_word_forms("mail").match(words):
        return HeaderSense.other_channel
    is_stop = find_stop_status(name) is not None
    is_consent = load_word_forms("consent").match(
        word for word in words if find_stop_status(word) is None
    )
    if load_word_forms("negations").match(words[:-1]):  # "Phone no" ends in a number
        return HeaderSense.unclear if is_stop else HeaderSense.stop
    if is_stop:
        return HeaderSense.unclear if is_consent else HeaderSense.stop
    if is_consent:
        return HeaderSense.consent
    if load_word_forms("attributes").match(words):
        return HeaderSense.attribute
    return HeaderSense.neutral if load_word_forms("neutral").match(words) else HeaderSense.unknown


@lru_cache(maxsize=1024)
def find_stop_status(name: str) -> SubscriberStatus | None:
    """Return what a yes under this header makes of a subscriber; None where it isn't said.

    Of several reasons the strongest one, as the domain orders them.
    """
    words = split_words(name)
    return next(
        (
            reason.status
            for reason in reversed(SUPPRESSION_ORDER)
            if reason is not SuppressionReason.erased and load_word_forms(reason.value).match(words)
        ),
        None,
    )


def is_about_letters(name: str) -> bool:
    """Return True if a header speaks of mail, or of who wants it."""
    return judge_header(name) is HeaderSense.consent or load_word_forms("mail").match(
        split_words(name)
    )


def is_count(name: str) -> bool:
    """Return True if a header has a word for a date or a count of something."""
    return load_word_forms("neutral").match(split_words(name))
