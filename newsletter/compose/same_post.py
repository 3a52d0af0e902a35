"""Which readings are one post.

The same id, the same address, or nearly the same title and text elsewhere.

By title alone "Nyheter vecka 47" and "Nyheter vecka 48" are 94 per cent the same: numbers must be
equal.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from rapidfuzz import fuzz

from newsletter.domain.post import Known, LedgerEntry, Post, Seen
from newsletter.posts.clean import plain
from newsletter.posts.identity import post_id

#: Per cent of likeness (rapidfuzz), for titles and for texts.
_TITLES, _TEXTS = 90, 85
_WITHIN = timedelta(days=7)
#: As much of two texts is compared, in characters.
_COMPARED = 600
#: Two posts of one feed are a copy and its original only where they are dated so near, and have so
#: many characters of text.
_COPIED_WITHIN, _SHORTEST_COPY = timedelta(days=3), 80
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What becomes of a reading: a new row (`known` is None), or news of a row that is there."""

    seen: Seen
    known: Known | None
    #: The row has to be written again.
    differs: bool


def near_titles(one: str, other: str) -> bool:
    """Say whether two titles are nearly equal, with the same numbers in them."""
    one, other = one.casefold(), other.casefold()
    return (
        _NUMBER.findall(one) == _NUMBER.findall(other)
        and fuzz.ratio(one, other, score_cutoff=_TITLES) > 0
    )


def is_same(one: LedgerEntry, other: LedgerEntry) -> bool:
    """Say whether two posts are one.

    Of different sources, dated within 7 days, nearly equal in title and text; or a copy in one
    feed.
    """
    if one.post.source == other.post.source:
        return _is_copy(one, other)
    if abs(one.dated - other.dated) > _WITHIN:
        return False
    if not one.post.title or not near_titles(one.post.title, other.post.title):
        return False
    first, second = (
        plain(entry.post.body or entry.post.excerpt).casefold() for entry in (one, other)
    )
    if not first or not second:
        return (
            one.post.title.casefold() == other.post.title.casefold()
            and len(one.post.title.split()) > 2
        )
    length = min(len(first), len(second), _COMPARED)
    if fuzz.ratio(first[:length], second[:length]) >= _TEXTS:
        return True
    short, long = sorted(
        (first, second), key=len
    )  # one feed may give a summary, the other the whole text
    return fuzz.partial_ratio(short[:_COMPARED], long[: 10 * _COMPARED]) >= _TEXTS


def _is_copy(one: LedgerEntry, other: LedgerEntry) -> bool:
    """Say whether a post was put out anew in its own feed, as another.

    Within 3 days, title and text the same to the letter.
    """
    if (
        abs(one.dated - other.dated) > _COPIED_WITHIN
        or one.post.title.casefold() != other.post.title.casefold()
    ):
        return False
    first, second = (plain(entry.post.body or entry.post.excerpt) for entry in (one, other))
    return first == second and len(first) >= _SHORTEST_COPY


def recognise(
    known: Iterable[Known], seen: Sequence[Seen], wanted: Callable[[str, tuple[str, ...]], bool]
) -> list[Step]:
    """Say of each reading whether its post is known already.

    Moved, edited, re-published or fed twice, it stays one post.

    `wanted(source, categories)`: whether the settings take a post from there; a row passes to a
    source that does.
    """
    table = _Table(known, seen)
    steps = []
    for one in seen:
        row = table.find(one)
        if row is None:
            one = table.named(one)
            table.add(Known.of(one))
            steps.append(Step(seen=one, known=None, differs=True))
        elif row.source != one.post.source:
            takes_over = not wanted(row.source, row.categories) and wanted(
                one.post.source, one.post.categories
            )
            steps.append(Step(seen=one, known=row, differs=takes_over))
        else:
            steps.append(Step(seen=one, known=row, differs=row.differs(one)))
    return steps


class _Table:
    """Rows of the ledger, found by any of their keys."""

    def __init__(self, known: Iterable[Known], seen: Sequence[Seen]) -> None:
        self._guids: dict[tuple[str, str], Known] = {}
        self._ids: dict[str, Known] = {}
        self._urls: dict[str, list[Known]] = {}
        self._reading = {(one.post.source, one.post.guid) for one in seen if one.post.guid}
        self._shared = _shared(seen)
        for row in known:
            self.add(row)

    def add(self, row: Known) -> None:
        self._ids[row.id] = row
        if row.guid:
            self._guids[row.source, row.guid] = row
        if row.url_key:
            self._urls.setdefault(row.url_key, []).append(row)

    def find(self, one: Seen) -> Known | None:
        post = one.post
        if post.guid:
            found = self._guids.get((post.source, post.guid)) or self._ids.get(post.id)
            if found:
                return found
        elif not post.url:
            return self._ids.get(post.id)
        rows = self._urls.get(one.url_key or "", [])
        return next(
            (row for row in rows if self._is_same_address(row, one, alone=len(rows) == 1)), None
        )

    def named(self, one: Seen) -> Seen:
        """Give another id to a post whose own is taken.

        A feed without ids whose posts share one address.
        """
        if one.post.id not in self._ids:
            return one
        other = post_id(one.post.source, None, None, one.post.title)
        return replace(one, post=replace(one.post, id=other))

    def _is_same_address(self, row: Known, one: Seen, *, alone: bool) -> bool:
        if near_titles(row.title, one.post.title):
            return True
        if not alone or (one.post.source, one.url_key) in self._shared:
            return False
        both_there = (
            row.source == one.post.source
            and one.post.guid
            and (row.source, row.guid) in self._reading
        )
        return not both_there


def _shared(seen: Sequence[Seen]) -> set[tuple[str, str | None]]:
    """Return the addresses that several posts of one reading have: the site's front page, say."""
    titles: dict[tuple[str, str | None], Post] = {}
    shared = set()
    for one in seen:
        key = (one.post.source, one.url_key)
        if one.url_key and not near_titles(titles.setdefault(key, one.post).title, one.post.title):
            shared.add(key)
    return shared
