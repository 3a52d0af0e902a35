"""What `newsletter compose` does: read the sources with a bar, compose, say what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.progress import BarColumn, Progress, TextColumn

from newsletter.app.compose import build_enrichment
from newsletter.app.workspace import Workspace
from newsletter.cli.context import CliContext
from newsletter.cli.issue_names import strip_path
from newsletter.compose.compose import compose
from newsletter.compose.ingest import ReadSource
from newsletter.compose.request import ComposeRequest, ComposeResult, NothingToCompose
from newsletter.domain.post import LedgerEntry
from newsletter.domain.word_count import count_words
from newsletter.i18n import Phrase, _, to_printable
from newsletter.posts.sources import read_source


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeOptions:
    """What was typed after `newsletter compose`."""

    #: The issue's name or path; None: today's date.
    name: str | None
    #: Days as they were typed.
    since: str | None
    until: str | None
    most: int | None
    pins: tuple[str, ...]
    excludes: tuple[str, ...]
    related_to: str | None
    explain: bool
    dry_run: bool
    as_json: bool


def run_compose(context: CliContext, options: ComposeOptions) -> None:
    """Compose an issue, and say what was done.

    Raises NothingToCompose (once it is said why), SourceError, IssueFileError.
    """
    workspace = context.workspace
    request = _build_request(workspace, options)
    try:
        with _make_source_reader(context, request) as read:
            composed = compose(
                request,
                workspace.database,
                read,
                workspace.clock(),
                enrichment_sources=build_enrichment(workspace),
            )
    except NothingToCompose as nothing:
        _print_notes(context, nothing.notes)
        if options.explain:
            _print_left_out(context, nothing.left_out)
        raise
    if options.as_json:
        context.print_json(_composed_to_dict(composed))
    else:
        _print_composed(context, composed, options)


def _build_request(workspace: Workspace, options: ComposeOptions) -> ComposeRequest:
    """Return what is to be composed: by the options, or else by the settings."""
    newsletter, composing = workspace.settings.newsletter, workspace.settings.compose
    return ComposeRequest(
        folder=workspace.issues_folder,
        sources=workspace.sources,
        title=newsletter.title,
        language=newsletter.language,
        zone=workspace.zone,
        section=composing.section or Phrase("New since last time").translate(newsletter.language),
        word_range=(composing.teaser_words[0], composing.teaser_words[1]),
        max_posts=options.most or composing.max_posts,
        min_posts=composing.min_posts,
        issue_name=strip_path(options.name) if options.name else None,
        since=_parse_day(options.since, workspace.zone, "--since"),
        until=_parse_day(options.until, workspace.zone, "--until", end_of_day=True),
        pins=options.pins,
        excludes=options.excludes,
        related_to=options.related_to,
        max_per_category=composing.max_per_category,
        lead_first=composing.lead,
        dry_run=options.dry_run,
    )


def _parse_day(
    text: str | None, zone: ZoneInfo, option: str, *, end_of_day: bool = False
) -> datetime | None:
    """Return the beginning of a day in the newsletter's zone, or its end."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(_("write a day as in 2026-11-01"), param_hint=option) from error
    if end_of_day:
        return datetime.combine(day + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
    return datetime.combine(day, time.min, zone)


@contextmanager
def _make_source_reader(context: CliContext, request: ComposeRequest) -> Iterator[ReadSource]:
    """Lend what reads a source, with a bar on the terminal's standard error while it works."""
    workspace = context.workspace
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(
        *columns, console=context.err, transient=True, disable=not context.err.is_terminal
    ) as progress:
        task = progress.add_task(_("Reading posts"), total=len(request.sources))

        def read(source: Any, validators: Any) -> Any:
            progress.update(
                task, description=_("Reading {source}").format(source=to_printable(source.url))
            )
            try:
                fetch = workspace.fetcher.fetch
                return read_source(
                    source,
                    fetch,
                    folder=workspace.folder,
                    validators=validators,
                    zone=workspace.zone,
                )
            finally:
                progress.advance(task)

        yield read


def _composed_to_dict(composed: ComposeResult) -> dict[str, Any]:
    """Return values for other programs, in English whatever the terminal speaks."""
    return {
        "issue": composed.issue.name,
        "path": str(composed.path),
        "posts": [
            {
                "id": shown.teaser.post,
                "title": shown.teaser.title,
                "url": shown.teaser.url,
                "summary": shown.text,
                "reason": shown.reason.value,
                "words": count_words(shown.text),
            }
            for shown in composed.teasers
        ],
        "left_out": [
            {
                "id": entry.post.id,
                "title": entry.post.title,
                "url": entry.post.url,
                "reason": str(reason),
            }
            for entry, reason in composed.left_out
        ],
        "notes": [str(note) for note in composed.notes],
    }


def _print_composed(context: CliContext, composed: ComposeResult, options: ComposeOptions) -> None:
    _print_notes(context, composed.notes)
    for number, shown in enumerate(composed.teasers, 1):
        context.out.print(f"{number:3}. {to_printable(shown.teaser.title)}", markup=False)
        if options.explain:
            words = count_words(shown.text)
            told = _("{words} words: {reason}").format(
                words=words, reason=_translate_reason(shown.reason.value)
            )
            if shown.why is not None:
                context.out.print(f"     {shown.why.translate(context.language)}", markup=False)
            context.out.print(f"     {told}", markup=False)
            if options.dry_run:
                context.out.print(f"     {shown.text}", markup=False)
    if options.explain:
        _print_left_out(context, composed.left_out)
    if options.dry_run:
        context.out.print(_("Nothing was written (--dry-run)."))
    elif composed.written:
        text = _("Written: {path}. Look at it with: newsletter preview {issue}")
        context.out.print(text.format(path=composed.path, issue=composed.issue.name), markup=False)
    else:
        context.out.print(
            _("{path} is as it was: there is nothing new for it.").format(path=composed.path),
            markup=False,
        )


def _translate_reason(reason: str) -> str:
    return {
        "excerpt": _("the source's own summary"),
        "description": _("the description of the page"),
        "lead": _("the text's own lead"),
        "window": _("the best sentences of the text"),
        "model": _("written by a language model"),
        "editor": _("your words"),
        "none": _("no whole sentence was to be had"),
    }[reason]


def _print_notes(context: CliContext, notes: tuple[Phrase, ...]) -> None:
    for note in notes:
        context.err.print(note.translate(context.language), markup=False)


def _print_left_out(context: CliContext, left_out: tuple[tuple[LedgerEntry, Phrase], ...]) -> None:
    if left_out:
        context.out.print(_("Left out:"))
    for entry, reason in left_out:
        context.out.print(
            f"  –  {to_printable(entry.post.title or entry.post.url or entry.post.id)}",
            markup=False,
        )
        context.out.print(f"     {reason.translate(context.language)}", markup=False)
