"""What a person may do to an issue in the preview.

An Edit is a value, and `edit_issue` says what the issue is then.

    Write a part · Move, Remove, Add a teaser · AddSection, MoveSection, RemoveSection

Places are counted from 0, in the issue as the person saw it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from newsletter.compose.editing.fields import FIELD_SPECS, FieldOwner, IssueField
from newsletter.compose.issue_file.syntax import to_one_line
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class TeaserPosition:
    """A teaser, or the gap before it."""

    section: int
    teaser: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteField:
    """Write a part anew; `decorative`: the picture says nothing, and has no alt text on purpose."""

    field: IssueField
    text: str
    #: Of the teaser; for a section's part `teaser` is 0.
    at: TeaserPosition | None = None
    decorative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTeaser:
    """Move a teaser to a place, counted without it."""

    at: TeaserPosition
    to: TeaserPosition


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTeaser:
    """Take a teaser out."""

    at: TeaserPosition


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTeaser:
    """Put a teaser into a gap; an issue without sections gets one with this title."""

    to: TeaserPosition
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
    """Take a section out.

    Its teasers go to the end of the section before it, or to the start of the one after.
    """

    at: int


Edit = WriteField | MoveTeaser | RemoveTeaser | AddTeaser | AddSection | MoveSection | RemoveSection


def edit_issue(issue: Issue, edit: Edit) -> Issue:
    """Return the issue with the edit in it. Raises IssueFileError where there is no such place."""
    match edit:
        case WriteField():
            return _write_field(issue, edit)
        case MoveTeaser():
            return _insert_teaser(
                _remove_teaser(issue, edit.at), edit.to, get_teaser(issue, edit.at)
            )
        case RemoveTeaser():
            return _remove_teaser(issue, edit.at)
        case AddTeaser():
            start = (
                issue
                if issue.sections
                else replace(issue, sections=(Section(title=to_one_line(edit.section)),))
            )
            return _insert_teaser(start, edit.to, edit.teaser)
        case AddSection():
            return _change_sections(
                issue,
                lambda all_: all_.insert(
                    _check_gap(edit.to, all_), Section(title=to_one_line(edit.title))
                ),
            )
        case MoveSection():
            get_section(issue, edit.at)
            return _change_sections(
                issue, lambda all_: all_.insert(_check_gap(edit.to, all_[1:]), all_.pop(edit.at))
            )
        case RemoveSection():
            return _remove_section(issue, edit.at)


def describe_edit(issue: Issue, edit: Edit) -> Phrase:
    """Say what an edit does to an issue, for the history and for who can't see it.

    Raises IssueFileError where there is no such place.
    """
    match edit:
        case WriteField():
            return _describe_write(issue, edit)
        case MoveTeaser():
            return Phrase("Moved: {title}", title=get_teaser(issue, edit.at).title)
        case RemoveTeaser():
            return Phrase("Removed: {title}", title=get_teaser(issue, edit.at).title)
        case AddTeaser():
            return Phrase("Added: {title}", title=edit.teaser.title)
        case AddSection():
            return Phrase("New section: {title}", title=edit.title)
        case MoveSection():
            return Phrase("Moved: {title}", title=get_section(issue, edit.at).title)
        case RemoveSection():
            return Phrase("Section removed: {title}", title=get_section(issue, edit.at).title)


def read_field(issue: Issue, field: IssueField, at: TeaserPosition | None = None) -> str:
    """Return what stands in a part. Raises IssueFileError where there is no such place."""
    return FIELD_SPECS[field].read(_find_owner(issue, FIELD_SPECS[field].owner, at))


def get_teaser(issue: Issue, at: TeaserPosition | None) -> Teaser:
    """Return the teaser at a place. Raises IssueFileError where there is none."""
    if (
        at is not None
        and 0 <= at.section < len(issue.sections)
        and 0 <= at.teaser < len(issue.sections[at.section].teasers)
    ):
        return issue.sections[at.section].teasers[at.teaser]
    raise _build_missing_place_error()


def get_section(issue: Issue, number: int) -> Section:
    """Return a section. Raises IssueFileError where there is none."""
    if 0 <= number < len(issue.sections):
        return issue.sections[number]
    raise _build_missing_place_error()


def _build_missing_place_error() -> IssueFileError:
    return IssueFileError(
        "There is no such place in the issue any more. Look at it again, and repeat the change."
    )


def _find_owner(issue: Issue, owner: FieldOwner, at: TeaserPosition | None) -> Any:
    """Return what a part is a part of: the issue, the section or the teaser at a place."""
    if owner is FieldOwner.teaser:
        return get_teaser(issue, at)
    return issue if owner is FieldOwner.issue else get_section(issue, at.section if at else -1)


def _write_field(issue: Issue, edit: WriteField) -> Issue:
    kind = FIELD_SPECS[edit.field]
    new = kind.write(
        _find_owner(issue, kind.owner, edit.at), kind.normalise(edit.text), edit.decorative
    )
    if kind.owner is FieldOwner.issue or edit.at is None:
        return new  # type: ignore[no-any-return]  # the issue itself
    number, place = edit.at.section, edit.at.teaser
    if kind.owner is FieldOwner.section:
        return _change_sections(issue, lambda all_: all_.__setitem__(number, new))
    section = issue.sections[number]
    teasers = (*section.teasers[:place], new, *section.teasers[place + 1 :])
    return _change_sections(
        issue, lambda all_: all_.__setitem__(number, replace(section, teasers=teasers))
    )


def _describe_write(issue: Issue, edit: WriteField) -> Phrase:
    kind = FIELD_SPECS[edit.field]
    if kind.owner is FieldOwner.issue:
        return kind.change_phrase
    is_title = edit.field in (IssueField.teaser_title, IssueField.section_title)
    return Phrase(
        kind.change_phrase.text,
        title=to_one_line(edit.text) if is_title else _find_owner(issue, kind.owner, edit.at).title,
    )


def _remove_teaser(issue: Issue, at: TeaserPosition) -> Issue:
    get_teaser(issue, at)
    section = issue.sections[at.section]
    teasers = (*section.teasers[: at.teaser], *section.teasers[at.teaser + 1 :])
    return _change_sections(
        issue, lambda all_: all_.__setitem__(at.section, replace(section, teasers=teasers))
    )


def _insert_teaser(issue: Issue, to: TeaserPosition, teaser: Teaser) -> Issue:
    section = get_section(issue, to.section)
    if not 0 <= to.teaser <= len(section.teasers):
        raise _build_missing_place_error()
    teasers = (*section.teasers[: to.teaser], teaser, *section.teasers[to.teaser :])
    return _change_sections(
        issue, lambda all_: all_.__setitem__(to.section, replace(section, teasers=teasers))
    )


def _remove_section(issue: Issue, number: int) -> Issue:
    section = get_section(issue, number)
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


def _change_sections(issue: Issue, change: Callable[[list[Section]], object]) -> Issue:
    sections = list(issue.sections)
    change(sections)
    return replace(issue, sections=tuple(sections))


def _check_gap(number: int, sections: list[Section]) -> int:
    if not 0 <= number <= len(sections):
        raise _build_missing_place_error()
    return number
