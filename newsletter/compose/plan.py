"""Decide what an issue is made of, and write it; nothing here touches disk, database or clock.

ledger and files | without what is excluded | pick | IssuePlan
IssuePlan, enrichment | draft teasers | new issue, or merge into the edited one | PlannedIssue
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.compose.draft import DraftTeaser, IssueDefaults, draft_issue, draft_teaser
from newsletter.compose.editing.merge_issue import merge_issue
from newsletter.compose.enrich import Enrichment
from newsletter.compose.issue_file.front_matter import find_next_number
from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.issue_file.rewrite import rewrite_minimally
from newsletter.compose.issue_file.write import compute_fingerprint, serialise_issue
from newsletter.compose.picking.pick import PickResult, PickRules, is_entry_named, pick
from newsletter.compose.request import ComposedTeaser, ComposeRequest, NothingToCompose
from newsletter.domain.issue import Issue, SummaryReason
from newsletter.domain.post import LedgerEntry, PostId
from newsletter.errors import SourceError
from newsletter.i18n import Phrase

#: Posts that are related to the one that is named, with their likeness; None: none is named.
RelatedScores = Mapping[PostId, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeState:
    """What ledger and files hold when an issue is planned."""

    issue_name: str
    #: The issue's file as it is; None: there is none.
    file_text: str | None
    #: Every issue's file.
    issue_texts: Mapping[str, str]
    entries: tuple[LedgerEntry, ...]
    #: Posts that a person excludes by name.
    excluded_posts: frozenset[PostId]
    #: How many posts say so of themselves.
    description_counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePlan:
    """What an issue will be made of."""

    #: As staff have edited it; None: there is none yet.
    edited_issue: Issue | None
    picked: PickResult
    #: Posts that compose had put into it before.
    known_posts: frozenset[PostId]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedIssue:
    """An issue as it is to be written."""

    issue: Issue
    #: Its file; None: the file needn't change.
    text: str | None
    teasers: tuple[ComposedTeaser, ...]
    notes: tuple[Phrase, ...]


def plan_issue(
    state: ComposeState, request: ComposeRequest, now: datetime, related_scores: RelatedScores
) -> IssuePlan:
    """Pick the posts of an issue.

    Raises SourceError for a pin that nobody knows, IssueFileError where the file can't be read.
    """
    _refuse_unknown_pins(state.entries, request.pins)
    edited = _parse_edited_issue(state)
    known = (
        frozenset(entry.post.id for entry in state.entries if entry.issue_name == state.issue_name)
        if edited
        else frozenset()
    )
    there = {teaser.post for teaser in edited.teasers} if edited else set()
    rules = PickRules(
        now=now,
        zone=request.zone,
        sources={source.url: source for source in request.sources},
        max_posts=request.max_posts,
        issue_name=state.issue_name,
        since=request.since,
        until=request.until,
        pins=request.pins,
        excludes=request.excludes,
        deleted_posts=known - there,
        max_per_category=request.max_per_category,
        related_scores=related_scores,
        related_to=request.related_to,
    )
    pinned = {
        entry.post.id
        for entry in state.entries
        if any(is_entry_named(entry, pin) for pin in request.pins)
    }
    return IssuePlan(
        edited_issue=edited, picked=pick(state.entries, rules), known_posts=known - pinned
    )


def write_planned_issue(
    plan: IssuePlan,
    state: ComposeState,
    request: ComposeRequest,
    defaults: IssueDefaults,
    enrichment: Enrichment,
) -> PlannedIssue:
    """Write the planned posts as an issue, or into the one that staff have edited.

    Raises NothingToCompose where there are too few.
    """
    picked, edited = plan.picked, plan.edited_issue
    notes = enrichment.notes + _explain_unmet_pins(picked, request)
    drafts = [
        draft_teaser(entry, defaults, model_summary=enrichment.model_summaries.get(entry.post.id))
        for entry in _drop_shared_descriptions(picked.chosen, state.description_counts)
    ]
    issue = draft_issue(drafts, defaults)
    if edited is None:
        if len(drafts) < max(1, request.min_posts):
            raise _build_nothing_error(picked, len(drafts), request, notes)
    else:
        changed_posts = {entry.post.id for entry in picked.chosen if entry.changed}
        merged = merge_issue(edited, issue, plan.known_posts, changed_posts)
        issue, notes = merged.issue, notes + merged.notes
        if not issue.teasers:
            raise _build_nothing_error(picked, 0, request, notes)
    return PlannedIssue(
        issue=issue,
        text=_write_file(state, issue),
        teasers=_to_composed_teasers(issue, drafts, picked),
        notes=notes,
    )


def _write_file(state: ComposeState, issue: Issue) -> str | None:
    """Return the issue's file, where what staff have typed stays as it is; None: as it is."""
    if state.file_text is None:
        return serialise_issue(issue)
    if issue == parse_issue(state.file_text, issue_name=issue.name):
        return None
    return rewrite_minimally(state.file_text, issue)


def _parse_edited_issue(state: ComposeState) -> Issue | None:
    """Return the issue of the file without the teasers that a person excludes by name."""
    if state.file_text is None:
        return None
    issue = parse_issue(state.file_text, issue_name=state.issue_name)
    sections = tuple(
        replace(
            section,
            teasers=tuple(
                teaser for teaser in section.teasers if teaser.post not in state.excluded_posts
            ),
        )
        for section in issue.sections
    )
    return replace(issue, sections=sections)


def _drop_shared_descriptions(
    chosen: Sequence[LedgerEntry], counts: Mapping[str, int]
) -> list[LedgerEntry]:
    """Take away descriptions that several posts share: they are the site's, not the post's."""
    return [
        (
            replace(entry, post=replace(entry.post, description=""))
            if counts.get(entry.post.description, 0) > 1
            else entry
        )
        for entry in chosen
    ]


def build_defaults(
    request: ComposeRequest, issue_name: str, texts: Mapping[str, str], now: datetime
) -> IssueDefaults:
    """Return what a new issue is made of besides its posts; its number follows `texts`."""
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
        number=find_next_number(texts),
        section_by_source={
            source.url: source.section or request.section for source in request.sources
        },
        lead_first=request.lead_first,
    )


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


def _build_nothing_error(
    picked: PickResult, count: int, request: ComposeRequest, notes: tuple[Phrase, ...]
) -> NothingToCompose:
    if count:
        waiting = Phrase(
            "It would be in, but waits: an issue has at least {least} posts.",
            least=request.min_posts,
        )
        return NothingToCompose(
            "Too few new posts for an issue: {count}, and compose.min_posts asks for {least}."
            " Nothing was written.",
            left_out=(*((entry, waiting) for entry in picked.chosen), *picked.left_out),
            notes=notes,
            count=count,
            least=request.min_posts,
        )
    return NothingToCompose(
        "There is nothing new to announce, so no issue was written. See why each post is left out"
        " with: newsletter compose --explain",
        left_out=picked.left_out,
        notes=notes,
    )


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
