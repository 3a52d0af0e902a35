"""Say what is different between two issues: words added and removed, teasers new and gone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from newsletter.domain.issue import Issue, Teaser, match_teasers

#: Words (with the mark behind them) and white space.
_WORD = re.compile(r"\s+|\S+")
#: A longer text is compared line by line, in words.
_MAX_WORD_DIFF_TOKENS = 4_000
#: So few words that are the same between two changes are shown as part of them: what is left of a
#: sentence can't be read.
_MAX_ABSORBED_WORDS = 2


class ChangeKind(StrEnum):
    """What became of some words, or of a teaser."""

    same = "same"
    added = "added"
    removed = "removed"
    changed = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRun:
    """A run of text, and whether it is in both."""

    change: ChangeKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeaserDiff:
    """A teaser of either issue."""

    change: ChangeKind
    title: tuple[DiffRun, ...]
    summary: tuple[DiffRun, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDiff:
    """What is different from `before`; its name is "" where there is no issue before."""

    before_name: str
    subject: tuple[DiffRun, ...]
    preheader: tuple[DiffRun, ...]
    title: tuple[DiffRun, ...]
    intro: tuple[DiffRun, ...]
    teasers: tuple[TeaserDiff, ...]


def diff_issues(before: Issue, now: Issue) -> IssueDiff:
    """Compare two issues: the teasers of now in their order, then those that are gone."""
    left = list(before.teasers)
    changes: list[TeaserDiff] = []
    for teaser in now.teasers:
        was = max(left, key=lambda other: match_teasers(teaser, other), default=None)
        if was is not None and match_teasers(teaser, was):
            left.remove(was)
            changes.append(_diff_teaser(was, teaser))
        else:
            changes.append(_diff_teaser(None, teaser))
    changes.extend(_diff_teaser(was, None) for was in left)
    return IssueDiff(
        before_name=before.name,
        subject=diff_words(before.subject, now.subject),
        preheader=diff_words(before.preheader, now.preheader),
        title=diff_words(before.title, now.title),
        intro=diff_words(before.intro, now.intro),
        teasers=tuple(changes),
    )


def diff_words(before: str, now: str) -> tuple[DiffRun, ...]:
    """Return a text's words with those that came and those that went.

    Other white space is no difference.
    """
    old, new = _WORD.findall(before), _WORD.findall(now)
    if len(old) + len(new) > _MAX_WORD_DIFF_TOKENS:
        old, new = before.splitlines(keepends=True), now.splitlines(keepends=True)
    codes = SequenceMatcher(
        None,
        [_normalise_blank(one) for one in old],
        [_normalise_blank(one) for one in new],
        autojunk=False,
    ).get_opcodes()
    found: list[DiffRun] = []
    gone = came = ""
    for number, (kind, a, b, c, d) in enumerate(codes):
        between = (
            0 < number < len(codes) - 1
            and sum(not one.isspace() for one in new[c:d]) <= _MAX_ABSORBED_WORDS
        )
        if kind != "equal" or between:
            gone, came = gone + "".join(old[a:b]), came + "".join(new[c:d])
            continue
        found += _to_runs(gone, came)
        gone = came = ""
        found.append(DiffRun(change=ChangeKind.same, text="".join(new[c:d])))
    return (*found, *_to_runs(gone, came))


def _normalise_blank(word: str) -> str:
    return " " if word.isspace() else word


def _to_runs(gone: str, came: str) -> list[DiffRun]:
    return [
        DiffRun(change=change, text=text)
        for change, text in ((ChangeKind.removed, gone), (ChangeKind.added, came))
        if text
    ]


def _diff_teaser(was: Teaser | None, now: Teaser | None) -> TeaserDiff:
    title = diff_words(was.title if was else "", now.title if now else "")
    summary = diff_words(was.summary if was else "", now.summary if now else "")
    if was is None or now is None:
        return TeaserDiff(
            change=ChangeKind.added if was is None else ChangeKind.removed,
            title=title,
            summary=summary,
        )
    same = all(one.change is ChangeKind.same for one in (*title, *summary))
    return TeaserDiff(
        change=ChangeKind.same if same else ChangeKind.changed, title=title, summary=summary
    )


def join_text(found: Sequence[DiffRun], *without: ChangeKind) -> str:
    """Return the text of some words, those with a change of `without` left out."""
    return "".join(one.text for one in found if one.change not in without)
