"""Dates as people write them, in their language or in English (babel).

Months, weekdays, and what they spell.

Issue files hold dates under teasers and in calendars; this is the only module that knows the names.
"""

import datetime
import re
from functools import cache

from babel import Locale, UnknownLocaleError

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
#: Words that may stand around a date without changing it.
_FILLER_WORDS = frozenset(
    [
        "den",
        "the",
        "of",
        "de",
        "del",
        "le",
        "am",
        "vom",
        "op",
        "th",
        "st",
        "nd",
        "rd",
        "er",
        "el",
        "kl",
    ]
)


@cache
def get_locale(language: str) -> Locale:
    """Return babel's locale of a language ("sv", "sv-FI"); English for an unknown one."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        base = language.partition("-")[0]
        return Locale("en") if base == language else get_locale(base)


def parse_date(text: str, language: str) -> datetime.date | None:
    """Return the date that a text is, in words of the language or of English, or as ISO 8601.

    None where it is no date.
    """
    text = text.strip()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    if not text or len(text) > 60:
        return None
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    for names in (get_month_numbers(language), get_month_numbers("en")):
        found = _parse_tokens(tokens, names, get_weekday_names(language) | get_weekday_names("en"))
        if found:
            return found
    return None


def _parse_tokens(
    tokens: list[str], month_numbers: dict[str, int], weekday_names: frozenset[str]
) -> datetime.date | None:
    found = [
        month_numbers[token]
        for token in tokens
        if token in month_numbers and token not in _FILLER_WORDS
    ]
    numbers = [token for token in tokens if token.isdecimal() and token.isascii()]
    rest = [
        token
        for token in tokens
        if not token.isdecimal()
        and token not in month_numbers
        and token not in weekday_names
        and token not in _FILLER_WORDS
    ]
    years = [int(number) for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) < 3]
    if rest or len(found) != 1 or len(years) != 1 or len(days) != 1 or len(numbers) != 2:
        return None
    try:
        return datetime.date(years[0], found[0], days[0])
    except ValueError:
        return None


@cache
def get_month_numbers(language: str) -> dict[str, int]:
    """Return the names of the months, short and long, in small letters, with their numbers."""
    names: dict[str, int] = {}
    for context in ("stand-alone", "format"):
        for width in ("abbreviated", "wide"):
            for number, name in get_locale(language).months[context][width].items():
                names[name.lower().rstrip(".")] = int(number)
    return names


@cache
def get_weekday_names(language: str) -> frozenset[str]:
    """Return the names of the days of the week, short and long, in small letters."""
    days = get_locale(language).days["format"]
    return frozenset(
        name.lower().rstrip(".")
        for width in ("abbreviated", "wide")
        for name in days[width].values()
    )
