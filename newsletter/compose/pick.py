"""Pick the posts of an issue.

    every post of the ledger | why not? | pins, weight, the newest | the same post elsewhere? | is there room? | chosen

**Invariant:** every post is chosen, or left out for a reason that is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from newsletter.compose.filters import why_not
from newsletter.compose.same_post import is_same
from newsletter.domain.post import LedgerEntry, Post, PostId, PostState, Source
from newsletter.i18n import Phrase
from newsletter.posts.identity import url_key

_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an issue takes."""

    now: datetime
    #: For days in reasons.
    zone: tzinfo = UTC
    #: Address of each source → what it is asked for.
    sources: Mapping[str, Source]
    #: How many posts an issue holds at most.
    most: int
    #: The issue that is composed: posts that it has already stay in it.
    issue: str = ""
    since: datetime | None = None
    until: datetime | None = None
    #: Addresses or ids, in the order that they shall stand in; they go before every rule but "sent"
    #: and "picked elsewhere".
    pins: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    #: Posts that staff deleted from this issue's file.
    deleted: frozenset[PostId] = frozenset()
    #: How many posts of one category (a post's first) an issue takes; None: as many as there are.
    per_category: int | None = None
    #: Only these, the nearest first where there are too many: post → likeness; None: all.
    related: Mapping[PostId, float] | None = None
    #: The address of what they are related to.
    related_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The posts of an issue, in its order, and all others with the reason why not."""

    chosen: tuple[LedgerEntry, ...]
    left_out: tuple[tuple[LedgerEntry, Phrase], ...]
    #: Why each of the chosen is in.
    why: Mapping[PostId, Phrase]


def pick(entries: Sequence[LedgerEntry], rules: Rules) -> Picked:
    """Choose posts: those of the issue already, pins in their order, then by weight and the newest, up to `most`.

    Pins may go beyond it, and beyond what a category may have.
    """
    reasons: dict[str, Phrase] = {}
    wanted = []
    for entry in entries:
        reason = _why_not(entry, rules)
        if reason is None:
            wanted.append(entry)
        else:
            reasons[entry.post.id] = reason
    wanted.sort(
        key=lambda entry: (_pin(entry, rules), -_likeness(entry, rules), *_order(entry, rules))
    )
    taken = _Taken(
        entry
        for entry in entries
        if entry.state in (PostState.sent, PostState.picked, PostState.held, PostState.skipped)
    )
    chosen: list[LedgerEntry] = []
    full = _Categories(rules.per_category)
    for entry in wanted:
        if _is_ours(entry, rules):
            full.add(entry)
    room = rules.most - sum(_is_ours(entry, rules) for entry in wanted)
    for entry in wanted:
        kept = _is_ours(entry, rules) or _pin(entry, rules) < len(rules.pins)
        twin = None if kept else taken.twin(entry)
        enough = None if kept else full.why_not(entry)
        if twin is not None:
            reasons[entry.post.id] = _same_as(twin)
        elif enough is not None:
            reasons[entry.post.id] = enough
        elif kept or room > 0:
            chosen.append(entry)
            taken.add(entry)
            if not _is_ours(entry, rules):
                room -= 1
                full.add(entry)
        else:
            reasons[entry.post.id] = Phrase(
                "No room: an issue holds {most} posts. It waits for the next one.", most=rules.most
            )
    chosen.sort(key=lambda entry: _order(entry, rules))
    left = tuple((entry, reasons[entry.post.id]) for entry in entries if entry.post.id in reasons)
    return Picked(
        chosen=tuple(chosen),
        left_out=left,
        why={entry.post.id: _why(entry, rules) for entry in chosen},
    )


def is_named(entry: LedgerEntry, address: str) -> bool:
    """Say whether an address, however spelled, or an id is this entry's."""
    return is_post(entry.post, address)


def is_post(post: Post, address: str) -> bool:
    """Say whether an address, however spelled, or an id is this post's."""
    return address == post.id or (post.url is not None and url_key(post.url) == url_key(address))


def _is_ours(entry: LedgerEntry, rules: Rules) -> bool:
    there = entry.post.id not in rules.deleted
    return (
        there
        and entry.state is PostState.picked
        and bool(rules.issue)
        and entry.issue == rules.issue
    )


def _pin(entry: LedgerEntry, rules: Rules) -> int:
    return next(
        (number for number, pin in enumerate(rules.pins) if is_named(entry, pin)), len(rules.pins)
    )


def _order(entry: LedgerEntry, rules: Rules) -> tuple[int, int, float, str]:
    source = rules.sources.get(entry.post.source)
    return (
        _pin(entry, rules),
        -(source.weight if source else 0),
        -entry.dated.timestamp(),
        entry.post.id,
    )


def _likeness(entry: LedgerEntry, rules: Rules) -> float:
    """Return what decides who gets the room before order does; pins have room anyway."""
    return rules.related.get(entry.post.id, 0.0) if rules.related is not None else 0.0


def _why_not(entry: LedgerEntry, rules: Rules) -> Phrase | None:
    if any(is_named(entry, address) for address in rules.excludes):
        return Phrase("Left out by --exclude.")
    if entry.state is PostState.sent:
        return Phrase("Sent already, in {issue}.", issue=entry.issue or "–")
    if _is_ours(entry, rules):
        return None
    if entry.post.id in rules.deleted and _pin(entry, rules) == len(rules.pins):
        return Phrase("You deleted it from {issue}.", issue=rules.issue)
    if entry.state is PostState.picked and entry.issue != rules.issue:
        return Phrase("Stands in the draft {issue} already.", issue=entry.issue or "–")
    if _pin(entry, rules) < len(rules.pins):
        return None
    return (
        _by_state(entry)
        or _by_date(entry, rules)
        or _by_source(entry, rules)
        or _by_likeness(entry, rules)
    )


def _why(entry: LedgerEntry, rules: Rules) -> Phrase:
    """Say why a post is in."""
    source = rules.sources.get(entry.post.source)
    if _pin(entry, rules) < len(rules.pins):
        return Phrase("You pinned it.")
    if _is_ours(entry, rules):
        return Phrase("It stands in this issue already.")
    if rules.related is not None:
        return Phrase(
            "New, and about the same things ({share} % alike).",
            share=round(100 * _likeness(entry, rules)),
        )
    if source is not None and source.weight:
        return Phrase("New, of a source with the weight {weight}.", weight=source.weight)
    return Phrase("New, of {date}.", date=f"{entry.dated.astimezone(rules.zone):%Y-%m-%d}")


def _by_state(entry: LedgerEntry) -> Phrase | None:
    if entry.state is PostState.held:
        return Phrase(
            "You hold it back. Let it go with: newsletter posts release {url}",
            url=entry.post.url or entry.post.id,
        )
    if entry.state is PostState.skipped and entry.issue:
        return Phrase("You deleted it from {issue}, so it was skipped.", issue=entry.issue)
    if entry.state is PostState.skipped:
        return Phrase("You skipped it.")
    return None


def _by_date(entry: LedgerEntry, rules: Rules) -> Phrase | None:
    if entry.dated > rules.now:
        return Phrase(
            "Its date is in the future: it waits until {date}.",
            date=f"{entry.dated.astimezone(rules.zone):%Y-%m-%d %H:%M}",
        )
    if rules.since is not None and entry.dated < rules.since:
        return Phrase(
            "It is of {date}, before --since.",
            date=f"{entry.dated.astimezone(rules.zone):%Y-%m-%d}",
        )
    if rules.until is not None and entry.dated > rules.until:
        return Phrase(
            "It is of {date}, after --until.", date=f"{entry.dated.astimezone(rules.zone):%Y-%m-%d}"
        )
    return None


def _by_source(entry: LedgerEntry, rules: Rules) -> Phrase | None:
    source = rules.sources.get(entry.post.source)
    if source is None:
        return Phrase(
            "Its source is no longer in newsletter.toml: {source}", source=entry.post.source
        )
    return why_not(entry.post, source)


def _by_likeness(entry: LedgerEntry, rules: Rules) -> Phrase | None:
    if rules.related is None or entry.post.id in rules.related:
        return None
    if rules.related_to and is_named(entry, rules.related_to):
        return Phrase("It is the post that --related-to names.")
    return Phrase("Not about the same things as the post that --related-to names.")


def _same_as(twin: LedgerEntry) -> Phrase:
    return Phrase(
        "The same post as “{title}” ({url}).",
        title=twin.post.title,
        url=twin.post.url or twin.post.source,
    )


class _Categories:
    """How many posts of each category an issue has."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._counts: Counter[str] = Counter()

    def add(self, entry: LedgerEntry) -> None:
        self._counts.update(name.casefold() for name in entry.post.categories[:1])

    def why_not(self, entry: LedgerEntry) -> Phrase | None:
        """Say that there is enough of a post's category, or None."""
        for name in entry.post.categories[:1]:
            if self._most is not None and self._counts[name.casefold()] >= self._most:
                return Phrase(
                    "No room for more of “{category}”: an issue takes {most}. It waits for the next"
                    " one.",
                    category=name,
                    most=self._most,
                )
        return None


class _Taken:
    """Posts that are announced, or will be, found by the day that they are dated."""

    def __init__(self, entries: Iterable[LedgerEntry]) -> None:
        self._days: dict[int, list[LedgerEntry]] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: LedgerEntry) -> None:
        self._days.setdefault(entry.dated.toordinal(), []).append(entry)

    def twin(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Return a post of another source that is the same, or None."""
        day = entry.dated.toordinal()
        near = (
            other
            for days in range(-_WITHIN.days, _WITHIN.days + 1)
            for other in self._days.get(day + days, ())
        )
        return next(
            (other for other in near if other.post.id != entry.post.id and is_same(entry, other)),
            None,
        )
