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

from newsletter.domain.post import FetchedPost, LedgerEntry, Post, PostIdentity
from newsletter.posts.clean import extract_plain_text
from newsletter.posts.identity import compute_post_id

#: Per cent of likeness (rapidfuzz), for titles and for texts.
_MIN_TITLE_SIMILARITY, _MIN_TEXT_SIMILARITY = 90, 85
_MAX_DATE_GAP = timedelta(days=7)
#: As much of two texts is compared, in characters.
_MAX_COMPARED_CHARS = 600
#: Two posts of one feed are a copy and its original only where they are dated so near, and have so
#: many characters of text.
_MAX_COPY_DATE_GAP, _MIN_COPY_CHARS = timedelta(days=3), 80
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMatch:
    """What becomes of a reading: a new row (`known` is None), or news of a row that is there."""

    fetched: FetchedPost
    existing: PostIdentity | None
    #: The row has to be written again.
    needs_update: bool


def is_similar_title(one: str, other: str) -> bool:
    """Return True if two titles are nearly equal, with the same numbers in them."""
    one, other = one.casefold(), other.casefold()
    return (
        _NUMBER.findall(one) == _NUMBER.findall(other)
        and fuzz.ratio(one, other, score_cutoff=_MIN_TITLE_SIMILARITY) > 0
    )


def is_same_post(one: LedgerEntry, other: LedgerEntry) -> bool:
    """Return True if two posts are one.

    Of different sources, dated within 7 days, nearly equal in title and text; or a copy in one
    feed.
    """
    if one.post.source == other.post.source:
        return _is_copy(one, other)
    if abs(one.effective_date - other.effective_date) > _MAX_DATE_GAP:
        return False
    if not one.post.title or not is_similar_title(one.post.title, other.post.title):
        return False
    first, second = (
        extract_plain_text(entry.post.body or entry.post.excerpt).casefold()
        for entry in (one, other)
    )
    if not first or not second:
        return (
            one.post.title.casefold() == other.post.title.casefold()
            and len(one.post.title.split()) > 2
        )
    length = min(len(first), len(second), _MAX_COMPARED_CHARS)
    if fuzz.ratio(first[:length], second[:length]) >= _MIN_TEXT_SIMILARITY:
        return True
    short, long = sorted(
        (first, second), key=len
    )  # one feed may give a summary, the other the whole text
    return (
        fuzz.partial_ratio(short[:_MAX_COMPARED_CHARS], long[: 10 * _MAX_COMPARED_CHARS])
        >= _MIN_TEXT_SIMILARITY
    )


def _is_copy(one: LedgerEntry, other: LedgerEntry) -> bool:
    """Return True if a post was put out anew in its own feed, as another.

    Within 3 days, title and text the same to the letter.
    """
    if (
        abs(one.effective_date - other.effective_date) > _MAX_COPY_DATE_GAP
        or one.post.title.casefold() != other.post.title.casefold()
    ):
        return False
    first, second = (
        extract_plain_text(entry.post.body or entry.post.excerpt) for entry in (one, other)
    )
    return first == second and len(first) >= _MIN_COPY_CHARS


def match_known(
    known: Iterable[PostIdentity],
    fetched: Sequence[FetchedPost],
    is_wanted: Callable[[str, tuple[str, ...]], bool],
) -> list[PostMatch]:
    """Say of each reading whether its post is known already.

    Moved, edited, re-published or fed twice, it stays one post.

    `wanted(source, categories)`: whether the settings take a post from there; a row passes to a
    source that does.
    """
    table = _LedgerIndex(known, fetched)
    steps = []
    for one in fetched:
        row = table.find(one)
        if row is None:
            one = table.assign_free_id(one)
            table.add(PostIdentity.from_fetched(one))
            steps.append(PostMatch(fetched=one, existing=None, needs_update=True))
        elif row.source != one.post.source:
            takes_over = not is_wanted(row.source, row.categories) and is_wanted(
                one.post.source, one.post.categories
            )
            steps.append(PostMatch(fetched=one, existing=row, needs_update=takes_over))
        else:
            steps.append(PostMatch(fetched=one, existing=row, needs_update=row.has_changed(one)))
    return steps


class _LedgerIndex:
    """Rows of the ledger, found by any of their keys."""

    def __init__(self, known: Iterable[PostIdentity], fetched: Sequence[FetchedPost]) -> None:
        self._guids: dict[tuple[str, str], PostIdentity] = {}
        self._ids: dict[str, PostIdentity] = {}
        self._urls: dict[str, list[PostIdentity]] = {}
        self._fetched_guids = {(one.post.source, one.post.guid) for one in fetched if one.post.guid}
        self._shared_addresses = _find_shared_addresses(fetched)
        for row in known:
            self.add(row)

    def add(self, row: PostIdentity) -> None:
        self._ids[row.id] = row
        if row.guid:
            self._guids[row.source, row.guid] = row
        if row.url_key:
            self._urls.setdefault(row.url_key, []).append(row)

    def find(self, one: FetchedPost) -> PostIdentity | None:
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

    def assign_free_id(self, one: FetchedPost) -> FetchedPost:
        """Give another id to a post whose own is taken.

        A feed without ids whose posts share one address.
        """
        if one.post.id not in self._ids:
            return one
        other = compute_post_id(one.post.source, None, None, one.post.title)
        return replace(one, post=replace(one.post, id=other))

    def _is_same_address(self, row: PostIdentity, one: FetchedPost, *, alone: bool) -> bool:
        if is_similar_title(row.title, one.post.title):
            return True
        if not alone or (one.post.source, one.url_key) in self._shared_addresses:
            return False
        both_there = (
            row.source == one.post.source
            and one.post.guid
            and (row.source, row.guid) in self._fetched_guids
        )
        return not both_there


def _find_shared_addresses(fetched: Sequence[FetchedPost]) -> set[tuple[str, str | None]]:
    """Return the addresses that several posts of one reading have: the site's front page, say."""
    titles: dict[tuple[str, str | None], Post] = {}
    shared = set()
    for one in fetched:
        key = (one.post.source, one.url_key)
        if one.url_key and not is_similar_title(
            titles.setdefault(key, one.post).title, one.post.title
        ):
            shared.add(key)
    return shared
