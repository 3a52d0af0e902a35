"""What `newsletter posts --source` shows: the posts of one feed or folder."""

from datetime import UTC, tzinfo
from pathlib import Path

from newsletter.cli.context import CliContext
from newsletter.cli.posts.post_table import describe_state, post_to_dict, print_table
from newsletter.domain.post import Source
from newsletter.posts.sources import SourceResult, read_source


def show_source(context: CliContext, source: str, *, as_json: bool) -> None:
    """Print what a feed or folder holds. Raises SourceError."""
    reading, zone = _read_source(context, source)
    for note in reading.notes:
        context.err.print(note.translate(context.language), markup=False)
    if as_json:
        context.print_json([post_to_dict(post, "new", None) for post in reading.posts])
    elif reading.posts:
        print_table(context, [(post, describe_state("new"), None) for post in reading.posts], zone)


def _read_source(context: CliContext, url: str) -> tuple[SourceResult, tzinfo]:
    """Read a source by the workspace's settings where there is a workspace, else by the defaults.

    Raises SourceError.
    """
    workspace = context.find_workspace()
    zone: tzinfo = workspace.zone if workspace is not None else UTC
    own = {source.url: source for source in workspace.sources} if workspace is not None else {}
    folder = workspace.folder if workspace is not None and url in own else Path.cwd()
    source = own.get(url) or Source(url=url)
    return read_source(source, context.fetcher.fetch, folder=folder, zone=zone), zone
