"""Dates as an issue's readers write them, said so that they can be read back (babel)."""

import datetime

from babel.dates import format_date

from newsletter.dates import locale, read_date

__all__ = ["locale", "read_date", "say_date", "say_month", "say_month_name"]


def say_date(date: datetime.date, language: str) -> str:
    """Return a date in words, "24 november 2026".

    ISO 8601 where the words couldn't be read back.
    """
    text = format_date(date, "long", locale=locale(language))
    return text if read_date(text, language) == date else date.isoformat()


def say_month(date: datetime.date, language: str) -> str:
    """Return month and year, "december 2026"."""
    return format_date(date, "LLLL y", locale=locale(language))


def say_month_name(date: datetime.date, language: str) -> str:
    """Return the month alone, "december"."""
    return format_date(date, "LLLL", locale=locale(language))
