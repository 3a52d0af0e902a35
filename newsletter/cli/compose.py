"""`newsletter compose`: pick recent posts and write an issue."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli.context import CliContext
from newsletter.i18n import Phrase, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.compose.ingest import ReadSource
    from newsletter.compose.request import ComposeRequest, ComposeResult
    from newsletter.domain.post import LedgerEntry


@click.command(
    help=_(
        "Pick recent posts, summarise them, and write issues/NAME.md (today's date). Composing"
        " again keeps what you changed."
    )
)
@click.argument("name", required=False)
@click.option("--since", metavar=_("DATE"), help=_("Only posts from this day on (2026-11-01)."))
@click.option("--until", metavar=_("DATE"), help=_("Only posts up to this day, and on it."))
@click.option("--max", "most", type=click.IntRange(1, 100), help=_("At most so many posts."))
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="URL",
    help=_("Take this post, and put it first; may be given several times."),
)
@click.option(
    "--exclude",
    "excludes",
    multiple=True,
    metavar="URL",
    help=_("Leave this post out; may be given several times."),
)
@click.option(
    "--related-to",
    metavar="URL",
    help=_("Only posts about the same things as this one: a post, or any page."),
)
@click.option("--explain", is_flag=True, help=_("Say for every post why it is in or out."))
@click.option("--dry-run", is_flag=True, help=_("Show what would be written, and write nothing."))
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON, for other programs."))
@click.pass_obj
def compose(
    context: CliContext,
    /,
    name: str | None,
    since: str | None,
    until: str | None,
    most: int | None,
    pins: tuple[str, ...],
    excludes: tuple[str, ...],
    related_to: str | None,
    explain: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Compose, and say what was done."""
    from newsletter.app.compose import build_enrichment
    from newsletter.compose.compose import compose as run
    from newsletter.compose.request import ComposeRequest, NothingToCompose

    workspace = context.workspace
    settings = workspace.settings
    request = ComposeRequest(
        folder=workspace.issues_folder,
        sources=workspace.sources,
        title=settings.newsletter.title,
        language=settings.newsletter.language,
        zone=workspace.zone,
        section=settings.compose.section
        or Phrase("New since last time").translate(settings.newsletter.language),
        word_range=(settings.compose.teaser_words[0], settings.compose.teaser_words[1]),
        max_posts=most or settings.compose.max_posts,
        min_posts=settings.compose.min_posts,
        issue_name=name.removesuffix(".md").rpartition("/")[2] if name else None,
        since=_parse_day(since, workspace.zone, "--since"),
        until=_parse_day(until, workspace.zone, "--until", end_of_day=True),
        pins=pins,
        excludes=excludes,
        related_to=related_to,
        max_per_category=settings.compose.max_per_category,
        lead_first=settings.compose.lead,
        dry_run=dry_run,
    )
    try:
        with _make_source_reader(context, request) as read:
            composed = run(
                request,
                workspace.database,
                read,
                workspace.clock(),
                enrichment_sources=build_enrichment(workspace),
            )
    except NothingToCompose as nothing:
        _print_notes(context, nothing.notes)
        if explain:
            _print_left_out(context, nothing.left_out)
        raise
    if as_json:
        context.print_json(_composed_to_dict(composed))
    else:
        _print_composed(context, composed, explain=explain, dry_run=dry_run)


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
def _make_source_reader(context: CliContext, request: "ComposeRequest") -> "Iterator[ReadSource]":
    """Lend what reads a source, with a bar on the terminal's standard error while it works."""
    from rich.progress import BarColumn, Progress, TextColumn

    from newsletter.i18n import to_printable
    from newsletter.posts.sources import read_source

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


def _composed_to_dict(composed: "ComposeResult") -> dict[str, Any]:
    """Return values for other programs, in English whatever the terminal speaks."""
    from newsletter.domain.word_count import count_words

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


def _print_composed(
    context: CliContext, composed: "ComposeResult", *, explain: bool, dry_run: bool
) -> None:
    from newsletter.domain.word_count import count_words
    from newsletter.i18n import to_printable

    _print_notes(context, composed.notes)
    for number, shown in enumerate(composed.teasers, 1):
        context.out.print(f"{number:3}. {to_printable(shown.teaser.title)}", markup=False)
        if explain:
            words = count_words(shown.text)
            told = _("{words} words: {reason}").format(
                words=words, reason=_translate_reason(shown.reason.value)
            )
            if shown.why is not None:
                context.out.print(f"     {shown.why.translate(context.language)}", markup=False)
            context.out.print(f"     {told}", markup=False)
            if dry_run:
                context.out.print(f"     {shown.text}", markup=False)
    if explain:
        _print_left_out(context, composed.left_out)
    if dry_run:
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


def _print_left_out(
    context: CliContext, left_out: "tuple[tuple[LedgerEntry, Phrase], ...]"
) -> None:
    from newsletter.i18n import to_printable

    if left_out:
        context.out.print(_("Left out:"))
    for entry, reason in left_out:
        context.out.print(
            f"  –  {to_printable(entry.post.title or entry.post.url or entry.post.id)}",
            markup=False,
        )
        context.out.print(f"     {reason.translate(context.language)}", markup=False)
