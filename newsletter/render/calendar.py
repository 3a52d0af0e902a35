"""Read a calendar out of a section's list: what is on, when and where, as staff write it.

- 2026-12-19 18:00 Öppet hus, Stadsbiblioteket
- lördag 19 december kl. 18–20: [Öppet hus](https://…), Stadsbiblioteket, plan 2
- 19–21 januari Vinterlov
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from newsletter import markdown
from newsletter.dates import months, weekdays
from newsletter.domain.issue import Layout, Section
from newsletter.render.safe import one_line, safe_url

_TO = r"\s*(?:[–—-]|till|to|bis|til)\s*"
_EMPHASIS = re.compile(r"\A(\*{1,2}|_{1,2})(.+?)\1")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?:den\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|:e|\.)?(?:{_TO}(?P<last>\d{{1,2}})\.?)?\s+(?:of\s+|de\s+)?(?P<name>[^\W\d_]+)\.?"
    r"(?:,?\s+(?:de\s+)?(?P<year>(?:19|20)\d\d)(?![\d:.]))?"
)
_MONTH_FIRST = re.compile(
    rf"(?P<name>[^\W\d_]+)\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.])(?:{_TO}(?P<last>\d{{1,2}}))?(?:,?\s+(?P<year>(?:19|20)\d\d)(?![\d:.]))?"
)
_SLASHED = re.compile(
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:[ /-](?P<year>(?:19|20)\d\d)(?![\d:.]))?(?![\d/])"
)
_HOUR, _MINUTE, _END = r"(?:[01]?\d|2[0-4])", r"[:.][0-5]\d", r"(?!\d|[:.]\d)"
_CLOCK = re.compile(
    rf"(?:(?:(?:kl|klo|klokka|klokken)\.?|at|um)\s*(?P<from>{_HOUR}(?:{_MINUTE})?){_END}|(?P<from2>{_HOUR}{_MINUTE}){_END}|(?P<from3>1?\d)(?=\s*[ap]m\b))"
    rf"(?:{_TO}(?P<to>{_HOUR}(?:{_MINUTE})?){_END})?(?:\s*(?P<half>[ap]m)\b|\s*(?:uhr|h)\b)?",
    re.IGNORECASE,
)
_BETWEEN = " \t,:;–—-"
#: A date without a year is the one that lies so near the issue's, in days before and after.
_BEFORE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that is on."""

    day: datetime.date
    #: The last day, where it is several.
    until: datetime.date | None = None
    starts: datetime.time | None = None
    ends: datetime.time | None = None
    #: Plain text, one line each.
    title: str
    place: str = ""
    note: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A section's list, read."""

    events: tuple[Event, ...]
    #: Markdown around the list.
    text: str
    #: Items in which no date was found, as they stand in the file.
    unread: tuple[str, ...] = ()


def calendar_of(section: Section, language: str, near: datetime.date | None) -> Calendar | None:
    """Return a section as a calendar.

    Where its layout says so, or it has no teasers and each item of its list begins with a date.

    `near` is the issue's date, from which a missing year is reckoned; without it every date needs
    its year. An item without a date makes it an ordinary section again (`unread` of `read_calendar`
    says which).
    """
    if section.layout not in (None, Layout.calendar) or (
        section.layout is None and section.teasers
    ):
        return None
    found = read_calendar(section.text, language, near)
    return found if found.events and not found.unread else None


def read_calendar(text: str, language: str, near: datetime.date | None) -> Calendar:
    """Return what the lists of a Markdown text say."""
    tokens = markdown.parse(text)
    lines = text.split("\n")
    around, at = [], 0
    events, unread = [], []
    for start, end, items in _lists(tokens):
        around.append("\n".join(lines[at:start]))
        at = end
        for first, note in items:
            event = _event(first, note, language, near)
            if event is None:
                unread.append(one_line(first))
            else:
                events.append(event)
    around.append("\n".join(lines[at:]))
    return Calendar(
        events=tuple(events),
        text="\n\n".join(part.strip("\n") for part in around if part.strip()),
        unread=tuple(unread),
    )


def _lists(tokens: list[Token]) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
    """Yield each list that stands in no other.

    Its lines, and of each item the first line and the rest as plain text.
    """
    items: list[tuple[str, list[str]]] = []
    lines, number = (0, 0), ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open") and token.level == 0:
            lines = (token.map or [0, 0])[0], (token.map or [0, 0])[1]
            items = []
        elif token.type == "list_item_open" and token.level == 1:
            items.append(("", []))
            number = ""
        elif token.type == "ordered_list_open" and items and items[-1] == ("", []):
            # "19. Dezember" after a hyphen is a numbered list in a list.
            number = f"{token.attrGet('start') or 1}. "
        elif token.type == "inline" and token.level > 1 and items:
            first, rest = items[-1]
            if first or rest:
                rest.append(_plain(token.content)[0])
            else:
                line, _, more = token.content.partition("\n")
                items[-1] = (number + line, [_plain(more)[0]] if more else [])
        elif token.type in ("bullet_list_close", "ordered_list_close") and token.level == 0:
            yield *lines, [(first, one_line(" ".join(rest))) for first, rest in items]
            items = []


def _event(item: str, note: str, language: str, near: datetime.date | None) -> Event | None:
    rest = _EMPHASIS.sub(r"\2", item.strip())
    found = _days(_without_weekday(rest, language), language, near)
    if found is None:
        return None
    day, until, rest = found
    clock = _CLOCK.match(rest := rest.lstrip(_BETWEEN))
    starts, ends = _times(clock) if clock else (None, None)
    if clock and starts:
        rest = rest[clock.end() :]
    title, place, url = _title_and_place(rest.lstrip(_BETWEEN))
    return (
        Event(
            day=day,
            until=until,
            starts=starts,
            ends=ends,
            title=title,
            place=place,
            note=note,
            url=url,
        )
        if title
        else None
    )


def _without_weekday(text: str, language: str) -> str:
    found = re.match(r"([^\W\d_]+)\.?,?\s+(?=\S)", text)
    known = found and found[1].lower() in weekdays(language) | weekdays("en")
    return text[found.end() :] if found and known else text


def _days(
    text: str, language: str, near: datetime.date | None
) -> tuple[datetime.date, datetime.date | None, str] | None:
    """Return the first day, the last one, and what follows."""
    for form in (_ISO, _SLASHED, _DAY_FIRST, _MONTH_FIRST):
        found = form.match(text)
        given = found.groupdict() if found else {}
        day = _day(given, given.get("day"), language, near)
        if found is None or day is None:
            continue
        rest = text[found.end() :]
        if given.get("last"):
            last = _day({**given, "year": str(day.year)}, given["last"], language, near)
            return (day, last, rest) if last and last > day else None
        second = re.match(_TO, rest)
        further = (
            _days(_without_weekday(rest[second.end() :], language), language, day)
            if second
            else None
        )
        return (
            (day, further[0], further[2])
            if further and further[1] is None and further[0] > day
            else (day, None, rest)
        )
    return None


def _day(
    given: dict[str, str | None], day: str | None, language: str, near: datetime.date | None
) -> datetime.date | None:
    name = (given.get("name") or "").lower()
    month = (
        int(given["month"] or 0)
        if "month" in given
        else months(language).get(name) or months("en").get(name)
    )
    if not month or day is None:
        return None
    around = [near.year - 1, near.year, near.year + 1] if near else []
    years = [int(typed)] if (typed := given.get("year")) else around
    for year in years:
        try:
            found = datetime.date(year, month, int(day))
        except ValueError:
            continue
        if given.get("year") or (near and found >= near - datetime.timedelta(days=_BEFORE)):
            return found
    return None


def _times(found: re.Match[str]) -> tuple[datetime.time | None, datetime.time | None]:
    half = (found["half"] or "").lower()
    return _time(found["from"] or found["from2"] or found["from3"], half), _time(found["to"], half)


def _time(text: str | None, half: str) -> datetime.time | None:
    if not text:
        return None
    hour, _, minute = text.replace(".", ":").partition(":")
    number = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour) % 24
    return datetime.time(number, int(minute or 0))


def _title_and_place(text: str) -> tuple[str, str, str | None]:
    """Divide at the first comma; a link or bold words that come first are the title, commas and all."""
    lead = re.match(
        r"(\[(?:\\.|[^\]\\])+\]\([^)\s]*\)|\*\*.+?\*\*|__.+?__)\s*(?:[,·–—-]\s*)?", text
    )
    if lead:
        title, url = _plain(lead[1])
        place, other = _plain(text[lead.end() :])
        return title, place, url or other
    words, url = _plain(text)
    title, _, place = words.partition(", ") if ", " in words else words.partition(" · ")
    return title.strip(), place.strip(), url


def _plain(text: str) -> tuple[str, str | None]:
    """Return inline Markdown as plain text, and the first address in it."""
    parts: list[str] = []
    url = None
    for token in markdown.parse(text):
        for child in token.children or ():
            if child.type in ("text", "code_inline"):
                parts.append(child.content)
            elif child.type in ("softbreak", "hardbreak"):
                parts.append(" ")
            elif child.type == "link_open" and url is None:
                address = safe_url(str(child.attrGet("href") or ""))
                url = address if address and not address.startswith("mailto:") else None
        if not token.children and token.type in ("fence", "code_block"):
            parts.append(token.content)
    return one_line("".join(parts)), url
