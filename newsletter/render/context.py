"""Turn an issue into the plain values that a theme's templates see.

Words, lists and dicts, nothing with methods.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from newsletter.dates import locale
from newsletter.domain.issue import MAX_LINE_CHARS, MAX_MARKDOWN_CHARS, Issue, Teaser
from newsletter.domain.picture import HostedPicture
from newsletter.errors import RenderError
from newsletter.render import plaintext, xhtml
from newsletter.render.calendar import Event, calendar_of
from newsletter.render.layout import Block, arrange
from newsletter.render.notice import opening
from newsletter.render.safe import lines, one_line, safe_url
from newsletter.render.theme import Theme

#: Languages and scripts that run from right to left (Unicode CLDR, layout.characterOrder).
RIGHT_TO_LEFT = frozenset(
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
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_NONCE = re.compile(r"[0-9a-z]{8,64}")
SLOTS = ("email", "unsubscribe_url", "preferences_url", "view_url")


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
    preferences: bool = True
    #: Pictures that lie with us, under `public_url`/pictures/NAME, by the address that they come
    #: from.
    pictures: Mapping[str, HostedPicture] = field(default_factory=dict)


def slots(nonce: str, *, preferences: bool = True) -> dict[str, str]:
    """Return the placeholders of what is personal.

    ASCII letters and digits, that no post can guess.

    Raises RenderError where the nonce isn't 8 to 64 small letters and digits.
    """
    if not _NONCE.fullmatch(nonce):
        raise RenderError("The nonce of the slots must be 8 to 64 small letters and digits.")
    names = [name for name in SLOTS if preferences or name != "preferences_url"]
    return {name: f"xslot{nonce}{name.replace('_', '')}x" for name in names}


def direction(language: str) -> str:
    """Return "rtl" or "ltr" for a language (BCP 47); a script that is named decides."""
    parts = language.lower().split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in ("arab", "hebr", "thaa", "syrc", "nkoo") else "ltr"
    return "rtl" if parts[0] in RIGHT_TO_LEFT else "ltr"


def long_date(day: datetime.date | None, language: str, *, weekday: bool = False) -> str:
    """Return a date in words, "24 november 2026".

    A language that CLDR doesn't know gets ISO 8601.
    """
    if day is None:
        return ""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        return one_line(
            format_date(day, "full" if weekday else "long", Locale.parse(language, sep="-"))
        )
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


def language_of(issue: Issue, imprint: Imprint) -> str:
    """Return the language of an issue. Raises RenderError where it is no tag of BCP 47."""
    language = (issue.language or imprint.language).strip()
    if not _LANGUAGE.fullmatch(language):
        raise RenderError(
            "The language of the issue is no language: {language}. Write sv or en, say, after"
            " “language:”.",
            language=language,
        )
    return language


def context(
    issue: Issue,
    theme: Theme,
    imprint: Imprint,
    *,
    nonce: str,
    text: bool = False,
    most: int | None = None,
) -> dict[str, Any]:
    """Return what the templates see.

    Markdown is XHTML for the letter, plain paragraphs for the text part.

    `most`: how many cards there may be. Raises RenderError where something can't be drawn.
    """
    language = language_of(issue, imprint)
    write = _limited(plaintext.from_markdown if text else xhtml.from_markdown)
    return {
        "language": language,
        "dir": direction(language),
        "subject": _line(issue.subject, "subject"),
        "preheader": _line(issue.preheader, "preheader"),
        "number": issue.number,
        "date": long_date(issue.date, language, weekday=True),
        "title": _line(issue.title, "title"),
        "intro": [
            {"notice": part.is_notice, "text": write(part.text if not text else part.source)}
            for part in opening(issue.intro)
        ],
        "blocks": [
            _block(block, language, write, issue.date, imprint)
            for block in arrange(issue, theme.cards, most=most)
        ],
        "newsletter": {
            "title": _line(imprint.title, "newsletter.title"),
            "postal_address": _line(imprint.postal_address, "newsletter.postal_address"),
            "sender": _line(imprint.sender, "newsletter.from"),
            "logo": _logo(theme, imprint),
        },
        "theme": {
            "heading_font": theme.heading_font,
            "text_font": theme.text_font,
            "logo_height": theme.logo_height,
        },
        "light": dict(theme.palette.light),
        "dark": dict(theme.palette.dark),
        "slots": slots(nonce, preferences=imprint.preferences),
    }


def _limited(write: Callable[[str], str]) -> Callable[[str], str]:
    def limited(markdown: str) -> str:
        if len(markdown) > MAX_MARKDOWN_CHARS:
            raise RenderError(
                "A text of the issue has {count} characters; {most} is the most. Shorten it.",
                count=len(markdown),
                most=MAX_MARKDOWN_CHARS,
            )
        return write(lines(markdown))

    return limited


def _line(text: str, what: str) -> str:
    line = one_line(text)
    if len(line) > MAX_LINE_CHARS:
        raise RenderError(
            "{what} has {count} characters; {most} is the most. Shorten it.",
            what=what,
            count=len(line),
            most=MAX_LINE_CHARS,
        )
    return line


def _block(
    block: Block,
    language: str,
    write: Callable[[str], str],
    near: datetime.date | None,
    imprint: Imprint,
) -> dict[str, Any]:
    def teaser(one: Teaser) -> dict[str, Any]:
        return _teaser(one, language, write, imprint)

    calendar = calendar_of(block.section, language, near)
    return {
        "title": _line(block.section.title, "##"),
        "text": write(calendar.text if calendar else block.section.text),
        "events": [_event(event, language) for event in calendar.events] if calendar else [],
        "lead": teaser(block.lead) if block.lead else None,
        "lead_first": block.lead_first,
        "rows": [[teaser(one) for one in row] for row in block.rows],
        "listed": [teaser(one) for one in block.listed],
    }


def _event(event: Event, language: str) -> dict[str, Any]:
    from babel.dates import format_date, format_time

    def say(day: datetime.date, form: str) -> str:
        return one_line(format_date(day, form, locale(language)))

    times = [
        one_line(format_time(at, "short", locale=locale(language)))
        for at in (event.starts, event.ends)
        if at
    ]
    return {
        "day": str(event.day.day),
        "month": say(event.day, "LLL").rstrip("."),
        "weekday": say(event.day, "EEEE"),
        "date": long_date(event.day, language, weekday=True),
        "days": _days(event.day, event.until, language) if event.until else "",
        "time": "–".join(times),
        "title": _line(event.title, "-"),
        "place": _line(event.place, "-"),
        "note": _line(event.note, "-"),
        "url": _web_address(event.url),
    }


def _days(first: datetime.date, last: datetime.date, language: str) -> str:
    """Return several days in words, "19–21 jan. 2027": what both ends share is said once."""
    from babel.dates import format_interval

    return one_line(format_interval(first, last, "yMMMMd", locale=locale(language)))


def _teaser(
    teaser: Teaser, language: str, write: Callable[[str], str], imprint: Imprint
) -> dict[str, Any]:
    return {
        "title": _line(teaser.title, "###"),
        "url": _web_address(teaser.url),
        "date": long_date(teaser.date, language),
        "summary": write(teaser.summary),
        "picture": _picture(teaser, imprint),
    }


def _picture(teaser: Teaser, imprint: Imprint) -> dict[str, Any] | None:
    """Return a teaser's picture; `ratio` is height by width, 0 where it lies at its source and nobody has looked."""
    if teaser.picture is None:
        return None
    alt = _line(teaser.picture.alt or "", "alt")
    if hosted := imprint.pictures.get(teaser.picture.url):
        url = f"{imprint.public_url.rstrip('/')}/pictures/{hosted.name}"
        return {"url": url, "alt": alt, "ratio": hosted.height / hosted.width}
    source = _web_address(teaser.picture.url)
    return {"url": source, "alt": alt, "ratio": 0} if source else None


def _web_address(url: str | None) -> str | None:
    safe = safe_url(url) if url else None
    return safe if safe and not safe.startswith("mailto:") else None


def _logo(theme: Theme, imprint: Imprint) -> str:
    """Return the address of the logo.

    Its own, or the one under which the public pages serve the file.
    """
    if not theme.logo or "://" in theme.logo:
        return theme.logo
    return f"{imprint.public_url.rstrip('/')}/{quote(theme.logo.rsplit('/', 1)[-1])}"
