"""How the sources are: when each was read last, what came of it, how many posts it has given."""

from datetime import datetime
from typing import Any

from newsletter.app.source_states import list_source_states
from newsletter.cli.context import CliContext
from newsletter.domain.post import Source, SourceState
from newsletter.i18n import _, ngettext, to_printable


def show_sources(context: CliContext, *, as_json: bool) -> None:
    """Print two lines for each source of newsletter.toml.

    `as_json`: a list of objects, whose sentences are English.
    """
    found = list_source_states(context.workspace)
    if as_json:
        context.print_json(
            [_source_to_dict(source, state, count) for source, state, count in found]
        )
        return
    for source, state, count in found:
        said = (
            " ".join(phrase.translate(context.language) for phrase in state.notes)
            if state
            else _("It hasn't been read yet.")
        )
        given = ngettext("{count} post", "{count} posts", count).format(count=count)
        parts = [to_printable(source.url), given] + (
            [_format_time(context, state.read_at)] if state else []
        )
        context.out.print(" · ".join(parts), markup=False)
        context.out.print(f"  {' '.join(said.split())}", markup=False)


def _source_to_dict(source: Source, state: SourceState | None, count: int) -> dict[str, Any]:
    return {
        "source": source.url,
        "at": state.read_at.isoformat() if state else None,
        "good": state.last_success_at.isoformat() if state and state.last_success_at else None,
        "failed": state.has_failed if state else None,
        "said": [phrase.translate("en") for phrase in state.notes] if state else [],
        "posts": count,
    }


def _format_time(context: CliContext, moment: "datetime") -> str:
    return moment.astimezone(context.workspace.zone).strftime("%Y-%m-%d %H:%M")
