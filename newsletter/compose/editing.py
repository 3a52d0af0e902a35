"""What a person may do to an issue in the preview.

An Edit is a value, and `edited` says what the issue is then.

    Write a part · Move, Remove, Add a teaser · AddSection, MoveSection, RemoveSection

Places are counted from 0, in the issue as the person saw it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from newsletter.compose.lines import one_line
from newsletter.compose.parts import KINDS, Owner, Part
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase


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
            start = (
                issue
                if issue.sections
                else replace(issue, sections=(Section(title=one_line(edit.section)),))
            )
            return _put(start, edit.to, edit.teaser)
        case AddSection():
            return _sections(
                issue,
                lambda all_: all_.insert(_gap(edit.to, all_), Section(title=one_line(edit.title))),
            )
        case MoveSection():
            section_at(issue, edit.at)
            return _sections(
                issue, lambda all_: all_.insert(_gap(edit.to, all_[1:]), all_.pop(edit.at))
            )
        case RemoveSection():
            return _dissolved(issue, edit.at)


def said(issue: Issue, edit: Edit) -> Phrase:
    """Say what an edit does to an issue, for the history and for who can't see it.

    Raises IssueFileError where there is no such place.
    """
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
    return KINDS[part].read(_owner(issue, KINDS[part].owner, at))


def teaser_at(issue: Issue, at: Place | None) -> Teaser:
    """Return the teaser at a place. Raises IssueFileError where there is none."""
    if (
        at is not None
        and 0 <= at.section < len(issue.sections)
        and 0 <= at.teaser < len(issue.sections[at.section].teasers)
    ):
        return issue.sections[at.section].teasers[at.teaser]
    raise _nothing_there()


def section_at(issue: Issue, number: int) -> Section:
    """Return a section. Raises IssueFileError where there is none."""
    if 0 <= number < len(issue.sections):
        return issue.sections[number]
    raise _nothing_there()


def _nothing_there() -> IssueFileError:
    return IssueFileError(
        "There is no such place in the issue any more. Look at it again, and repeat the change."
    )


def _owner(issue: Issue, owner: Owner, at: Place | None) -> Any:
    """Return what a part is a part of: the issue, the section or the teaser at a place."""
    if owner is Owner.teaser:
        return teaser_at(issue, at)
    return issue if owner is Owner.issue else section_at(issue, at.section if at else -1)


def _written(issue: Issue, edit: Write) -> Issue:
    kind = KINDS[edit.part]
    new = kind.write(_owner(issue, kind.owner, edit.at), kind.tidy(edit.text), edit.decorative)
    if kind.owner is Owner.issue or edit.at is None:
        return new  # type: ignore[no-any-return]  # the issue itself
    number, place = edit.at.section, edit.at.teaser
    if kind.owner is Owner.section:
        return _sections(issue, lambda all_: all_.__setitem__(number, new))
    section = issue.sections[number]
    teasers = (*section.teasers[:place], new, *section.teasers[place + 1 :])
    return _sections(
        issue, lambda all_: all_.__setitem__(number, replace(section, teasers=teasers))
    )


def _said_of_writing(issue: Issue, edit: Write) -> Phrase:
    kind = KINDS[edit.part]
    if kind.owner is Owner.issue:
        return kind.said
    is_title = edit.part in (Part.teaser_title, Part.section_title)
    return Phrase(
        kind.said.text,
        title=one_line(edit.text) if is_title else _owner(issue, kind.owner, edit.at).title,
    )


def _taken(issue: Issue, at: Place) -> Issue:
    teaser_at(issue, at)
    section = issue.sections[at.section]
    teasers = (*section.teasers[: at.teaser], *section.teasers[at.teaser + 1 :])
    return _sections(
        issue, lambda all_: all_.__setitem__(at.section, replace(section, teasers=teasers))
    )


def _put(issue: Issue, to: Place, teaser: Teaser) -> Issue:
    section = section_at(issue, to.section)
    if not 0 <= to.teaser <= len(section.teasers):
        raise _nothing_there()
    teasers = (*section.teasers[: to.teaser], teaser, *section.teasers[to.teaser :])
    return _sections(
        issue, lambda all_: all_.__setitem__(to.section, replace(section, teasers=teasers))
    )


def _dissolved(issue: Issue, number: int) -> Issue:
    section = section_at(issue, number)
    if section.teasers and len(issue.sections) == 1:
        raise IssueFileError("The only section can't be removed while it has teasers.")
    left = list(issue.sections[:number] + issue.sections[number + 1 :])
    if section.teasers and number:
        left[number - 1] = replace(
            left[number - 1], teasers=left[number - 1].teasers + section.teasers
        )
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
