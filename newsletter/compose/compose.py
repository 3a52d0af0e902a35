"""Compose an issue.

    ingest   every source | read | ledger, with the validators
    plan     ledger and files | pick                          (pure: compose.plan)
    enrich   posts whose text is too short | their page, a language model
    apply    plan anew | draft, or merge | file | ledger

The plan is made twice: pages and models are asked outside of every transaction, and what staff or
another process have changed meanwhile counts.

**Invariant:** a post is in the ledger before its source's validators are believed, and in the file
before it counts as picked: a crash anywhere loses no post and announces none twice.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from newsletter.compose.enrich import Enrichment, EnrichmentSources, enrich
from newsletter.compose.ingest import ReadSource, read_all_sources, record_readings
from newsletter.compose.issue_file import issue_folder
from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.ledger_sync import read_state
from newsletter.compose.picking.pick import is_post_named
from newsletter.compose.picking.related import find_related
from newsletter.compose.plan import (
    IssuePlan,
    RelatedScores,
    build_defaults,
    plan_issue,
    write_planned_issue,
)
from newsletter.compose.request import ComposeRequest, ComposeResult
from newsletter.domain.post import Post, Source
from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.sources import SourceResult
from newsletter.store import ledger
from newsletter.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run of compose."""

    request: ComposeRequest
    database: Database
    path: Path
    now: datetime
    #: What was read and isn't in the ledger: all of it where the run is dry.
    readings: Sequence[tuple[Source, SourceResult]] = ()
    related_scores: RelatedScores = None

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Lend a transaction in which the ledger holds all that was read."""
        with self.database.begin() as connection:
            record_readings(connection, self.request.sources, self.readings, self.now)
            yield connection


def compose(
    request: ComposeRequest,
    database: Database,
    read_source: ReadSource,
    now: datetime,
    *,
    enrichment_sources: EnrichmentSources = EnrichmentSources(),  # noqa: B008 - it is frozen
) -> ComposeResult:
    """Compose an issue, or new posts into one that is there.

    `read_source` fetches one source, `enrichment_sources` help where its text is too short.

    A source that fails is a note, and the others go on. Raises SourceError where all fail or a
    pinned post is unknown, NothingToCompose where there is nothing new (nothing is written then),
    IssueFileError where the file can't be read or written, or has been sent.
    """
    name = request.issue_name or now.astimezone(request.zone).date().isoformat()
    path = issue_folder.get_issue_path(request.folder, name)
    _refuse_unreadable(path)  # before anything is fetched
    run = _Run(request=request, database=database, path=path, now=now)
    run, notes = _ingest(run, read_source)
    run = _relate(run, enrichment_sources)
    plan = _plan(run)
    defaults = build_defaults(request, name, {}, now)
    found = enrich(plan.picked.chosen, defaults, enrichment_sources)
    return _apply(run, replace(found, notes=(*notes, *found.notes)))


def _refuse_unreadable(path: Path) -> None:
    text = issue_folder.read_text(path)
    if text is not None:
        parse_issue(text, issue_name=path.stem)


def _ingest(run: _Run, read_source: ReadSource) -> tuple[_Run, tuple[Phrase, ...]]:
    """Read every source into the ledger; a dry run keeps what was read in itself."""
    request = run.request
    readings, notes = read_all_sources(
        request.sources, run.database, read_source, run.now, record_states=not request.dry_run
    )
    run = replace(run, readings=readings)
    if not request.dry_run:
        with run.begin():
            run = replace(run, readings=())
    return run, notes


def _relate(run: _Run, enrichment_sources: EnrichmentSources) -> _Run:
    """Find the posts that are related to the one that the request names."""
    if not run.request.related_to:
        return run
    target = _find_related_target(run, enrichment_sources)
    with run.begin() as connection:
        posts = [entry.post for entry in ledger.list_entries(connection)]
        connection.rollback()
    return replace(run, related_scores=find_related(target, posts, run.request.language))


def _find_related_target(run: _Run, enrichment_sources: EnrichmentSources) -> Post:
    """Return the post that others shall be related to: one of the ledger, or any page.

    Raises SourceError.
    """
    address = run.request.related_to or ""
    with run.database.read() as connection:
        known = [entry.post for entry in ledger.list_entries(connection)]
    read = [post for _source, reading in run.readings for post in reading.posts]
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


def _plan(run: _Run) -> IssuePlan:
    """Plan the issue, and leave the ledger as it is."""
    with run.begin() as connection:
        state = read_state(connection, run.request, run.path)
        plan = plan_issue(state, run.request, run.now, run.related_scores)
        connection.rollback()
    return plan


def _apply(run: _Run, enrichment: Enrichment) -> ComposeResult:
    """Plan anew with what pages gave, and write file and ledger; a dry run writes neither."""
    request = run.request
    with run.begin() as connection:
        for post, page in enrichment.pages.items():
            ledger.fill_from_page(
                connection,
                post,
                body=page.body,
                description=page.description,
                picture=page.picture,
            )
        state = read_state(connection, request, run.path)
        plan = plan_issue(state, request, run.now, run.related_scores)
        defaults = build_defaults(request, state.issue_name, state.issue_texts, run.now)
        planned = write_planned_issue(plan, state, request, defaults, enrichment)
        written = planned.text is not None and not request.dry_run
        if planned.text is not None and not request.dry_run:
            issue_folder.save(run.path, planned.text, expected=state.file_text)
        posts = [teaser.post for teaser in planned.issue.teasers if teaser.post]
        ledger.mark_picked(connection, state.issue_name, posts)
        if request.dry_run:
            connection.rollback()
    return ComposeResult(
        issue=planned.issue,
        path=run.path,
        teasers=planned.teasers,
        left_out=plan.picked.left_out,
        notes=planned.notes,
        written=written,
    )
