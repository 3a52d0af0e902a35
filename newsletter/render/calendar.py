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
from newsletter.dates import get_month_numbers, get_weekday_names
from newsletter.domain.issue import Layout, Section
from newsletter.render.safe_text import sanitise_url, to_one_line

_RANGE_SEPARATOR = r"\s*(?:[–—-]|till|to|bis|til)\s*"
_LEADING_EMPHASIS = re.compile(r"\A(\*{1,2}|_{1,2})(.+?)\1")
_ISO_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_DAY_FIRST_DATE = re.compile(
    rf"(?:den\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|:e|\.)?(?:{_RANGE_SEPARATOR}"
    rf"(?P<last>\d{{1,2}})\.?)?\s+(?:of\s+|de\s+)?(?P<name>[^\W\d_]+)\.?"
    r"(?:,?\s+(?:de\s+)?(?P<year>(?:19|20)\d\d)(?![\d:.]))?"
)
_MONTH_FIRST_DATE = re.compile(
    rf"(?<![^\W\d_])(?P<name>[^\W\d_]++)\.?\s++(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.])"
    rf"(?:{_RANGE_SEPARATOR}(?P<last>\d{{1,2}}))?(?:,?\s+(?P<year>(?:19|20)\d\d)(?![\d:.]))?"
)
_SLASHED_DATE = re.compile(
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:[ /-](?P<year>(?:19|20)\d\d)(?![\d:.]))?(?![\d/])"
)
_HOUR, _MINUTE, _CLOCK_END = r"(?:[01]?\d|2[0-4])", r"[:.][0-5]\d", r"(?!\d|[:.]\d)"
_CLOCK_TIMES = re.compile(
    rf"(?:(?:(?:kl|klo|klokka|klokken)\.?|at|um)\s*(?P<from>{_HOUR}(?:{_MINUTE})?){_CLOCK_END}|"
    rf"(?P<from2>{_HOUR}{_MINUTE}){_CLOCK_END}|(?P<from3>1?\d)(?=\s*[ap]m\b))"
    rf"(?:{_RANGE_SEPARATOR}(?P<to>{_HOUR}(?:{_MINUTE})?){_CLOCK_END})?(?:\s*(?P<half>[ap]m)\b"
    rf"|\s*(?:uhr|h)\b)?",
    re.IGNORECASE,
)
_SEPARATOR_CHARS = " \t,:;–—-"
#: A date without a year is the one that lies so near the issue's, in days before and after.
_MAX_DAYS_BEFORE_ISSUE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One thing that is on."""

    day: datetime.date
    #: The last day, where it is several.
    last_day: datetime.date | None = None
    starts: datetime.time | None = None
    ends: datetime.time | None = None
    #: Plain text, one line each.
    title: str
    place: str = ""
    note: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCalendar:
    """A section's list, read."""

    events: tuple[CalendarEvent, ...]
    #: Markdown around the list.
    text: str
    #: Items in which no date was found, as they stand in the file.
    undated_items: tuple[str, ...] = ()


def to_calendar(
    section: Section, language: str, reference_date: datetime.date | None
) -> SectionCalendar | None:
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
    found = parse_calendar(section.text, language, reference_date)
    return found if found.events and not found.undated_items else None


def parse_calendar(
    text: str, language: str, reference_date: datetime.date | None
) -> SectionCalendar:
    """Return what the lists of a Markdown text say."""
    tokens = markdown.parse(text)
    lines = text.split("\n")
    around, at = [], 0
    events, unread = [], []
    for start, end, items in _iter_lists(tokens):
        around.append("\n".join(lines[at:start]))
        at = end
        for first, note in items:
            event = _parse_event(first, note, language, reference_date)
            if event is None:
                unread.append(to_one_line(first))
            else:
                events.append(event)
    around.append("\n".join(lines[at:]))
    return SectionCalendar(
        events=tuple(events),
        text="\n\n".join(part.strip("\n") for part in around if part.strip()),
        undated_items=tuple(unread),
    )


def _iter_lists(tokens: list[Token]) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
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
                rest.append(_to_plain_text(token.content)[0])
            else:
                line, _, more = token.content.partition("\n")
                items[-1] = (number + line, [_to_plain_text(more)[0]] if more else [])
        elif token.type in ("bullet_list_close", "ordered_list_close") and token.level == 0:
            yield *lines, [(first, to_one_line(" ".join(rest))) for first, rest in items]
            items = []


def _parse_event(
    item: str, note: str, language: str, reference_date: datetime.date | None
) -> CalendarEvent | None:
    rest = _LEADING_EMPHASIS.sub(r"\2", item.strip())
    found = _parse_days(_strip_weekday(rest, language), language, reference_date)
    if found is None:
        return None
    day, until, rest = found
    clock = _CLOCK_TIMES.match(rest := rest.lstrip(_SEPARATOR_CHARS))
    starts, ends = _parse_times(clock) if clock else (None, None)
    if clock and starts:
        rest = rest[clock.end() :]
    title, place, url = _split_title_and_place(rest.lstrip(_SEPARATOR_CHARS))
    return (
        CalendarEvent(
            day=day,
            last_day=until,
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


def _strip_weekday(text: str, language: str) -> str:
    found = re.match(r"([^\W\d_]+)\.?,?\s+(?=\S)", text)
    known = found and found[1].lower() in get_weekday_names(language) | get_weekday_names("en")
    return text[found.end() :] if found and known else text


def _parse_days(
    text: str, language: str, reference_date: datetime.date | None
) -> tuple[datetime.date, datetime.date | None, str] | None:
    """Return the first day, the last one, and what follows."""
    for form in (_ISO_DATE, _SLASHED_DATE, _DAY_FIRST_DATE, _MONTH_FIRST_DATE):
        found = form.match(text)
        given = found.groupdict() if found else {}
        day = _parse_day(given, given.get("day"), language, reference_date)
        if found is None or day is None:
            continue
        rest = text[found.end() :]
        if given.get("last"):
            last = _parse_day(
                {**given, "year": str(day.year)}, given["last"], language, reference_date
            )
            return (day, last, rest) if last and last > day else None
        second = re.match(_RANGE_SEPARATOR, rest)
        further = (
            _parse_days(_strip_weekday(rest[second.end() :], language), language, day)
            if second
            else None
        )
        return (
            (day, further[0], further[2])
            if further and further[1] is None and further[0] > day
            else (day, None, rest)
        )
    return None


def _parse_day(
    groups: dict[str, str | None],
    day: str | None,
    language: str,
    reference_date: datetime.date | None,
) -> datetime.date | None:
    name = (groups.get("name") or "").lower()
    month = (
        int(groups["month"] or 0)
        if "month" in groups
        else get_month_numbers(language).get(name) or get_month_numbers("en").get(name)
    )
    if not month or day is None:
        return None
    around = (
        [reference_date.year - 1, reference_date.year, reference_date.year + 1]
        if reference_date
        else []
    )
    years = [int(typed)] if (typed := groups.get("year")) else around
    for year in years:
        try:
            found = datetime.date(year, month, int(day))
        except ValueError:
            continue
        if groups.get("year") or (
            reference_date
            and found >= reference_date - datetime.timedelta(days=_MAX_DAYS_BEFORE_ISSUE)
        ):
            return found
    return None


def _parse_times(match: re.Match[str]) -> tuple[datetime.time | None, datetime.time | None]:
    half = (match["half"] or "").lower()
    return _parse_time(match["from"] or match["from2"] or match["from3"], half), _parse_time(
        match["to"], half
    )


def _parse_time(text: str | None, meridiem: str) -> datetime.time | None:
    if not text:
        return None
    hour, _, minute = text.replace(".", ":").partition(":")
    number = int(hour) % 12 + (12 if meridiem == "pm" else 0) if meridiem else int(hour) % 24
    return datetime.time(number, int(minute or 0))


def _split_title_and_place(text: str) -> tuple[str, str, str | None]:
    """Divide at the first comma, unless a link or bold words come first: they are the title."""
    lead = re.match(
        r"(\[(?:\\.|[^\]\\])+\]\([^)\s]*\)|\*\*.+?\*\*|__.+?__)\s*(?:[,·–—-]\s*)?", text
    )
    if lead:
        title, url = _to_plain_text(lead[1])
        place, other = _to_plain_text(text[lead.end() :])
        return title, place, url or other
    words, url = _to_plain_text(text)
    title, _, place = words.partition(", ") if ", " in words else words.partition(" · ")
    return title.strip(), place.strip(), url


def _to_plain_text(text: str) -> tuple[str, str | None]:
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
                address = sanitise_url(str(child.attrGet("href") or ""))
                url = address if address and not address.startswith("mailto:") else None
        if not token.children and token.type in ("fence", "code_block"):
            parts.append(token.content)
    return to_one_line("".join(parts)), url
