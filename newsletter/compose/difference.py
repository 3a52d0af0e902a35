"""Say what is different between two issues: words added and removed, teasers new and gone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from newsletter.domain.issue import Issue, Teaser

#: Words (with the mark behind them) and white space.
_WORD = re.compile(r"\s+|\S+")
#: A longer text is compared line by line, in words.
_LONG = 4_000
#: So few words that are the same between two changes are shown as part of them: what is left of a
#: sentence can't be read.
_FEW = 2


class Change(StrEnum):
    """What became of some words, or of a teaser."""

    same = "same"
    added = "added"
    removed = "removed"
    changed = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A run of text, and whether it is in both."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeaserChange:
    """A teaser of either issue."""

    change: Change
    title: tuple[Words, ...]
    summary: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is different from `before`; its name is "" where there is no issue before."""

    before: str
    subject: tuple[Words, ...]
    preheader: tuple[Words, ...]
    title: tuple[Words, ...]
    intro: tuple[Words, ...]
    teasers: tuple[TeaserChange, ...]


def difference(before: Issue, now: Issue) -> Difference:
    """Compare two issues: the teasers of now in their order, then those that are gone."""
    left = list(before.teasers)
    changes: list[TeaserChange] = []
    for teaser in now.teasers:
        was = next((other for other in left if _same(teaser, other)), None)
        if was is not None:
            left.remove(was)
        changes.append(_teaser(was, teaser))
    changes.extend(_teaser(was, None) for was in left)
    return Difference(
        before=before.name,
        subject=words(before.subject, now.subject),
        preheader=words(before.preheader, now.preheader),
        title=words(before.title, now.title),
        intro=words(before.intro, now.intro),
        teasers=tuple(changes),
    )


def words(before: str, now: str) -> tuple[Words, ...]:
    """Return a text's words with those that came and those that went.

    Other white space is no difference.
    """
    old, new = _WORD.findall(before), _WORD.findall(now)
    if len(old) + len(new) > _LONG:
        old, new = before.splitlines(keepends=True), now.splitlines(keepends=True)
    codes = SequenceMatcher(
        None, [_plain(one) for one in old], [_plain(one) for one in new], autojunk=False
    ).get_opcodes()
    found: list[Words] = []
    gone = came = ""
    for number, (kind, a, b, c, d) in enumerate(codes):
        between = 0 < number < len(codes) - 1 and sum(not one.isspace() for one in new[c:d]) <= _FEW
        if kind != "equal" or between:
            gone, came = gone + "".join(old[a:b]), came + "".join(new[c:d])
            continue
        found += _changed(gone, came)
        gone = came = ""
        found.append(Words(change=Change.same, text="".join(new[c:d])))
    return (*found, *_changed(gone, came))


def _plain(word: str) -> str:
    return " " if word.isspace() else word


def _changed(gone: str, came: str) -> list[Words]:
    return [
        Words(change=change, text=text)
        for change, text in ((Change.removed, gone), (Change.added, came))
        if text
    ]


def _teaser(was: Teaser | None, now: Teaser | None) -> TeaserChange:
    title = words(was.title if was else "", now.title if now else "")
    summary = words(was.summary if was else "", now.summary if now else "")
    if was is None or now is None:
        return TeaserChange(
            change=Change.added if was is None else Change.removed, title=title, summary=summary
        )
    same = all(one.change is Change.same for one in (*title, *summary))
    return TeaserChange(
        change=Change.same if same else Change.changed, title=title, summary=summary
    )


def _same(one: Teaser, other: Teaser) -> bool:
    if one.post is not None and one.post == other.post:
        return True
    return one.title == other.title or (one.url is not None and one.url == other.url)


def text_of(found: Sequence[Words], *without: Change) -> str:
    """Return the text of some words, those with a change of `without` left out."""
    return "".join(one.text for one in found if one.change not in without)
