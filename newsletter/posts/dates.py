"""Dates as feeds and front matter write them, in any language, as aware datetimes."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from email.utils import parsedate_to_datetime

from newsletter.posts.text import to_one_line

#: Zones that RFC 822 doesn't know and European feeds use.
_ZONE_OFFSETS = (
    dict.fromkeys(("CET", "MEZ", "WEST", "BST"), "+0100")
    | dict.fromkeys(("CEST", "MESZ", "EET"), "+0200")
    | {"EEST": "+0300", "WET": "+0000"}
)
#: Tried after the feed's own language.
_FALLBACK_LANGUAGES = ("en", "sv", "de", "nb", "da", "fr", "fi", "nl", "es")
#: 1.12.2026, 1/12 2026, with a time or without.
_NUMERIC_DATE = re.compile(
    r"(\d{1,2})([./])\s?(\d{1,2})(?:\2\s?|\s)(\d{4})(?:,?\s(?:(?:kl|klo)\.?\s)?(\d{1,2})[.:]"
    r"(\d\d)(?::(\d\d))?)?",
    re.IGNORECASE,
)
#: "Publicerad:", "Posted on": what stands before a date; hours and minutes with a dot between them.
_LABEL = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+)?\s?:\s*(?=\S)")
_DOTTED_TIME = re.compile(
    r",?\s(?:kl|klo|klokken|klockan)?\.?\s?([01]?\d|2[0-3])\.([0-5]\d)(?=\s|$)", re.IGNORECASE
)
_UNSET_DATE = re.compile(r"(?:^|\s)-\d{4}\s\d\d:|^0000-")
_EARLIEST_DATE = datetime(1970, 1, 3, tzinfo=UTC)
#: No date is written longer (characters).
_MAX_DATE_CHARS = 60
#: dateparser takes milliseconds for a date, and for what isn't one: it is asked so often a feed.
_MAX_DATEPARSER_CALLS = 500


class DateParser:
    """Reads the dates of one source. `zone`: where a date without one was written.

    `language`: tried first for month names.
    """

    def __init__(self, zone: tzinfo = UTC, language: str | None = None) -> None:
        self._zone = zone
        own = (language or "").split("-")[0].lower()
        self._is_month_first = (language or "").lower() in ("en", "en-us")
        self._languages = list(
            dict.fromkeys(
                [
                    *([{"no": "nb", "nn": "nb"}.get(own, own)] if len(own) == 2 else []),
                    *_FALLBACK_LANGUAGES,
                ]
            )
        )
        self._dateparser_calls_left = _MAX_DATEPARSER_CALLS

    def parse_first(
        self, texts: Iterable[object], timestamp: float | None = None
    ) -> datetime | None:
        """Return the first of several dates that can be read, or None.

        `known`: one in seconds since 1970, where a parser has found it.
        """
        given = [text for text in texts if text]
        for text in given:
            found = self._parse_standard(text)
            if found:
                return found
        if timestamp is not None and not any(_is_unset(text) for text in given):
            return _drop_zero_date(_from_timestamp(timestamp))
        for text in given:
            found = self._parse_with_dateparser(text) if isinstance(text, str) else None
            if found:
                return found
        return None

    def _parse_standard(self, value: object) -> datetime | None:
        if isinstance(value, datetime):
            return self._to_utc(value)
        if isinstance(value, date):
            return datetime.combine(value, time(), self._zone)
        if not isinstance(value, str) or len(value) > 2 * _MAX_DATE_CHARS or _is_unset(value):
            return None
        text = to_one_line(value)
        head, _, last = text.rpartition(" ")
        text = f"{head} {_ZONE_OFFSETS[last.upper()]}" if last.upper() in _ZONE_OFFSETS else text
        if numbers := _NUMERIC_DATE.fullmatch(text):
            return self._parse_numeric(numbers)
        for reader in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                return self._to_utc(reader(text))
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
        return None

    def _parse_numeric(self, found: re.Match[str]) -> datetime | None:
        """Read 1.12.2026: the day comes first, but for American slashes."""
        day, month = (int(found[number]) for number in (1, 3))
        if found[2] == "/" and (self._is_month_first or month > 12):
            day, month = month, day
        try:
            return self._to_utc(
                datetime(  # noqa: DTZ001
                    int(found[4]),
                    month,
                    day,
                    int(found[5] or 0),
                    int(found[6] or 0),
                    int(found[7] or 0),
                )
            )  # the zone comes next
        except ValueError:
            return None

    def _parse_with_dateparser(self, text: str) -> datetime | None:
        if (
            self._dateparser_calls_left <= 0
            or len(text) > _MAX_DATE_CHARS
            or _is_unset(text)
            or not any(character.isdigit() for character in text)
        ):
            return None
        self._dateparser_calls_left -= 1
        # dateparser takes half a second to import: only who needs it pays.
        import dateparser

        try:
            found = dateparser.parse(
                _strip_label(to_one_line(text)),
                languages=self._languages,
                settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]},
            )
        # dateparser raises what its many parsers happen to: KeyError, OverflowError, re.error …
        except Exception:  # noqa: BLE001
            return None
        return self._to_utc(found) if found else None

    def _to_utc(self, found: datetime) -> datetime | None:
        try:
            aware = found if found.tzinfo else found.replace(tzinfo=self._zone)
            return _drop_zero_date(aware.astimezone(UTC))
        except (ValueError, OverflowError):
            return None


def _strip_label(text: str) -> str:
    """Return a date without a label before it.

    Hours and minutes come as dateparser knows them ("kl. 08.15").
    """
    return _DOTTED_TIME.sub(r" \1:\2", _LABEL.sub("", text))


def _is_unset(value: object) -> bool:
    """Return True if a date was never set: a program's zero value (WordPress: year -1)."""
    return isinstance(value, str) and _UNSET_DATE.search(value) is not None


def _drop_zero_date(found: datetime | None) -> datetime | None:
    """Return a date, or None where it is a program's zero: the first day of Unix, or of our era."""
    return found if found is not None and found >= _EARLIEST_DATE else None


def _from_timestamp(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
