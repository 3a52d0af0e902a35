"""Bring a person's edit into an issue's file that somebody else may have changed in the meantime.

    the file they saw + edit → their file | the file as it is now: the same? else three-way merge
        | EditedText, or EditConflict

Optimistic concurrency: nobody locks a file. **Invariant:** nobody's words are lost: what both have
changed is shown to the person, and nothing is written until they have chosen.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.compose.editing import edits
from newsletter.compose.editing.edits import (
    AddSection,
    AddTeaser,
    Edit,
    MoveSection,
    MoveTeaser,
    RemoveSection,
    RemoveTeaser,
    TeaserPosition,
    WriteField,
)
from newsletter.compose.editing.fields import FIELD_SPECS, FieldOwner
from newsletter.compose.issue_file.merge3 import merge3
from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.issue_file.rewrite import rewrite_minimally
from newsletter.domain.issue import Issue, TeaserMatch, match_teasers
from newsletter.errors import IssueFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedText:
    """The file's new text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditConflict:
    """Two have changed the same place."""

    #: What the person would have there, and what the file has; None: it isn't there any more.
    mine: str | None
    theirs: str | None
    #: Their edit on the file as it is now; None where its place is gone.
    rebased_edit: Edit | None


def compute_version(text: str) -> str:
    """Return a short name for a file's content."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def apply_edit(
    base_text: str, current_text: str, edit: Edit, *, issue_name: str
) -> EditedText | EditConflict:
    """Make an edit on the file that was seen, and carry it over to the file as it is now.

    Raises IssueFileError where the edit has no place in what was seen, or the file can't be read.
    """
    before = parse_issue(base_text, issue_name=issue_name)
    mine = rewrite_minimally(base_text, edits.edit_issue(before, edit))
    if base_text == current_text:
        return EditedText(text=mine)
    both = merge_versions(base_text, mine, current_text, issue_name=issue_name)
    if both is not None:
        return EditedText(text=both)
    current = parse_issue(current_text, issue_name=issue_name)
    again = _rebase_edit(before, current, edit)
    if not isinstance(edit, WriteField):
        return EditConflict(mine=None, theirs=None, rebased_edit=again)
    theirs = (
        edits.read_field(current, edit.field, again.at) if isinstance(again, WriteField) else None
    )
    return EditConflict(mine=edit.text, theirs=theirs, rebased_edit=again)


def merge_versions(base: str, mine: str, theirs: str, *, issue_name: str) -> str | None:
    """Return a file with both changes in it.

    None where they are about the same place, or make no issue together.
    """
    if base == theirs:
        return mine
    lines = merge3(base.split("\n"), mine.split("\n"), theirs.split("\n"))
    if lines is None:
        return None
    text = "\n".join(lines)
    try:
        issue = parse_issue(text, issue_name=issue_name)
    except IssueFileError:
        return None
    posts = [teaser.post for teaser in issue.teasers if teaser.post]
    return text if len(posts) == len(set(posts)) else None


def _rebase_edit(before: Issue, now: Issue, edit: Edit) -> Edit | None:
    """Find an edit's places in another state of the issue; None where they are gone."""
    match edit:
        case WriteField():
            at = _rebase_position(before, now, edit)
            return replace(edit, at=at) if at is not None or edit.at is None else None
        case MoveTeaser():
            at, section = (
                _find_teaser(before, now, edit.at),
                _find_section(before, now, edit.to.section),
            )
            if at is None or section is None:
                return None
            rest = len(now.sections[section].teasers) - (at.section == section)
            return replace(
                edit, at=at, to=TeaserPosition(section=section, teaser=min(edit.to.teaser, rest))
            )
        case RemoveTeaser():
            at = _find_teaser(before, now, edit.at)
            return replace(edit, at=at) if at is not None else None
        case AddTeaser():
            there = edit.teaser.post is not None and any(
                teaser.post == edit.teaser.post for teaser in now.teasers
            )
            section = _find_section(before, now, edit.to.section) if before.sections else 0
            if there or section is None:
                return None
            most = len(now.sections[section].teasers) if now.sections else 0
            return replace(
                edit, to=TeaserPosition(section=section, teaser=min(edit.to.teaser, most))
            )
        case AddSection():
            return replace(edit, to=min(edit.to, len(now.sections)))
        case MoveSection():
            number = _find_section(before, now, edit.at)
            return (
                replace(edit, at=number, to=min(edit.to, len(now.sections) - 1))
                if number is not None
                else None
            )
        case RemoveSection():
            number = _find_section(before, now, edit.at)
            return replace(edit, at=number) if number is not None else None


def _rebase_position(before: Issue, now: Issue, edit: WriteField) -> TeaserPosition | None:
    if edit.at is None:
        return None
    if FIELD_SPECS[edit.field].owner is FieldOwner.teaser:
        return _find_teaser(before, now, edit.at)
    number = _find_section(before, now, edit.at.section)
    return TeaserPosition(section=number, teaser=0) if number is not None else None


def _find_teaser(before: Issue, now: Issue, at: TeaserPosition) -> TeaserPosition | None:
    wanted = edits.get_teaser(before, at)
    places = [
        (TeaserPosition(section=s, teaser=t), one)
        for s, section in enumerate(now.sections)
        for t, one in enumerate(section.teasers)
    ]
    likeness = [match_teasers(wanted, one) for _place, one in places]
    best = max(likeness, default=TeaserMatch.none)
    return places[likeness.index(best)][0] if best else None


def _find_section(before: Issue, now: Issue, number: int) -> int | None:
    wanted = edits.get_section(before, number)
    titles: Sequence[str] = [section.title for section in now.sections]
    if wanted.title in titles:
        return titles.index(wanted.title)
    return number if len(titles) == len(before.sections) and number < len(titles) else None
