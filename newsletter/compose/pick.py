"""Pick the posts of an issue.

    every post of the ledger | why not? | pins, then the newest | the same post elsewhere? | is there room? | chosen

**Invariant:** every post is chosen, or left out for a reason that is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from newsletter.compose.same_post import is_same
from newsletter.domain.post import LedgerEntry, PostId, PostState
from newsletter.i18n import Phrase
from newsletter.posts.identity import url_key

_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an issue takes."""

    now: datetime
    #: For days in reasons.
    zone: tzinfo = UTC
    #: Address of each source → the categories that it is asked for; none: all.
    sources: Mapping[str, tuple[str, ...]]
    #: How many posts an issue holds at most.
    most: int
    #: The issue that is composed: posts that it has already stay in it.
    issue: str = ""
    since: datetime | None = None
    until: datetime | None = None
    #: Addresses or ids, in the order that they shall stand in; they go before every rule but "sent" and "picked elsewhere".
    pins: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    #: Posts that staff deleted from this issue's file.
    deleted: frozenset[PostId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The posts of an issue, in its order, and all others with the reason why not."""

    chosen: tuple[LedgerEntry, ...]
    left_out: tuple[tuple[LedgerEntry, Phrase], ...]


def pick(entries: Sequence[LedgerEntry], rules: Rules) -> Picked:
    """Choose posts: those of the issue already, pins in their order, then the newest, up to `most`; pins may go beyond it."""
    reasons: dict[str, Phrase] = {}
    wanted = []
    for entry in entries:
        reason = _why_not(entry, rules)
        if reason is None:
            wanted.append(entry)
        else:
            reasons[entry.post.id] = reason
    wanted.sort(key=lambda entry: (_pin(entry, rules), -entry.dated.timestamp(), entry.post.id))
    taken = _Taken(entry for entry in entries if entry.state in (PostState.sent, PostState.picked, PostState.held, PostState.skipped))
    chosen: list[LedgerEntry] = []
    room = rules.most - sum(_is_ours(entry, rules) for entry in wanted)
    for entry in wanted:
        kept = _is_ours(entry, rules) or _pin(entry, rules) < len(rules.pins)
        twin = None if kept else taken.twin(entry)
        if twin is not None:
            reasons[entry.post.id] = _same_as(twin)
        elif kept or room > 0:
            chosen.append(entry)
            taken.add(entry)
            room -= not _is_ours(entry, rules)
        else:
            reasons[entry.post.id] = Phrase("No room: an issue holds {most} posts. It waits for the next one.", most=rules.most)
    left = tuple((entry, reasons[entry.post.id]) for entry in entries if entry.post.id in reasons)
    return Picked(chosen=tuple(chosen), left_out=left)


def is_named(entry: LedgerEntry, address: str) -> bool:
    """Say whether an address, however spelled, or an id is this post's."""
    return address == entry.post.id or (entry.post.url is not None and url_key(entry.post.url) == url_key(address))


def _is_ours(entry: LedgerEntry, rules: Rules) -> bool:
    there = entry.post.id not in rules.deleted
    return there and entry.state is PostState.picked and bool(rules.issue) and entry.issue == rules.issue


def _pin(entry: LedgerEntry, rules: Rules) -> int:
    return next((number for number, pin in enumerate(rules.pins) if is_named(entry, pin)), len(rules.pins))


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
    return _by_state(entry) or _by_date(entry, rules) or _by_source(entry, rules)


def _by_state(entry: LedgerEntry) -> Phrase | None:
    if entry.state is PostState.held:
        return Phrase("You hold it back. Let it go with: newsletter posts release {url}", url=entry.post.url or entry.post.id)
    if entry.state is PostState.skipped and entry.issue:
        return Phrase("You deleted it from {issue}, so it was skipped.", issue=entry.issue)
    if entry.state is PostState.skipped:
        return Phrase("You skipped it.")
    return None


def _by_date(entry: LedgerEntry, rules: Rules) -> Phrase | None:
    if entry.dated > rules.now:
        return Phrase("Its date is in the future: it waits until {date}.", date=f"{entry.dated.astimezone(rules.zone):%Y-%m-%d %H:%M}")
    if rules.since is not None and entry.dated < rules.since:
        return Phrase("It is of {date}, before --since.", date=f"{entry.dated.astimezone(rules.zone):%Y-%m-%d}")
    if rules.until is not None and entry.dated > rules.until:
        return Phrase("It is of {date}, after --until.", date=f"{entry.dated.astimezone(rules.zone):%Y-%m-%d}")
    return None


def _by_source(entry: LedgerEntry, rules: Rules) -> Phrase | None:
    asked = rules.sources.get(entry.post.source)
    if asked is None:
        return Phrase("Its source is no longer in newsletter.toml: {source}", source=entry.post.source)
    if not in_categories(entry.post.categories, asked):
        has = ", ".join(entry.post.categories) or "–"
        return Phrase("Not in the categories that its source is asked for ({asked}); it has: {has}", asked=", ".join(asked), has=has)
    return None


def in_categories(has: Iterable[str], asked: Sequence[str]) -> bool:
    """Say whether a post with these categories is asked for; asking for none takes all. Case doesn't count."""
    wanted = {category.strip().casefold() for category in asked}
    return not wanted or any(category.strip().casefold() in wanted for category in has)


def _same_as(twin: LedgerEntry) -> Phrase:
    return Phrase("The same post as “{title}” ({url}).", title=twin.post.title, url=twin.post.url or twin.post.source)


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
        near = (other for days in range(-_WITHIN.days, _WITHIN.days + 1) for other in self._days.get(day + days, ()))
        return next((other for other in near if other.post.id != entry.post.id and is_same(entry, other)), None)
