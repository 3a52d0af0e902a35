"""What is to be composed, and what was."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.domain.issue import Issue, SummaryReason, Teaser
from newsletter.domain.post import LedgerEntry, Source
from newsletter.errors import NothingNewError
from newsletter.i18n import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeRequest:
    """What is to be composed, and of what."""

    #: Where the issue files lie.
    folder: Path
    sources: tuple[Source, ...]
    #: The newsletter's own.
    title: str
    language: str
    zone: ZoneInfo
    section: str
    #: How long a summary should be.
    word_range: tuple[int, int] = (35, 50)
    max_posts: int = 10
    min_posts: int = 1
    #: The issue's; None: today's date.
    issue_name: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    pins: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    #: Only posts about the same things as the one with this address.
    related_to: str | None = None
    #: How many posts of one category; None: as many as there are.
    max_per_category: int | None = None
    #: The first post is drawn larger than the others.
    lead_first: bool = False
    #: Say what would be written, and leave file and ledger as they are.
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedTeaser:
    """A teaser of the issue, with where its words come from."""

    teaser: Teaser
    reason: SummaryReason
    #: Why the post is in; None: a person put it there.
    why: Phrase | None
    #: The summary as plain text on one line; as Markdown where a person has changed it.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeResult:
    """What was composed."""

    issue: Issue
    path: Path
    teasers: tuple[ComposedTeaser, ...]
    left_out: tuple[tuple[LedgerEntry, Phrase], ...]
    notes: tuple[Phrase, ...]
    #: The file was written; not where nothing was to be changed in it, or the run was dry.
    written: bool


class NothingToCompose(NothingNewError):
    """There is nothing to compose an issue of; why each post was left out is in `left_out`."""

    def __init__(
        self,
        text: str,
        /,
        *,
        left_out: tuple[tuple[LedgerEntry, Phrase], ...],
        notes: tuple[Phrase, ...],
        **values: object,
    ) -> None:
        super().__init__(text, **values)
        self.left_out = left_out
        self.notes = notes
