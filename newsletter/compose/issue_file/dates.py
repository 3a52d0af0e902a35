"""Dates as an issue's readers write them, said so that they can be read back (babel)."""

import datetime

from babel.dates import format_date

from newsletter.dates import get_locale, parse_date

__all__ = ["format_long_date", "format_month_name", "format_month_year", "get_locale", "parse_date"]


def format_long_date(date: datetime.date, language: str) -> str:
    """Return a date in words, "24 november 2026".

    ISO 8601 where the words couldn't be read back.
    """
    text = format_date(date, "long", locale=get_locale(language))
    return text if parse_date(text, language) == date else date.isoformat()


def format_month_year(date: datetime.date, language: str) -> str:
    """Return month and year, "december 2026"."""
    return format_date(date, "LLLL y", locale=get_locale(language))


def format_month_name(date: datetime.date, language: str) -> str:
    """Return the month alone, "december"."""
    return format_date(date, "LLLL", locale=get_locale(language))
