"""Bring a person's edit into an issue's file that somebody else may have changed in the meantime.

    the file she saw + edit → her file | the file as it is now: the same? else merge the three | Revised, or Conflict

**Invariant:** nobody's words are lost: what both have changed is shown to the person, and nothing
is written until she has chosen.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.compose import editing, three_way
from newsletter.compose.editing import (
    Add,
    AddSection,
    Edit,
    Move,
    MoveSection,
    Place,
    Remove,
    RemoveSection,
    Write,
)
from newsletter.compose.issue_file import parse
from newsletter.compose.keeping import kept
from newsletter.compose.parts import KINDS, Owner
from newsletter.domain.issue import Issue, Teaser
from newsletter.errors import IssueFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """The file's new text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two have changed the same place."""

    #: What the person would have there, and what the file has; None: it isn't there any more.
    mine: str | None
    theirs: str | None
    #: Her edit on the file as it is now; None where its place is gone.
    again: Edit | None


def version(text: str) -> str:
    """Return a short name for a file's content."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def revised(seen: str, now: str, edit: Edit, *, name: str) -> Revised | Conflict:
    """Make an edit on the file that was `seen`, and carry it over to the file as it is `now`.

    Raises IssueFileError where the edit has no place in what was seen, or the file can't be read.
    """
    before = parse(seen, name=name)
    mine = kept(seen, editing.edited(before, edit))
    if seen == now:
        return Revised(text=mine)
    both = combined(seen, mine, now, name=name)
    if both is not None:
        return Revised(text=both)
    current = parse(now, name=name)
    again = _again(before, current, edit)
    if not isinstance(edit, Write):
        return Conflict(mine=None, theirs=None, again=again)
    theirs = editing.value(current, edit.part, again.at) if isinstance(again, Write) else None
    return Conflict(mine=edit.text, theirs=theirs, again=again)


def combined(base: str, mine: str, theirs: str, *, name: str) -> str | None:
    """Return a file with both changes in it.

    None where they are about the same place, or make no issue together.
    """
    if base == theirs:
        return mine
    lines = three_way.merged(base.split("\n"), mine.split("\n"), theirs.split("\n"))
    if lines is None:
        return None
    text = "\n".join(lines)
    try:
        issue = parse(text, name=name)
    except IssueFileError:
        return None
    posts = [teaser.post for teaser in issue.teasers if teaser.post]
    return text if len(posts) == len(set(posts)) else None


def _again(before: Issue, now: Issue, edit: Edit) -> Edit | None:
    """Find an edit's places in another state of the issue; None where they are gone."""
    match edit:
        case Write():
            at = _place(before, now, edit)
            return replace(edit, at=at) if at is not None or edit.at is None else None
        case Move():
            at, section = _teaser(before, now, edit.at), _section(before, now, edit.to.section)
            if at is None or section is None:
                return None
            rest = len(now.sections[section].teasers) - (at.section == section)
            return replace(edit, at=at, to=Place(section=section, teaser=min(edit.to.teaser, rest)))
        case Remove():
            at = _teaser(before, now, edit.at)
            return replace(edit, at=at) if at is not None else None
        case Add():
            there = edit.teaser.post is not None and any(
                teaser.post == edit.teaser.post for teaser in now.teasers
            )
            section = _section(before, now, edit.to.section) if before.sections else 0
            if there or section is None:
                return None
            most = len(now.sections[section].teasers) if now.sections else 0
            return replace(edit, to=Place(section=section, teaser=min(edit.to.teaser, most)))
        case AddSection():
            return replace(edit, to=min(edit.to, len(now.sections)))
        case MoveSection():
            number = _section(before, now, edit.at)
            return (
                replace(edit, at=number, to=min(edit.to, len(now.sections) - 1))
                if number is not None
                else None
            )
        case RemoveSection():
            number = _section(before, now, edit.at)
            return replace(edit, at=number) if number is not None else None


def _place(before: Issue, now: Issue, edit: Write) -> Place | None:
    if edit.at is None:
        return None
    if KINDS[edit.part].owner is Owner.teaser:
        return _teaser(before, now, edit.at)
    number = _section(before, now, edit.at.section)
    return Place(section=number, teaser=0) if number is not None else None


def _teaser(before: Issue, now: Issue, at: Place) -> Place | None:
    wanted = editing.teaser_at(before, at)
    places = [
        (Place(section=s, teaser=t), one)
        for s, section in enumerate(now.sections)
        for t, one in enumerate(section.teasers)
    ]
    for is_it in (_is_of_post, _is_at, _is_called):
        found = [place for place, one in places if is_it(one, wanted)]
        if found:
            return found[0]
    return None


def _is_of_post(one: Teaser, wanted: Teaser) -> bool:
    return wanted.post is not None and one.post == wanted.post


def _is_at(one: Teaser, wanted: Teaser) -> bool:
    return wanted.url is not None and one.url == wanted.url


def _is_called(one: Teaser, wanted: Teaser) -> bool:
    return one.title == wanted.title


def _section(before: Issue, now: Issue, number: int) -> int | None:
    wanted = editing.section_at(before, number)
    titles: Sequence[str] = [section.title for section in now.sections]
    if wanted.title in titles:
        return titles.index(wanted.title)
    return number if len(titles) == len(before.sections) and number < len(titles) else None
