"""Turn an issue into the plain values that a theme's templates see.

Words, lists and dicts, nothing with methods.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from newsletter.dates import get_locale
from newsletter.domain.issue import MAX_LINE_CHARS, MAX_MARKDOWN_CHARS, Issue, Teaser
from newsletter.domain.picture import HostedPicture
from newsletter.errors import RenderError
from newsletter.render import plaintext, xhtml
from newsletter.render.calendar import CalendarEvent, to_calendar
from newsletter.render.layout import SectionLayout, arrange
from newsletter.render.notice import split_intro
from newsletter.render.safe_text import normalise_lines, sanitise_url, to_one_line
from newsletter.render.theme import Theme

#: Languages and scripts that run from right to left (Unicode CLDR, layout.characterOrder).
RTL_LANGUAGES = frozenset(
    (
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "he",
        "ks",
        "lrc",
        "mzn",
        "nqo",
        "ps",
        "sd",
        "syr",
        "ug",
        "ur",
        "yi",
    )
)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_NONCE_PATTERN = re.compile(r"[0-9a-z]{8,64}")
SLOT_NAMES = ("email", "unsubscribe_url", "preferences_url", "view_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """Who answers for the newsletter: the same in every issue."""

    title: str
    postal_address: str
    language: str
    #: Where the public pages are, without a slash at the end.
    public_url: str
    #: The From header's address as a person reads it; "" leaves it out.
    sender: str = ""
    #: There is a page on which a reader chooses what she gets: the footer leads to it.
    has_preferences_page: bool = True
    #: Pictures that lie with us, under `public_url`/pictures/NAME, by the address that they come
    #: from.
    pictures: Mapping[str, HostedPicture] = field(default_factory=dict)


def build_slots(nonce: str, *, has_preferences_page: bool = True) -> dict[str, str]:
    """Return the placeholders of what is personal.

    ASCII letters and digits, that no post can guess.

    Raises RenderError where the nonce isn't 8 to 64 small letters and digits.
    """
    if not _NONCE_PATTERN.fullmatch(nonce):
        raise RenderError("The nonce of the slots must be 8 to 64 small letters and digits.")
    names = [name for name in SLOT_NAMES if has_preferences_page or name != "preferences_url"]
    return {name: f"xslot{nonce}{name.replace('_', '')}x" for name in names}


def get_text_direction(language: str) -> str:
    """Return "rtl" or "ltr" for a language (BCP 47); a script that is named decides."""
    parts = language.lower().split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in ("arab", "hebr", "thaa", "syrc", "nkoo") else "ltr"
    return "rtl" if parts[0] in RTL_LANGUAGES else "ltr"


def format_long_date(
    day: datetime.date | None, language: str, *, with_weekday: bool = False
) -> str:
    """Return a date in words, "24 november 2026".

    A language that CLDR doesn't know gets ISO 8601.
    """
    if day is None:
        return ""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        return to_one_line(
            format_date(day, "full" if with_weekday else "long", Locale.parse(language, sep="-"))
        )
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


def resolve_language(issue: Issue, imprint: Imprint) -> str:
    """Return the language of an issue. Raises RenderError where it is no tag of BCP 47."""
    language = (issue.language or imprint.language).strip()
    if not _LANGUAGE_TAG.fullmatch(language):
        raise RenderError(
            "The language of the issue is no language: {language}. Write sv or en, say, after"
            " “language:”.",
            language=language,
        )
    return language


def build_context(
    issue: Issue,
    theme: Theme,
    imprint: Imprint,
    *,
    nonce: str,
    as_text: bool = False,
    max_cards: int | None = None,
) -> dict[str, Any]:
    """Return what the templates see.

    Markdown is XHTML for the letter, plain paragraphs for the text part.

    `most`: how many cards there may be. Raises RenderError where something can't be drawn.
    """
    language = resolve_language(issue, imprint)
    write = _limit_length(plaintext.from_markdown if as_text else xhtml.from_markdown)
    return {
        "language": language,
        "dir": get_text_direction(language),
        "subject": _validate_line(issue.subject, "subject"),
        "preheader": _validate_line(issue.preheader, "preheader"),
        "number": issue.number,
        "date": format_long_date(issue.date, language, with_weekday=True),
        "title": _validate_line(issue.title, "title"),
        "intro": [
            {"notice": part.is_notice, "text": write(part.text if not as_text else part.source)}
            for part in split_intro(issue.intro)
        ],
        "blocks": [
            _build_block(block, language, write, issue.date, imprint)
            for block in arrange(issue, theme.cards, max_cards=max_cards)
        ],
        "newsletter": {
            "title": _validate_line(imprint.title, "newsletter.title"),
            "postal_address": _validate_line(imprint.postal_address, "newsletter.postal_address"),
            "sender": _validate_line(imprint.sender, "newsletter.from"),
            "logo": _resolve_logo_url(theme, imprint),
        },
        "theme": {
            "heading_font": theme.heading_font,
            "text_font": theme.text_font,
            "logo_height": theme.logo_height,
        },
        "light": dict(theme.palette.light),
        "dark": dict(theme.palette.dark),
        "slots": build_slots(nonce, has_preferences_page=imprint.has_preferences_page),
    }


def _limit_length(convert: Callable[[str], str]) -> Callable[[str], str]:
    def convert_limited(markdown: str) -> str:
        if len(markdown) > MAX_MARKDOWN_CHARS:
            raise RenderError(
                "A text of the issue has {count} characters; {most} is the most. Shorten it.",
                count=len(markdown),
                most=MAX_MARKDOWN_CHARS,
            )
        return convert(normalise_lines(markdown))

    return convert_limited


def _validate_line(text: str, label: str) -> str:
    line = to_one_line(text)
    if len(line) > MAX_LINE_CHARS:
        raise RenderError(
            "{what} has {count} characters; {most} is the most. Shorten it.",
            what=label,
            count=len(line),
            most=MAX_LINE_CHARS,
        )
    return line


def _build_block(
    block: SectionLayout,
    language: str,
    convert: Callable[[str], str],
    issue_date: datetime.date | None,
    imprint: Imprint,
) -> dict[str, Any]:
    def build_teaser(one: Teaser) -> dict[str, Any]:
        return _build_teaser(one, language, convert, imprint)

    calendar = to_calendar(block.section, language, issue_date)
    return {
        "title": _validate_line(block.section.title, "##"),
        "text": convert(calendar.text if calendar else block.section.text),
        "events": [_build_event(event, language) for event in calendar.events] if calendar else [],
        "lead": build_teaser(block.lead) if block.lead else None,
        "lead_first": block.lead_first,
        "rows": [[build_teaser(one) for one in row] for row in block.rows],
        "listed": [build_teaser(one) for one in block.listed],
    }


def _build_event(event: CalendarEvent, language: str) -> dict[str, Any]:
    from babel.dates import format_date, format_time

    def format_part(day: datetime.date, pattern: str) -> str:
        return to_one_line(format_date(day, pattern, get_locale(language)))

    times = [
        to_one_line(format_time(at, "short", locale=get_locale(language)))
        for at in (event.starts, event.ends)
        if at
    ]
    return {
        "day": str(event.day.day),
        "month": format_part(event.day, "LLL").rstrip("."),
        "weekday": format_part(event.day, "EEEE"),
        "date": format_long_date(event.day, language, with_weekday=True),
        "days": _format_day_range(event.day, event.last_day, language) if event.last_day else "",
        "time": "–".join(times),
        "title": _validate_line(event.title, "-"),
        "place": _validate_line(event.place, "-"),
        "note": _validate_line(event.note, "-"),
        "url": _to_web_url(event.url),
    }


def _format_day_range(first: datetime.date, last: datetime.date, language: str) -> str:
    """Return several days in words, "19–21 jan. 2027": what both ends share is said once."""
    from babel.dates import format_interval

    return to_one_line(format_interval(first, last, "yMMMMd", locale=get_locale(language)))


def _build_teaser(
    teaser: Teaser, language: str, convert: Callable[[str], str], imprint: Imprint
) -> dict[str, Any]:
    return {
        "title": _validate_line(teaser.title, "###"),
        "url": _to_web_url(teaser.url),
        "date": format_long_date(teaser.date, language),
        "summary": convert(teaser.summary),
        "picture": _build_picture(teaser, imprint),
    }


def _build_picture(teaser: Teaser, imprint: Imprint) -> dict[str, Any] | None:
    """Return a teaser's picture.

    `ratio` is height by width, 0 where it lies at its source and nobody has looked.
    """
    if teaser.picture is None:
        return None
    alt = _validate_line(teaser.picture.alt or "", "alt")
    if hosted := imprint.pictures.get(teaser.picture.url):
        url = f"{imprint.public_url.rstrip('/')}/pictures/{hosted.name}"
        return {"url": url, "alt": alt, "ratio": hosted.height / hosted.width}
    source = _to_web_url(teaser.picture.url)
    return {"url": source, "alt": alt, "ratio": 0} if source else None


def _to_web_url(url: str | None) -> str | None:
    safe = sanitise_url(url) if url else None
    return safe if safe and not safe.startswith("mailto:") else None


def _resolve_logo_url(theme: Theme, imprint: Imprint) -> str:
    """Return the address of the logo.

    Its own, or the one under which the public pages serve the file.
    """
    if not theme.logo or "://" in theme.logo:
        return theme.logo
    return f"{imprint.public_url.rstrip('/')}/{quote(theme.logo.rsplit('/', 1)[-1])}"
