"""`newsletter posts`: the posts that were seen, and what became of them.

Hold, release or skip one.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.context import CliContext
from newsletter.errors import SettingsError
from newsletter.i18n import _, ngettext, to_printable

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    import sqlalchemy as sa

    from newsletter.domain.post import LedgerEntry, Post, PostState
    from newsletter.posts.sources import SourceResult


@click.group(
    invoke_without_command=True,
    help=_(
        "Show the posts that were seen and what became of them: new, picked, sent, held, skipped."
    ),
)
@click.option(
    "--source",
    metavar=_("URL-or-FILE"),
    help=_("Read this feed or folder instead; no newsletter.toml is needed."),
)
@click.option(
    "--sources",
    is_flag=True,
    help=_("Show the sources alone: when each was read, and what came of it."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON, for other programs."))
@click.pass_context
def posts(ctx: click.Context, /, source: str | None, sources: bool, as_json: bool) -> None:
    """Show the ledger and the sources, or what one source holds."""
    from newsletter.cli.sources import show_sources

    if ctx.invoked_subcommand is not None:
        if source or sources or as_json:
            raise click.UsageError(
                _("--source, --sources and --json go with “newsletter posts” alone.")
            )
        return
    context: CliContext = ctx.obj
    if source is not None and sources:
        raise click.UsageError(
            _("Name --source to read one, or --sources to see how all of them are, not both.")
        )
    if source is not None:
        _show_source(context, source, as_json=as_json)
    elif sources:
        show_sources(context, as_json=as_json)
    else:
        _show_ledger(context, as_json=as_json)
        if not as_json:
            context.out.print()
            show_sources(context, as_json=False)


@posts.command(help=_("Keep a post out of all issues until it is released."))
@click.argument("url")
@click.pass_obj
def hold(context: CliContext, /, url: str) -> None:
    """Hold a post."""
    from newsletter.domain.post import PostState

    entry = _set_post_state(context, url, PostState.held)
    _print_entry(context, _("“{title}” is held: no issue takes it until you release it."), entry)


@posts.command(help=_("Let a held or skipped post into issues again."))
@click.argument("url")
@click.pass_obj
def release(context: CliContext, /, url: str) -> None:
    """Release a post."""
    from newsletter.domain.post import PostState

    entry = _set_post_state(context, url, PostState.new)
    _print_entry(context, _("“{title}” is free again: the next issue may take it."), entry)


@posts.command(help=_("Leave a post out of all issues for good."))
@click.argument("url")
@click.pass_obj
def skip(context: CliContext, /, url: str) -> None:
    """Skip a post."""
    from newsletter.domain.post import PostState

    entry = _set_post_state(context, url, PostState.skipped)
    _print_entry(
        context, _("“{title}” is skipped: no issue takes it, unless you release it."), entry
    )


def _set_post_state(context: CliContext, url: str, state: "PostState") -> "LedgerEntry":
    """Change a post's state by its address, however it is spelled.

    Raises SourceError where no such post has been seen.
    """
    from newsletter.posts.identity import url_key
    from newsletter.store import ledger

    with context.workspace.database.begin() as connection:
        _sync_ledger(context, connection)
        known = url if ledger.find_entry(connection, url) else url_key(url)
        return ledger.set_state(
            connection,
            known if ledger.find_entry(connection, known) else url,
            state,
            context.workspace.clock(),
        )


def _sync_ledger(context: CliContext, connection: "sa.Connection") -> None:
    """Give back the posts of drafts whose files are gone, so that what is said is true."""
    from newsletter.compose.issue_file import issue_folder
    from newsletter.compose.ledger_sync import sync_ledger

    sync_ledger(connection, issue_folder.read_all_texts(context.workspace.issues_folder))


def _print_entry(context: CliContext, text: str, entry: "LedgerEntry") -> None:
    context.out.print(
        text.format(title=to_printable(entry.post.title or entry.post.url or entry.post.id)),
        markup=False,
    )


def _show_ledger(context: CliContext, *, as_json: bool) -> None:
    from newsletter.store import ledger

    with context.workspace.database.begin() as connection:
        _sync_ledger(context, connection)
        entries = ledger.list_entries(connection)
    if as_json:
        context.print_json(
            [
                _post_to_dict(
                    entry.post, entry.state.value, entry.issue_name, changed=entry.changed
                )
                for entry in entries
            ]
        )
    elif entries:
        _print_table(
            context,
            [
                (
                    entry.post,
                    _describe_state(entry.state.value, changed=entry.changed),
                    entry.issue_name,
                )
                for entry in entries
            ],
            context.workspace.zone,
        )
    else:
        context.err.print(
            _("No posts have been seen yet. Read the sources with: newsletter compose"),
            markup=False,
        )


def _show_source(context: CliContext, source: str, *, as_json: bool) -> None:
    reading, zone = _read_source(context, source)
    for note in reading.notes:
        context.err.print(note.translate(context.language), markup=False)
    if as_json:
        context.print_json([_post_to_dict(post, "new", None) for post in reading.posts])
    elif reading.posts:
        _print_table(
            context, [(post, _describe_state("new"), None) for post in reading.posts], zone
        )


def _read_source(context: CliContext, url: str) -> "tuple[SourceResult, tzinfo]":
    """Read a source by the workspace's settings where there is a workspace, else by the defaults.

    Raises SourceError.
    """
    from datetime import UTC

    from newsletter.domain.post import Source
    from newsletter.posts.fetch.fetch import Fetcher
    from newsletter.posts.sources import read_source

    zone: tzinfo = UTC
    try:
        fetcher, sources, zone = (
            context.workspace.fetcher,
            context.workspace.sources,
            context.workspace.zone,
        )
    except SettingsError:
        if context.config is not None:
            raise
        fetcher, sources = Fetcher(), ()  # private addresses are refused then
    source = next((own for own in sources if own.url == url), None)
    folder = context.workspace.folder if source is not None else Path.cwd()
    return read_source(source or Source(url=url), fetcher.fetch, folder=folder, zone=zone), zone


def _post_to_dict(
    post: "Post", state: str, issue_name: str | None, *, changed: bool = False
) -> dict[str, Any]:
    return {
        "id": post.id,
        "title": post.title,
        "url": post.url,
        "published": post.published.isoformat() if post.published else None,
        "source": post.source,
        "state": state,
        "issue": issue_name,
        "categories": list(post.categories),
        "changed": changed,
    }


def _print_table(
    context: CliContext, rows: "list[tuple[Post, str, str | None]]", zone: "tzinfo"
) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (_("Date"), _("State"), _("Issue"), _("Title"), _("Link")):
        table.add_column(heading, overflow="fold", no_wrap=heading == _("Date"))
    for post, state, issue in rows:
        cells = (
            _format_day(post.published, zone),
            state,
            issue or "",
            to_printable(post.title),
            post.url or "",
        )
        table.add_row(*(Text(cell) for cell in cells))
    context.out.print(table)
    context.err.print(
        ngettext("{count} post", "{count} posts", len(rows)).format(count=len(rows)), markup=False
    )


def _describe_state(state: str, *, changed: bool = False) -> str:
    """Say a state, and that the source says something else now than when the post was picked."""
    said = {
        "new": _("new"),
        "picked": _("picked"),
        "sent": _("sent"),
        "held": _("held"),
        "skipped": _("skipped"),
    }[state]
    return _("{state}, changed since").format(state=said) if changed else said


def _format_day(published: "datetime | None", zone: "tzinfo") -> str:
    return published.astimezone(zone).date().isoformat() if published else "–"
