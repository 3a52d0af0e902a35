"""How the sources of a workspace are."""

from newsletter.app.workspace import Workspace
from newsletter.domain.post import Source, SourceState
from newsletter.store import source_states as store


def list_source_states(
    workspace: Workspace,
) -> tuple[tuple[Source, SourceState | None, int], ...]:
    """Return each source of newsletter.toml with its state and its count of posts in the ledger.

    The state is None where the source was never read.
    """
    with workspace.database.read() as connection:
        states, counts = store.list_states(connection), store.count_posts_by_source(connection)
    return tuple(
        (source, states.get(source.url), counts.get(source.url, 0)) for source in workspace.sources
    )
