"""Pick the posts of an issue.

    every post of the ledger | why not? | pins, weight, the newest
        | the same post elsewhere? | is there room? | chosen

**Invariant:** every post is chosen, or left out for a reason that is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from newsletter.compose.picking.deduplicate import is_same_post
from newsletter.compose.picking.filters import why_not
from newsletter.domain.post import LedgerEntry, Post, PostId, PostState, Source
from newsletter.i18n import Phrase
from newsletter.posts.identity import url_key

_DUPLICATE_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRules:
    """What an issue takes."""

    now: datetime
    #: For days in reasons.
    zone: tzinfo = UTC
    #: Address of each source → what it is asked for.
    sources: Mapping[str, Source]
    #: How many posts an issue holds at most.
    max_posts: int
    #: The issue that is composed: posts that it has already stay in it.
    issue_name: str = ""
    since: datetime | None = None
    until: datetime | None = None
    #: Addresses or ids, in the order that they shall stand in; they go before every rule but "sent"
    #: and "picked elsewhere".
    pins: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    #: Posts that staff deleted from this issue's file.
    deleted_posts: frozenset[PostId] = frozenset()
    #: How many posts of one category (a post's first) an issue takes; None: as many as there are.
    max_per_category: int | None = None
    #: Only these, the nearest first where there are too many: post → likeness; None: all.
    related_scores: Mapping[PostId, float] | None = None
    #: The address of what they are related to.
    related_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PickResult:
    """The posts of an issue, in its order, and all others with the reason why not."""

    chosen: tuple[LedgerEntry, ...]
    left_out: tuple[tuple[LedgerEntry, Phrase], ...]
    #: Why each of the chosen is in.
    reasons: Mapping[PostId, Phrase]


def pick(entries: Sequence[LedgerEntry], rules: PickRules) -> PickResult:
    """Choose posts: those of the issue already, pins in their order, then by weight and date.

    Up to `max_posts`. Pins may go beyond it, and beyond what a category may have.
    """
    wanted, reasons = _divide_wanted(entries, rules)
    taken = _AnnouncedPosts(
        entry
        for entry in entries
        if entry.state in (PostState.sent, PostState.picked, PostState.held, PostState.skipped)
    )
    chosen: list[LedgerEntry] = []
    full = _CategoryQuota(rules.max_per_category)
    for entry in wanted:
        if _is_in_issue(entry, rules):
            full.add(entry)
    room = rules.max_posts - sum(_is_in_issue(entry, rules) for entry in wanted)
    for entry in wanted:
        kept = _is_in_issue(entry, rules) or _find_pin_rank(entry, rules) < len(rules.pins)
        twin = None if kept else taken.find_duplicate(entry)
        enough = None if kept else full.why_not(entry)
        if twin is not None:
            reasons[entry.post.id] = _explain_duplicate(twin)
        elif enough is not None:
            reasons[entry.post.id] = enough
        elif kept or room > 0:
            chosen.append(entry)
            taken.add(entry)
            if not _is_in_issue(entry, rules):
                room -= 1
                full.add(entry)
        else:
            reasons[entry.post.id] = Phrase(
                "No room: an issue holds {most} posts. It waits for the next one.",
                most=rules.max_posts,
            )
    chosen.sort(key=lambda entry: _build_sort_key(entry, rules))
    left = tuple((entry, reasons[entry.post.id]) for entry in entries if entry.post.id in reasons)
    return PickResult(
        chosen=tuple(chosen),
        left_out=left,
        reasons={entry.post.id: _explain_choice(entry, rules) for entry in chosen},
    )


def _divide_wanted(
    entries: Sequence[LedgerEntry], rules: PickRules
) -> tuple[list[LedgerEntry], dict[str, Phrase]]:
    """Return the entries that no rule leaves out, in the order that they get room; else why not."""
    reasons: dict[str, Phrase] = {}
    wanted = []
    for entry in entries:
        reason = _why_not(entry, rules)
        if reason is None:
            wanted.append(entry)
        else:
            reasons[entry.post.id] = reason
    wanted.sort(
        key=lambda entry: (
            _find_pin_rank(entry, rules),
            -_get_likeness(entry, rules),
            *_build_sort_key(entry, rules),
        )
    )
    return wanted, reasons


def is_entry_named(entry: LedgerEntry, address: str) -> bool:
    """Return True if an address, however spelled, or an id is this entry's."""
    return is_post_named(entry.post, address)


def is_post_named(post: Post, address: str) -> bool:
    """Return True if an address, however spelled, or an id is this post's."""
    return address == post.id or (post.url is not None and url_key(post.url) == url_key(address))


def _is_in_issue(entry: LedgerEntry, rules: PickRules) -> bool:
    there = entry.post.id not in rules.deleted_posts
    return (
        there
        and entry.state is PostState.picked
        and bool(rules.issue_name)
        and entry.issue_name == rules.issue_name
    )


def _find_pin_rank(entry: LedgerEntry, rules: PickRules) -> int:
    return next(
        (number for number, pin in enumerate(rules.pins) if is_entry_named(entry, pin)),
        len(rules.pins),
    )


def _build_sort_key(entry: LedgerEntry, rules: PickRules) -> tuple[int, int, float, str]:
    source = rules.sources.get(entry.post.source)
    return (
        _find_pin_rank(entry, rules),
        -(source.weight if source else 0),
        -entry.effective_date.timestamp(),
        entry.post.id,
    )


def _get_likeness(entry: LedgerEntry, rules: PickRules) -> float:
    """Return what decides who gets the room before order does; pins have room anyway."""
    return rules.related_scores.get(entry.post.id, 0.0) if rules.related_scores is not None else 0.0


def _why_not(entry: LedgerEntry, rules: PickRules) -> Phrase | None:
    if any(is_entry_named(entry, address) for address in rules.excludes):
        return Phrase("Left out by --exclude.")
    if entry.state is PostState.sent:
        return Phrase("Sent already, in {issue}.", issue=entry.issue_name or "–")
    if _is_in_issue(entry, rules):
        return None
    if entry.post.id in rules.deleted_posts and _find_pin_rank(entry, rules) == len(rules.pins):
        return Phrase("You deleted it from {issue}.", issue=rules.issue_name)
    if entry.state is PostState.picked and entry.issue_name != rules.issue_name:
        return Phrase("Stands in the draft {issue} already.", issue=entry.issue_name or "–")
    if _find_pin_rank(entry, rules) < len(rules.pins):
        return None
    return (
        _why_not_by_state(entry)
        or _why_not_by_date(entry, rules)
        or _why_not_by_source(entry, rules)
        or _why_not_by_likeness(entry, rules)
    )


def _explain_choice(entry: LedgerEntry, rules: PickRules) -> Phrase:
    """Say why a post is in."""
    source = rules.sources.get(entry.post.source)
    if _find_pin_rank(entry, rules) < len(rules.pins):
        return Phrase("You pinned it.")
    if _is_in_issue(entry, rules):
        return Phrase("It stands in this issue already.")
    if rules.related_scores is not None:
        return Phrase(
            "New, and about the same things ({share} % alike).",
            share=round(100 * _get_likeness(entry, rules)),
        )
    if source is not None and source.weight:
        return Phrase("New, of a source with the weight {weight}.", weight=source.weight)
    return Phrase("New, of {date}.", date=f"{entry.effective_date.astimezone(rules.zone):%Y-%m-%d}")


def _why_not_by_state(entry: LedgerEntry) -> Phrase | None:
    if entry.state is PostState.held:
        return Phrase(
            "You hold it back. Let it go with: newsletter posts release {url}",
            url=entry.post.url or entry.post.id,
        )
    if entry.state is PostState.skipped and entry.issue_name:
        return Phrase("You deleted it from {issue}, so it was skipped.", issue=entry.issue_name)
    if entry.state is PostState.skipped:
        return Phrase("You skipped it.")
    return None


def _why_not_by_date(entry: LedgerEntry, rules: PickRules) -> Phrase | None:
    if entry.effective_date > rules.now:
        return Phrase(
            "Its date is in the future: it waits until {date}.",
            date=f"{entry.effective_date.astimezone(rules.zone):%Y-%m-%d %H:%M}",
        )
    if rules.since is not None and entry.effective_date < rules.since:
        return Phrase(
            "It is of {date}, before --since.",
            date=f"{entry.effective_date.astimezone(rules.zone):%Y-%m-%d}",
        )
    if rules.until is not None and entry.effective_date > rules.until:
        return Phrase(
            "It is of {date}, after --until.",
            date=f"{entry.effective_date.astimezone(rules.zone):%Y-%m-%d}",
        )
    return None


def _why_not_by_source(entry: LedgerEntry, rules: PickRules) -> Phrase | None:
    source = rules.sources.get(entry.post.source)
    if source is None:
        return Phrase(
            "Its source is no longer in newsletter.toml: {source}", source=entry.post.source
        )
    return why_not(entry.post, source)


def _why_not_by_likeness(entry: LedgerEntry, rules: PickRules) -> Phrase | None:
    if rules.related_scores is None or entry.post.id in rules.related_scores:
        return None
    if rules.related_to and is_entry_named(entry, rules.related_to):
        return Phrase("It is the post that --related-to names.")
    return Phrase("Not about the same things as the post that --related-to names.")


def _explain_duplicate(duplicate: LedgerEntry) -> Phrase:
    return Phrase(
        "The same post as “{title}” ({url}).",
        title=duplicate.post.title,
        url=duplicate.post.url or duplicate.post.source,
    )


class _CategoryQuota:
    """How many posts of each category an issue has."""

    def __init__(self, max_per_category: int | None) -> None:
        self._max_per_category = max_per_category
        self._counts: Counter[str] = Counter()

    def add(self, entry: LedgerEntry) -> None:
        self._counts.update(name.casefold() for name in entry.post.categories[:1])

    def why_not(self, entry: LedgerEntry) -> Phrase | None:
        """Say that there is enough of a post's category, or None."""
        for name in entry.post.categories[:1]:
            if (
                self._max_per_category is not None
                and self._counts[name.casefold()] >= self._max_per_category
            ):
                return Phrase(
                    "No room for more of “{category}”: an issue takes {most}. It waits for the next"
                    " one.",
                    category=name,
                    most=self._max_per_category,
                )
        return None


class _AnnouncedPosts:
    """Posts that are announced, or will be, found by the day that they are dated."""

    def __init__(self, entries: Iterable[LedgerEntry]) -> None:
        self._entries_by_day: dict[int, list[LedgerEntry]] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: LedgerEntry) -> None:
        self._entries_by_day.setdefault(entry.effective_date.toordinal(), []).append(entry)

    def find_duplicate(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Return a post of another source that is the same, or None."""
        day = entry.effective_date.toordinal()
        near = (
            other
            for days in range(-_DUPLICATE_WINDOW.days, _DUPLICATE_WINDOW.days + 1)
            for other in self._entries_by_day.get(day + days, ())
        )
        return next(
            (
                other
                for other in near
                if other.post.id != entry.post.id and is_same_post(entry, other)
            ),
            None,
        )
