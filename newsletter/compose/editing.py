"""What a person may do to an issue in the preview: an Edit is a value, and `edited` says what the issue is then.

    Write a part · Move, Remove, Add a teaser · AddSection, MoveSection, RemoveSection

Places are counted from 0, in the issue as the person saw it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from newsletter.compose.lines import markdown_lines, one_line
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase


class Part(StrEnum):
    """A text that can be written."""

    subject = "subject"
    preheader = "preheader"
    letter_title = "title"
    #: Markdown.
    intro = "intro"
    section_title = "section-title"
    #: Markdown.
    section_text = "section-text"
    teaser_title = "teaser-title"
    #: Markdown.
    summary = "summary"
    #: Of the teaser's picture; "" where it is missing.
    alt = "alt"


#: The parts that hold Markdown, on several lines.
MARKDOWN = frozenset({Part.intro, Part.section_text, Part.summary})
OF_SECTION = frozenset({Part.section_title, Part.section_text})
OF_TEASER = frozenset({Part.teaser_title, Part.summary, Part.alt})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A teaser, or the gap before it."""

    section: int
    teaser: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Write a part anew; `decorative`: the picture says nothing, and has no alt text on purpose."""

    part: Part
    text: str
    #: Of the teaser; for a section's part `teaser` is 0.
    at: Place | None = None
    decorative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Move a teaser to a place, counted without it."""

    at: Place
    to: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Take a teaser out."""

    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Put a teaser into a gap; an issue without sections gets one with this title."""

    to: Place
    teaser: Teaser
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSection:
    """Put an empty section into a gap between sections."""

    to: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSection:
    """Move a section to a place, counted without it."""

    at: int
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSection:
    """Take a section out, whose teasers go to the end of the one before (or the start of the one after)."""

    at: int


Edit = Write | Move | Remove | Add | AddSection | MoveSection | RemoveSection


def edited(issue: Issue, edit: Edit) -> Issue:
    """Return the issue with the edit in it. Raises IssueFileError where there is no such place."""
    match edit:
        case Write():
            return _written(issue, edit)
        case Move():
            return _put(_taken(issue, edit.at), edit.to, teaser_at(issue, edit.at))
        case Remove():
            return _taken(issue, edit.at)
        case Add():
            start = issue if issue.sections else replace(issue, sections=(Section(title=one_line(edit.section)),))
            return _put(start, edit.to, edit.teaser)
        case AddSection():
            return _sections(issue, lambda all_: all_.insert(_gap(edit.to, all_), Section(title=one_line(edit.title))))
        case MoveSection():
            section_at(issue, edit.at)
            return _sections(issue, lambda all_: all_.insert(_gap(edit.to, all_[1:]), all_.pop(edit.at)))
        case RemoveSection():
            return _dissolved(issue, edit.at)


def said(issue: Issue, edit: Edit) -> Phrase:
    """Say what an edit does to an issue, for the history and for who can't see it. Raises IssueFileError where there is no such place."""
    match edit:
        case Write():
            return _said_of_writing(issue, edit)
        case Move():
            return Phrase("Moved: {title}", title=teaser_at(issue, edit.at).title)
        case Remove():
            return Phrase("Removed: {title}", title=teaser_at(issue, edit.at).title)
        case Add():
            return Phrase("Added: {title}", title=edit.teaser.title)
        case AddSection():
            return Phrase("New section: {title}", title=edit.title)
        case MoveSection():
            return Phrase("Moved: {title}", title=section_at(issue, edit.at).title)
        case RemoveSection():
            return Phrase("Section removed: {title}", title=section_at(issue, edit.at).title)


def value(issue: Issue, part: Part, at: Place | None = None) -> str:
    """Return what stands in a part. Raises IssueFileError where there is no such place."""
    if part in OF_TEASER:
        teaser = teaser_at(issue, at)
        return {
            Part.teaser_title: teaser.title,
            Part.summary: teaser.summary,
            Part.alt: (teaser.picture.alt or "") if teaser.picture else "",
        }[part]
    if part in OF_SECTION:
        section = section_at(issue, at.section if at else -1)
        return section.title if part is Part.section_title else section.text
    return {Part.subject: issue.subject, Part.preheader: issue.preheader, Part.letter_title: issue.title, Part.intro: issue.intro}[part]


def teaser_at(issue: Issue, at: Place | None) -> Teaser:
    """Return the teaser at a place. Raises IssueFileError where there is none."""
    if at is not None and 0 <= at.section < len(issue.sections) and 0 <= at.teaser < len(issue.sections[at.section].teasers):
        return issue.sections[at.section].teasers[at.teaser]
    raise _nothing_there()


def section_at(issue: Issue, number: int) -> Section:
    """Return a section. Raises IssueFileError where there is none."""
    if 0 <= number < len(issue.sections):
        return issue.sections[number]
    raise _nothing_there()


def _nothing_there() -> IssueFileError:
    return IssueFileError("There is no such place in the issue any more. Look at it again, and repeat the change.")


def _written(issue: Issue, edit: Write) -> Issue:
    text = "\n".join(markdown_lines(edit.text)) if edit.part in MARKDOWN else one_line(edit.text)
    if edit.part in OF_TEASER:
        teaser = teaser_at(issue, edit.at)
        return _with_teaser(issue, edit.at, _rewritten(teaser, edit, text))
    if edit.part in OF_SECTION:
        number = edit.at.section if edit.at else -1
        section = section_at(issue, number)
        new = replace(section, title=text) if edit.part is Part.section_title else replace(section, text=text)
        return _sections(issue, lambda all_: all_.__setitem__(number, new))
    match edit.part:
        case Part.subject:
            return replace(issue, subject=text)
        case Part.preheader:
            return replace(issue, preheader=text)
        case Part.letter_title:
            return replace(issue, title=text)
        case _:
            return replace(issue, intro=text)


def _rewritten(teaser: Teaser, edit: Write, text: str) -> Teaser:
    if edit.part is Part.teaser_title:
        return replace(teaser, title=text)
    if edit.part is Part.summary:
        return replace(teaser, summary=text)
    if teaser.picture is None:
        raise IssueFileError("“{title}” has no picture that an alt text could describe.", title=teaser.title)
    return replace(teaser, picture=replace(teaser.picture, alt="" if edit.decorative else text or None))


def _said_of_writing(issue: Issue, edit: Write) -> Phrase:
    if edit.part in OF_TEASER:
        title = teaser_at(issue, edit.at).title
        return {
            Part.teaser_title: Phrase("Heading changed: {title}", title=one_line(edit.text)),
            Part.summary: Phrase("Summary changed: {title}", title=title),
            Part.alt: Phrase("Alt text changed: {title}", title=title),
        }[edit.part]
    if edit.part in OF_SECTION:
        title = section_at(issue, edit.at.section if edit.at else -1).title
        return Phrase("Section changed: {title}", title=one_line(edit.text) if edit.part is Part.section_title else title)
    return {
        Part.subject: Phrase("Subject changed"),
        Part.preheader: Phrase("Preheader changed"),
        Part.letter_title: Phrase("Title changed"),
        Part.intro: Phrase("Introduction changed"),
    }[edit.part]


def _with_teaser(issue: Issue, at: Place | None, teaser: Teaser) -> Issue:
    place = at or Place(section=0, teaser=0)
    section = issue.sections[place.section]
    teasers = (*section.teasers[: place.teaser], teaser, *section.teasers[place.teaser + 1 :])
    return _sections(issue, lambda all_: all_.__setitem__(place.section, replace(section, teasers=teasers)))


def _taken(issue: Issue, at: Place) -> Issue:
    teaser_at(issue, at)
    section = issue.sections[at.section]
    teasers = (*section.teasers[: at.teaser], *section.teasers[at.teaser + 1 :])
    return _sections(issue, lambda all_: all_.__setitem__(at.section, replace(section, teasers=teasers)))


def _put(issue: Issue, to: Place, teaser: Teaser) -> Issue:
    section = section_at(issue, to.section)
    if not 0 <= to.teaser <= len(section.teasers):
        raise _nothing_there()
    teasers = (*section.teasers[: to.teaser], teaser, *section.teasers[to.teaser :])
    return _sections(issue, lambda all_: all_.__setitem__(to.section, replace(section, teasers=teasers)))


def _dissolved(issue: Issue, number: int) -> Issue:
    section = section_at(issue, number)
    if section.teasers and len(issue.sections) == 1:
        raise IssueFileError("The only section can't be removed while it has teasers.")
    left = list(issue.sections[:number] + issue.sections[number + 1 :])
    if section.teasers and number:
        left[number - 1] = replace(left[number - 1], teasers=left[number - 1].teasers + section.teasers)
    elif section.teasers:
        left[0] = replace(left[0], teasers=section.teasers + left[0].teasers)
    return replace(issue, sections=tuple(left))


def _sections(issue: Issue, change: Callable[[list[Section]], object]) -> Issue:
    sections = list(issue.sections)
    change(sections)
    return replace(issue, sections=tuple(sections))


def _gap(number: int, sections: list[Section]) -> int:
    if not 0 <= number <= len(sections):
        raise _nothing_there()
    return number
