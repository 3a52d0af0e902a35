"""Compose an issue.

    every source | read | ledger (with its validators) | pick | read pages, ask the model | summarise | write, or merge | ledger

**Invariant:** a post is in the ledger before its source's validators are believed, and in the file
before it counts as picked: a crash anywhere loses no post and announces none twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from newsletter.compose.draft import DraftTeaser, IssueDefaults, draft_issue, draft_teaser
from newsletter.compose.editing.merge_issue import merge_issue
from newsletter.compose.enrich import Enrichment, EnrichmentSources, enrich
from newsletter.compose.ingest import ReadSource, read_all_sources, record_readings
from newsletter.compose.issue_file import issue_folder
from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.issue_file.rewrite import rewrite_minimally
from newsletter.compose.issue_file.write import compute_fingerprint, serialise_issue
from newsletter.compose.picking.pick import (
    PickResult,
    PickRules,
    is_entry_named,
    is_post_named,
    pick,
)
from newsletter.compose.picking.related import find_related
from newsletter.domain.issue import Issue, IssueState, SummaryReason, Teaser
from newsletter.domain.post import LedgerEntry, Post, PostId, Source
from newsletter.errors import IssueFileError, NothingNewError, SourceError
from newsletter.i18n import Phrase
from newsletter.posts.sources import Reading
from newsletter.store import issues, ledger
from newsletter.store.database import Database

#: Posts that are related to the one that is named, with their likeness; None: none is named.
RelatedScores = Mapping[PostId, float] | None


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


def compose(
    request: ComposeRequest,
    database: Database,
    read_source: ReadSource,
    now: datetime,
    *,
    enrichment_sources: EnrichmentSources = EnrichmentSources(),  # noqa: B008
) -> ComposeResult:  # frozen
    """Compose an issue, or new posts into one that is there.

    `read` fetches one source, `aids` help where its text is too short.

    A source that fails is a note, and the others go on. Raises SourceError where all fail or a
    pinned post is unknown, NothingToCompose where there is nothing new (nothing is written then),
    IssueFileError where the file can't be read or written, or has been sent.
    """
    date = now.astimezone(request.zone).date()
    name = request.issue_name or date.isoformat()
    path = issue_folder.get_issue_path(request.folder, name)
    _read_issue(path, name)  # what can't be read is said before anything is fetched
    readings, notes = read_all_sources(
        request.sources, database, read_source, now, record_states=not request.dry_run
    )
    if not request.dry_run:
        with database.begin() as connection:
            record_readings(connection, request.sources, readings, now)
            readings = []
    target = (
        _find_related_target(database, request, readings, enrichment_sources)
        if request.related_to
        else None
    )
    # Outside of every transaction: pages and models take their time, and nobody else could write
    # meanwhile.
    with database.begin() as connection:
        record_readings(connection, request.sources, readings, now)
        near = (
            find_related(
                target, [entry.post for entry in ledger.list_entries(connection)], request.language
            )
            if target
            else None
        )
        chosen = _sync_and_pick(connection, request, path, now, near).picked.chosen
        connection.rollback()
    found = enrich(chosen, _build_defaults(request, name, {}, now), enrichment_sources)
    with database.begin() as connection:
        record_readings(connection, request.sources, readings, now)
        for post, page in found.pages.items():
            ledger.fill_from_page(
                connection,
                post,
                body=page.body,
                description=page.description,
                picture=page.picture,
            )
        composed = _compose_issue(
            connection, request, path, now, near, replace(found, notes=(*notes, *found.notes))
        )
        if request.dry_run:
            connection.rollback()
    return composed


def _find_related_target(
    database: Database,
    request: ComposeRequest,
    readings: Sequence[tuple[Source, Reading]],
    enrichment_sources: EnrichmentSources,
) -> Post:
    """Return the post that others shall be related to: one of the ledger, or any page.

    Raises SourceError.
    """
    address = request.related_to or ""
    with database.read() as connection:
        known = [entry.post for entry in ledger.list_entries(connection)]
    read = [post for _source, reading in readings for post in reading.posts]
    target = next(
        (post for post in (*known, *read) if is_post_named(post, address)), None
    ) or enrichment_sources.fetch_post(address)
    if target is None:
        raise SourceError(
            "No source has a post with the address {url}. See which there are with: newsletter"
            " posts",
            url=address,
        )
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class _Preparation:
    """What an issue will be made of."""

    #: The file as it is; None: there is none.
    file_text: str | None
    edited_issue: Issue | None
    picked: PickResult
    #: Posts that compose had put into it before.
    known_posts: frozenset[PostId]
    #: Every issue's file.
    issue_texts: dict[str, str]


def _sync_and_pick(
    connection: sa.Connection,
    request: ComposeRequest,
    path: Path,
    now: datetime,
    related_scores: RelatedScores,
) -> _Preparation:
    """Make the ledger agree with the files, and pick."""
    name = path.stem
    _refuse_sent(connection, name)
    texts = issue_folder.read_all_texts(request.folder)
    sync_ledger(connection, texts, name)
    before = issue_folder.read_text(path)
    edited = (
        _remove_excluded(parse_issue(before, issue_name=name), request.excludes, connection)
        if before is not None
        else None
    )
    picked, known = _pick_posts(connection, request, edited, name, now, related_scores)
    return _Preparation(
        file_text=before, edited_issue=edited, picked=picked, known_posts=known, issue_texts=texts
    )


def _compose_issue(
    connection: sa.Connection,
    request: ComposeRequest,
    path: Path,
    now: datetime,
    related_scores: RelatedScores,
    enrichment: Enrichment,
) -> ComposeResult:
    name = path.stem
    ready = _sync_and_pick(connection, request, path, now, related_scores)
    picked, edited = ready.picked, ready.edited_issue
    notes = enrichment.notes + _explain_unmet_pins(picked, request)
    frame = _build_defaults(request, name, ready.issue_texts, now)
    written = [
        draft_teaser(entry, frame, model_summary=enrichment.model_summaries.get(entry.post.id))
        for entry in _drop_shared_descriptions(connection, picked.chosen)
    ]
    if edited is None:
        if len(written) < max(1, request.min_posts):
            raise _build_nothing_error(picked, len(written), request, notes)
        issue = draft_issue(written, frame)
    else:
        changed_posts = {entry.post.id for entry in picked.chosen if entry.changed}
        merged = merge_issue(edited, draft_issue(written, frame), ready.known_posts, changed_posts)
        issue, notes = merged.issue, notes + merged.notes
        if not issue.teasers:
            raise _build_nothing_error(picked, 0, request, notes)
    changed = edited is None or issue != parse_issue(ready.file_text or "", issue_name=name)
    if changed and not request.dry_run:
        # Her lines stay as she typed them.
        issue_folder.save(
            path,
            serialise_issue(issue)
            if ready.file_text is None
            else rewrite_minimally(ready.file_text, issue),
            expected=ready.file_text,
        )
    ledger.mark_picked(connection, name, [teaser.post for teaser in issue.teasers if teaser.post])
    return ComposeResult(
        issue=issue,
        path=path,
        teasers=_to_composed_teasers(issue, written, picked),
        left_out=picked.left_out,
        notes=notes,
        written=changed and not request.dry_run,
    )


def _drop_shared_descriptions(
    connection: sa.Connection, chosen: Sequence[LedgerEntry]
) -> list[LedgerEntry]:
    """Take away descriptions that several posts share: they are the site's, not the post's."""
    counts = ledger.count_descriptions(connection)
    return [
        (
            replace(entry, post=replace(entry.post, description=""))
            if counts.get(entry.post.description, 0) > 1
            else entry
        )
        for entry in chosen
    ]


def _read_issue(path: Path, issue_name: str) -> Issue | None:
    text = issue_folder.read_text(path)
    return parse_issue(text, issue_name=issue_name) if text is not None else None


def _refuse_sent(connection: sa.Connection, issue_name: str) -> None:
    sent = issues.find_issue(connection, issue_name)
    if sent is not None and sent.state in (IssueState.sending, IssueState.paused, IssueState.sent):
        raise IssueFileError(
            "{name} has been sent already. Give the new issue another name: newsletter compose"
            " NAME",
            name=issue_name,
        )


def sync_ledger(connection: sa.Connection, texts: dict[str, str], issue_name: str = "") -> None:
    """Make the ledger agree with the drafts.

    A draft whose file is gone gives its posts back, a crash's posts are claimed.

    `texts`: every issue's file. `name`: the issue that a post belongs to where two files name it.
    """
    for draft in ledger.list_drafts(connection):
        if draft not in texts:
            ledger.release_picked(connection, draft)
    for issue in sorted(texts, key=lambda one: one != issue_name):
        ledger.mark_new_as_picked(connection, issue, issue_folder.find_posts(texts[issue]))


def _remove_excluded(issue: Issue, excludes: tuple[str, ...], connection: sa.Connection) -> Issue:
    """Take teasers out that a person excludes by name, and give their posts back."""
    gone = {
        entry.post.id
        for entry in (ledger.list_entries(connection) if excludes else ())
        if any(is_entry_named(entry, address) for address in excludes)
    }
    if not gone:
        return issue
    ledger.release_picked(connection, issue.name, gone)
    return replace(
        issue,
        sections=tuple(
            replace(
                section,
                teasers=tuple(teaser for teaser in section.teasers if teaser.post not in gone),
            )
            for section in issue.sections
        ),
    )


def _pick_posts(
    connection: sa.Connection,
    request: ComposeRequest,
    edited_issue: Issue | None,
    issue_name: str,
    now: datetime,
    related_scores: RelatedScores,
) -> tuple[PickResult, frozenset[PostId]]:
    """Pick, and say which posts the issue had been given before."""
    entries = ledger.list_entries(connection)
    _refuse_unknown_pins(entries, request.pins)
    known = (
        frozenset(entry.post.id for entry in entries if entry.issue_name == issue_name)
        if edited_issue
        else frozenset()
    )
    there = {teaser.post for teaser in edited_issue.teasers} if edited_issue else set()
    pinned = {
        entry.post.id
        for entry in entries
        if any(is_entry_named(entry, pin) for pin in request.pins)
    }
    rules = PickRules(
        now=now,
        zone=request.zone,
        sources={source.url: source for source in request.sources},
        max_posts=request.max_posts,
        issue_name=issue_name,
        since=request.since,
        until=request.until,
        pins=request.pins,
        excludes=request.excludes,
        deleted_posts=known - there,
        max_per_category=request.max_per_category,
        related_scores=related_scores,
        related_to=request.related_to,
    )
    return pick(entries, rules), known - pinned


def _refuse_unknown_pins(entries: Iterable[LedgerEntry], pins: tuple[str, ...]) -> None:
    for pin in pins:
        if not any(is_entry_named(entry, pin) for entry in entries):
            raise SourceError(
                "No source has a post with the address {url}. See which there are with: newsletter"
                " posts",
                url=pin,
            )


def _explain_unmet_pins(picked: PickResult, request: ComposeRequest) -> tuple[Phrase, ...]:
    """Tell of pins that couldn't be followed."""
    return tuple(
        Phrase("--pin {url} was not followed. {reason}", url=pin, reason=reason)
        for pin in request.pins
        for entry, reason in picked.left_out
        if is_entry_named(entry, pin)
    )


def _build_defaults(
    request: ComposeRequest, issue_name: str, texts: dict[str, str], now: datetime
) -> IssueDefaults:
    today = now.astimezone(request.zone).date()
    try:
        date = today.fromisoformat(issue_name)
    except ValueError:
        date = today
    return IssueDefaults(
        issue_name=issue_name,
        title=request.title,
        language=request.language,
        zone=request.zone,
        section=request.section,
        word_range=request.word_range,
        date=date,
        number=issue_folder.find_next_number(texts),
        section_by_source={
            source.url: source.section or request.section for source in request.sources
        },
        lead_first=request.lead_first,
    )


def _build_nothing_error(
    picked: PickResult, count: int, request: ComposeRequest, notes: tuple[Phrase, ...]
) -> NothingToCompose:
    if count:
        waiting = Phrase(
            "It would be in, but waits: an issue has at least {least} posts.",
            least=request.min_posts,
        )
        return NothingToCompose(
            "Too few new posts for an issue: {count}, and compose.min_posts asks for {least}. Nothing was written.",
            left_out=(*((entry, waiting) for entry in picked.chosen), *picked.left_out), notes=notes, count=count, least=request.min_posts,
        )  # fmt: skip
    return NothingToCompose(
        "There is nothing new to announce, so no issue was written. See why each post is left out with: newsletter compose --explain",
        left_out=picked.left_out, notes=notes,
    )  # fmt: skip


def _to_composed_teasers(
    issue: Issue, drafts: Sequence[DraftTeaser], picked: PickResult
) -> tuple[ComposedTeaser, ...]:
    ours = {one.teaser.fingerprint: one.summary for one in drafts}
    shown = []
    for teaser in issue.teasers:
        summary = ours.get(teaser.fingerprint)
        why = picked.reasons.get(teaser.post) if teaser.post else None
        if summary is not None and compute_fingerprint(teaser.summary) == teaser.fingerprint:
            shown.append(
                ComposedTeaser(teaser=teaser, reason=summary.reason, why=why, text=summary.text)
            )
        else:
            shown.append(
                ComposedTeaser(
                    teaser=teaser,
                    reason=SummaryReason.editor,
                    why=why,
                    text=" ".join(teaser.summary.split()),
                )
            )
    return tuple(shown)
