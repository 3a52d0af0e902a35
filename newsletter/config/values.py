"""Values of settings that have a form of their own: zones, addresses, rates, colours."""

from typing import Annotated, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from newsletter.errors import AddressError
from newsletter.i18n import Phrase


def raise_mistake(phrase: Phrase) -> NoReturn:
    """Say what is wrong in a sentence of ours; `mistakes.py` takes it out again."""
    raise PydanticCustomError("mistake", "{phrase}", {"phrase": phrase})


def validate_zone(value: str) -> str:
    """Return the value, or raise what `mistakes` turns into a sentence."""
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError):
        raise_mistake(
            Phrase("“{value}” is no time zone. Write one such as Europe/Stockholm.", value=value)
        )
    return value


def validate_base_url(value: str) -> str:
    """Return the value, or raise what `mistakes` turns into a sentence."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise_mistake(
            Phrase(
                "“{value}” is no web address. Write one such as https://nyhetsbrev.example.org.",
                value=value,
            )
        )
    return value.rstrip("/")


def validate_language(value: str) -> str:
    """Return the value, or raise what `mistakes` turns into a sentence."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(value, sep="-")
    except (UnknownLocaleError, ValueError):
        raise_mistake(
            Phrase(
                "“{value}” is no language. Write sv, en, or another two-letter code.", value=value
            )
        )
    return value


def validate_mailbox(value: str) -> str:
    """Return the value, or raise what `mistakes` turns into a sentence."""
    from newsletter.mail.address import parse_mailbox

    try:
        parse_mailbox(value)
    except AddressError as error:
        raise_mistake(error.phrase)
    return value


def validate_rate(value: str) -> str:
    """Return the value, or raise what `mistakes` turns into a sentence."""
    count, _, unit = value.partition("/")
    if not count.strip().isdecimal() or int(count) < 1 or unit.strip() not in SECONDS_PER_UNIT:
        raise_mistake(
            Phrase(
                "“{value}” is no rate. Write one such as 20/second, 600/minute or 5000/hour.",
                value=value,
            )
        )
    return value


def validate_colour(value: str) -> str:
    """Return the value, or raise what `mistakes` turns into a sentence."""
    if (
        len(value) != 7
        or value[0] != "#"
        or not all(digit in "0123456789abcdefABCDEF" for digit in value[1:])
    ):
        raise_mistake(
            Phrase("“{value}” is no colour. Write # and six digits, such as #0f5c4a.", value=value)
        )
    return value.lower()


SECONDS_PER_UNIT = {"second": 1, "minute": 60, "hour": 3600}
LineStr = Annotated[
    str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]*$")
]
MailboxStr = Annotated[LineStr, AfterValidator(validate_mailbox)]
BaseUrlStr = Annotated[LineStr, AfterValidator(validate_base_url)]
RateStr = Annotated[LineStr, AfterValidator(validate_rate)]
PortNumber = Annotated[int, Field(ge=1, le=65535)]


def parse_rate(rate: str | None) -> float | None:
    """Return a rate of the settings ("600/minute") in messages a second.

    None: as fast as it goes.
    """
    if rate is None:
        return None
    count, _, unit = rate.partition("/")
    return int(count) / SECONDS_PER_UNIT[unit.strip()]
