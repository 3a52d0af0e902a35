"""Posts as a table on a terminal, or as values for JSON."""

from datetime import datetime, tzinfo
from typing import Any

from newsletter.cli.context import CliContext
from newsletter.domain.post import Post
from newsletter.i18n import _, ngettext, to_printable


def post_to_dict(
    post: Post, state: str, issue_name: str | None, *, changed: bool = False
) -> dict[str, Any]:
    """Return a post as a value for JSON; the keys are a contract."""
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


def print_table(
    context: CliContext, rows: list[tuple[Post, str, str | None]], zone: tzinfo
) -> None:
    """Print posts with their state and the issue that they are in, a line each."""
    # Put off: --json draws no table.
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


def describe_state(state: str, *, changed: bool = False) -> str:
    """Say a state, and that the source says something else now than when the post was picked."""
    said = {
        "new": _("new"),
        "picked": _("picked"),
        "sent": _("sent"),
        "held": _("held"),
        "skipped": _("skipped"),
    }[state]
    return _("{state}, changed since").format(state=said) if changed else said


def _format_day(published: datetime | None, zone: tzinfo) -> str:
    return published.astimezone(zone).date().isoformat() if published else "–"
