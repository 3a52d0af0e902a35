"""Dates as feeds and front matter write them, in any language, as aware datetimes."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from email.utils import parsedate_to_datetime

from newsletter.posts.text import one_line

#: Zones that RFC 822 doesn't know and European feeds use.
_ZONES = (
    dict.fromkeys(("CET", "MEZ", "WEST", "BST"), "+0100")
    | dict.fromkeys(("CEST", "MESZ", "EET"), "+0200")
    | {"EEST": "+0300", "WET": "+0000"}
)
#: Tried after the feed's own language.
_LANGUAGES = ("en", "sv", "de", "nb", "da", "fr", "fi", "nl", "es")
#: 1.12.2026, 1/12 2026, with a time or without.
_NUMBERS = re.compile(
    r"(\d{1,2})([./])\s?(\d{1,2})(?:\2\s?|\s)(\d{4})(?:,?\s(?:(?:kl|klo)\.?\s)?(\d{1,2})[.:](\d\d)(?::(\d\d))?)?",
    re.IGNORECASE,
)
#: "Publicerad:", "Posted on": what stands before a date; hours and minutes with a dot between them.
_LABEL = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+)?\s?:\s*(?=\S)")
_TIME = re.compile(
    r",?\s(?:kl|klo|klokken|klockan)?\.?\s?([01]?\d|2[0-3])\.([0-5]\d)(?=\s|$)", re.IGNORECASE
)
_UNSET = re.compile(r"(?:^|\s)-\d{4}\s\d\d:|^0000-")
_EARLIEST = datetime(1970, 1, 3, tzinfo=UTC)
#: No date is written longer (characters).
_LONGEST = 60
#: dateparser takes milliseconds for a date, and for what isn't one: it is asked so often a feed.
_MOST_SLOW = 500


class Dates:
    """Reads the dates of one source. `zone`: where a date without one was written.

    `language`: tried first for month names.
    """

    def __init__(self, zone: tzinfo = UTC, language: str | None = None) -> None:
        self._zone = zone
        own = (language or "").split("-")[0].lower()
        self._is_american = (language or "").lower() in ("en", "en-us")
        self._languages = list(
            dict.fromkeys(
                [*([{"no": "nb", "nn": "nb"}.get(own, own)] if len(own) == 2 else []), *_LANGUAGES]
            )
        )
        self._left = _MOST_SLOW

    def read(self, texts: Iterable[object], known: float | None = None) -> datetime | None:
        """Return the first of several dates that can be read, or None.

        `known`: one in seconds since 1970, where a parser has found it.
        """
        given = [text for text in texts if text]
        for text in given:
            found = self._quick(text)
            if found:
                return found
        if known is not None and not any(_is_unset(text) for text in given):
            return _believed(_from_seconds(known))
        for text in given:
            found = self._slow(text) if isinstance(text, str) else None
            if found:
                return found
        return None

    def _quick(self, value: object) -> datetime | None:
        if isinstance(value, datetime):
            return self._aware(value)
        if isinstance(value, date):
            return datetime.combine(value, time(), self._zone)
        if not isinstance(value, str) or len(value) > 2 * _LONGEST or _is_unset(value):
            return None
        text = one_line(value)
        head, _, last = text.rpartition(" ")
        text = f"{head} {_ZONES[last.upper()]}" if last.upper() in _ZONES else text
        if numbers := _NUMBERS.fullmatch(text):
            return self._numbers(numbers)
        for reader in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                return self._aware(reader(text))
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
        return None

    def _numbers(self, found: re.Match[str]) -> datetime | None:
        """Read 1.12.2026: the day comes first, but for American slashes."""
        day, month = (int(found[number]) for number in (1, 3))
        if found[2] == "/" and (self._is_american or month > 12):
            day, month = month, day
        try:
            return self._aware(
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

    def _slow(self, text: str) -> datetime | None:
        if (
            self._left <= 0
            or len(text) > _LONGEST
            or _is_unset(text)
            or not any(character.isdigit() for character in text)
        ):
            return None
        self._left -= 1
        # dateparser takes half a second to import: only who needs it pays.
        import dateparser

        try:
            found = dateparser.parse(
                _plainer(one_line(text)),
                languages=self._languages,
                settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]},
            )
        # dateparser raises what its many parsers happen to: KeyError, OverflowError, re.error …
        except Exception:  # noqa: BLE001
            return None
        return self._aware(found) if found else None

    def _aware(self, found: datetime) -> datetime | None:
        try:
            aware = found if found.tzinfo else found.replace(tzinfo=self._zone)
            return _believed(aware.astimezone(UTC))
        except (ValueError, OverflowError):
            return None


def _plainer(text: str) -> str:
    """Return a date without a label before it, and with the time's hours and minutes as dateparser knows them: "kl. 08.15"."""
    return _TIME.sub(r" \1:\2", _LABEL.sub("", text))


def _is_unset(value: object) -> bool:
    """Say whether a date was never set, and what stands there is what a program makes of nothing (WordPress: year -1)."""
    return isinstance(value, str) and _UNSET.search(value) is not None


def _believed(found: datetime | None) -> datetime | None:
    """Return a date, or None where it is a program's zero: the first day of Unix, or of our era."""
    return found if found is not None and found >= _EARLIEST else None


def _from_seconds(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
