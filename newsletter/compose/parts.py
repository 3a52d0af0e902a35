"""The parts of an issue that a person may write.

Where each stands, how it is read and written, and what is said of it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter
from typing import Any

from newsletter.compose import front_matter
from newsletter.compose.lines import is_web_address, markdown_lines, one_line
from newsletter.domain.issue import Issue, Layout, Section, Teaser
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase


class Part(StrEnum):
    """Something that can be written; what isn't text is written as text, too."""

    subject = "subject"
    preheader = "preheader"
    letter_title = "title"
    #: Markdown.
    intro = "intro"
    #: Digits, or "".
    number = "number"
    #: ISO 8601, or "".
    date = "date"
    #: BCP 47.
    language = "language"
    section_title = "section-title"
    #: Markdown.
    section_text = "section-text"
    #: The name of a Layout, or "": as the theme draws it.
    layout = "layout"
    teaser_title = "teaser-title"
    #: ISO 8601, or "".
    teaser_date = "teaser-date"
    #: Absolute http(s) address, or "".
    teaser_url = "teaser-url"
    #: Markdown.
    summary = "summary"
    #: Of the teaser's picture; "" where it is missing.
    alt = "alt"


class Owner(StrEnum):
    """What a part is a part of."""

    issue = "issue"
    section = "section"
    teaser = "teaser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is to be known of a part.

    `read` and `write` take the issue, the section or the teaser that it is a part of.
    """

    owner: Owner
    read: Callable[[Any], str]
    #: Of its owner, the text and whether that is empty on purpose; raises IssueFileError for what
    #: can't stand there.
    write: Callable[[Any, str, bool], Any]
    #: What changing it is called; `{title}` is its owner's.
    said: Phrase
    is_markdown: bool = False

    def tidy(self, text: str) -> str:
        """Return a text as it can stand there."""
        return "\n".join(markdown_lines(text)) if self.is_markdown else one_line(text)


def _text(owner: Owner, name: str, said: Phrase, *, is_markdown: bool = False) -> Kind:
    return Kind(
        owner=owner,
        read=attrgetter(name),
        write=lambda one, text, _purpose: replace(one, **{name: text}),
        said=said,
        is_markdown=is_markdown,
    )


def _head(key: str, text: str) -> front_matter.Head:
    """Return a head that says one thing, as the file would say it."""
    return front_matter.Head(values={key: text}, lines={key: 1}, taken=1)


def _number(issue: Issue, text: str, _purpose: bool) -> Issue:
    try:
        return replace(issue, number=front_matter.number(_head("number", text), issue.name))
    except IssueFileError as error:
        raise IssueFileError(
            '"{text}" is no number. Write a whole number, as in 12.', text=text
        ) from error


def _language(issue: Issue, text: str, _purpose: bool) -> Issue:
    try:
        return replace(issue, language=front_matter.language(_head("language", text), issue.name))
    except IssueFileError as error:
        raise IssueFileError(
            '"{text}" is no language. Write sv, en or fi, say.', text=text
        ) from error


def _date(one: Any, text: str, _purpose: bool) -> Any:  # an issue or a teaser
    try:
        return replace(one, date=datetime.date.fromisoformat(text) if text else None)
    except ValueError as error:
        raise IssueFileError(
            '"{text}" is no date. Write year, month and day, as in 2026-12-01.', text=text
        ) from error


def _said_date(one: Issue | Teaser) -> str:
    return one.date.isoformat() if one.date else ""


def _layout(section: Section, text: str, _purpose: bool) -> Section:
    if text and text not in list(Layout):
        raise IssueFileError(
            'There is no layout "{text}". Choose one of: {names}.',
            text=text,
            names=", ".join(Layout),
        )
    return replace(section, layout=Layout(text) if text else None)


def _url(teaser: Teaser, text: str, _purpose: bool) -> Teaser:
    url = text.replace(" ", "%20")
    if url and not is_web_address(url):
        raise IssueFileError(
            '"{url}" is no web address. It must begin with https:// or http://.', url=url
        )
    return replace(teaser, url=url or None)


def _alt(teaser: Teaser, text: str, purpose: bool) -> Teaser:
    if teaser.picture is None:
        raise IssueFileError(
            "“{title}” has no picture that an alt text could describe.", title=teaser.title
        )
    return replace(teaser, picture=replace(teaser.picture, alt="" if purpose else text or None))


KINDS = {
    Part.subject: _text(Owner.issue, "subject", Phrase("Subject changed")),
    Part.preheader: _text(Owner.issue, "preheader", Phrase("Preheader changed")),
    Part.letter_title: _text(Owner.issue, "title", Phrase("Title changed")),
    Part.intro: _text(Owner.issue, "intro", Phrase("Introduction changed"), is_markdown=True),
    Part.number: Kind(
        owner=Owner.issue,
        read=lambda issue: "" if issue.number is None else str(issue.number),
        write=_number,
        said=Phrase("Number changed"),
    ),
    Part.date: Kind(owner=Owner.issue, read=_said_date, write=_date, said=Phrase("Date changed")),
    Part.language: Kind(
        owner=Owner.issue,
        read=attrgetter("language"),
        write=_language,
        said=Phrase("Language changed"),
    ),
    Part.section_title: _text(Owner.section, "title", Phrase("Section changed: {title}")),
    Part.section_text: _text(
        Owner.section, "text", Phrase("Section changed: {title}"), is_markdown=True
    ),
    Part.layout: Kind(
        owner=Owner.section,
        read=lambda section: section.layout or "",
        write=_layout,
        said=Phrase("Layout changed: {title}"),
    ),
    Part.teaser_title: _text(Owner.teaser, "title", Phrase("Heading changed: {title}")),
    Part.teaser_date: Kind(
        owner=Owner.teaser, read=_said_date, write=_date, said=Phrase("Date changed: {title}")
    ),
    Part.teaser_url: Kind(
        owner=Owner.teaser,
        read=lambda one: one.url or "",
        write=_url,
        said=Phrase("Link changed: {title}"),
    ),
    Part.summary: _text(
        Owner.teaser, "summary", Phrase("Summary changed: {title}"), is_markdown=True
    ),
    Part.alt: Kind(
        owner=Owner.teaser,
        read=lambda one: (one.picture.alt or "") if one.picture else "",
        write=_alt,
        said=Phrase("Alt text changed: {title}"),
    ),
}
