"""The parts of an issue that a person may write.

Where each stands, how it is read and written, and what is said of it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter
from typing import Any

from newsletter.compose.issue_file import front_matter
from newsletter.compose.issue_file.syntax import (
    is_web_address,
    split_markdown_lines,
    to_one_line,
)
from newsletter.domain.issue import Issue, Layout, Section, Teaser
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase


class IssueField(StrEnum):
    """Something that can be written; what isn't text is written as text, too."""

    subject = "subject"
    preheader = "preheader"
    issue_title = "title"
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


class FieldOwner(StrEnum):
    """What a part is a part of."""

    issue = "issue"
    section = "section"
    teaser = "teaser"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """What is to be known of a part.

    `read` and `write` take the issue, the section or the teaser that it is a part of.
    """

    owner: FieldOwner
    read: Callable[[Any], str]
    #: Of its owner, the text and whether that is empty on purpose; raises IssueFileError for what
    #: can't stand there.
    write: Callable[[Any, str, bool], Any]
    #: What changing it is called; `{title}` is its owner's.
    change_phrase: Phrase
    is_markdown: bool = False

    def normalise(self, text: str) -> str:
        """Return a text as it can stand there."""
        return "\n".join(split_markdown_lines(text)) if self.is_markdown else to_one_line(text)


def _build_text_spec(
    owner: FieldOwner, attribute: str, change_phrase: Phrase, *, is_markdown: bool = False
) -> FieldSpec:
    return FieldSpec(
        owner=owner,
        read=attrgetter(attribute),
        write=lambda one, text, _purpose: replace(one, **{attribute: text}),
        change_phrase=change_phrase,
        is_markdown=is_markdown,
    )


def _build_front_matter(key: str, text: str) -> front_matter.FrontMatter:
    """Return a head that says one thing, as the file would say it."""
    return front_matter.FrontMatter(values={key: text}, line_numbers={key: 1}, line_count=1)


def _write_number(issue: Issue, text: str, _decorative: bool) -> Issue:
    try:
        return replace(
            issue, number=front_matter.parse_number(_build_front_matter("number", text), issue.name)
        )
    except IssueFileError as error:
        raise IssueFileError(
            '"{text}" is no number. Write a whole number, as in 12.', text=text
        ) from error


def _write_language(issue: Issue, text: str, _decorative: bool) -> Issue:
    try:
        return replace(
            issue,
            language=front_matter.parse_language(_build_front_matter("language", text), issue.name),
        )
    except IssueFileError as error:
        raise IssueFileError(
            '"{text}" is no language. Write sv, en or fi, say.', text=text
        ) from error


def _write_date(one: Any, text: str, _decorative: bool) -> Any:  # an issue or a teaser
    try:
        return replace(one, date=datetime.date.fromisoformat(text) if text else None)
    except ValueError as error:
        raise IssueFileError(
            '"{text}" is no date. Write year, month and day, as in 2026-12-01.', text=text
        ) from error


def _read_date(one: Issue | Teaser) -> str:
    return one.date.isoformat() if one.date else ""


def _write_layout(section: Section, text: str, _decorative: bool) -> Section:
    if text and text not in list(Layout):
        raise IssueFileError(
            'There is no layout "{text}". Choose one of: {names}.',
            text=text,
            names=", ".join(Layout),
        )
    return replace(section, layout=Layout(text) if text else None)


def _write_url(teaser: Teaser, text: str, _decorative: bool) -> Teaser:
    url = text.replace(" ", "%20")
    if url and not is_web_address(url):
        raise IssueFileError(
            '"{url}" is no web address. It must begin with https:// or http://.', url=url
        )
    return replace(teaser, url=url or None)


def _write_alt(teaser: Teaser, text: str, decorative: bool) -> Teaser:
    if teaser.picture is None:
        raise IssueFileError(
            "“{title}” has no picture that an alt text could describe.", title=teaser.title
        )
    return replace(teaser, picture=replace(teaser.picture, alt="" if decorative else text or None))


FIELD_SPECS = {
    IssueField.subject: _build_text_spec(FieldOwner.issue, "subject", Phrase("Subject changed")),
    IssueField.preheader: _build_text_spec(
        FieldOwner.issue, "preheader", Phrase("Preheader changed")
    ),
    IssueField.issue_title: _build_text_spec(FieldOwner.issue, "title", Phrase("Title changed")),
    IssueField.intro: _build_text_spec(
        FieldOwner.issue, "intro", Phrase("Introduction changed"), is_markdown=True
    ),
    IssueField.number: FieldSpec(
        owner=FieldOwner.issue,
        read=lambda issue: "" if issue.number is None else str(issue.number),
        write=_write_number,
        change_phrase=Phrase("Number changed"),
    ),
    IssueField.date: FieldSpec(
        owner=FieldOwner.issue,
        read=_read_date,
        write=_write_date,
        change_phrase=Phrase("Date changed"),
    ),
    IssueField.language: FieldSpec(
        owner=FieldOwner.issue,
        read=attrgetter("language"),
        write=_write_language,
        change_phrase=Phrase("Language changed"),
    ),
    IssueField.section_title: _build_text_spec(
        FieldOwner.section, "title", Phrase("Section changed: {title}")
    ),
    IssueField.section_text: _build_text_spec(
        FieldOwner.section, "text", Phrase("Section changed: {title}"), is_markdown=True
    ),
    IssueField.layout: FieldSpec(
        owner=FieldOwner.section,
        read=lambda section: section.layout or "",
        write=_write_layout,
        change_phrase=Phrase("Layout changed: {title}"),
    ),
    IssueField.teaser_title: _build_text_spec(
        FieldOwner.teaser, "title", Phrase("Heading changed: {title}")
    ),
    IssueField.teaser_date: FieldSpec(
        owner=FieldOwner.teaser,
        read=_read_date,
        write=_write_date,
        change_phrase=Phrase("Date changed: {title}"),
    ),
    IssueField.teaser_url: FieldSpec(
        owner=FieldOwner.teaser,
        read=lambda one: one.url or "",
        write=_write_url,
        change_phrase=Phrase("Link changed: {title}"),
    ),
    IssueField.summary: _build_text_spec(
        FieldOwner.teaser, "summary", Phrase("Summary changed: {title}"), is_markdown=True
    ),
    IssueField.alt: FieldSpec(
        owner=FieldOwner.teaser,
        read=lambda one: (one.picture.alt or "") if one.picture else "",
        write=_write_alt,
        change_phrase=Phrase("Alt text changed: {title}"),
    ),
}
