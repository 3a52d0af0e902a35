"""`newsletter status`: look at a send, from any terminal."""

import time
from typing import Any

import click

from newsletter.cli.context import CliContext
from newsletter.cli.issue_names import resolve_issue_name
from newsletter.cli.send_output import format_duration, format_summary, translate_states
from newsletter.delivery.send_status import (
    SendStatus,
    estimate_time_left,
    find_newest_issue_name,
    get_send_status,
)
from newsletter.domain.delivery import DeliveryState
from newsletter.domain.issue import IssueState
from newsletter.errors import SendError
from newsletter.i18n import _

#: Seconds between two looks.
WATCH_INTERVAL_SECONDS = 1.0


@click.command(help=_("Show how far the send of ISSUE has come (of the newest, if none is named)."))
@click.argument("issue", required=False)
@click.option("--json", "as_json", is_flag=True, help=_("For other programs."))
@click.option("--watch", is_flag=True, help=_("Look again every second until the send ends."))
@click.pass_obj
def status(context: CliContext, issue: str | None, as_json: bool, watch: bool) -> None:
    """Count states, receiving domains and what servers said."""
    workspace = context.workspace
    name = _resolve_issue_name(context, issue)
    while True:
        found = get_send_status(workspace.database, name, workspace.clock())
        if watch and context.out.is_terminal and not as_json:
            click.clear()
        if as_json:
            context.print_json(_status_to_dict(found))
        else:
            _print_status(context, found)
        if not watch or found.state is not IssueState.sending:
            return
        time.sleep(WATCH_INTERVAL_SECONDS)


def _resolve_issue_name(context: CliContext, name_or_path: str | None) -> str:
    """Return the name of an issue given by name or path, or of the newest that is or was sent."""
    if name_or_path is not None:
        return resolve_issue_name(context.workspace, name_or_path)
    name = find_newest_issue_name(context.workspace.database)
    if name is None:
        raise SendError("No issue was sent yet. Send one with: newsletter send ISSUE")
    return name


def _status_to_dict(send_status: SendStatus) -> dict[str, Any]:
    due, rest = send_status.progress.next_due, estimate_time_left(send_status.progress)
    return {
        "issue": send_status.issue_name,
        "state": send_status.state.value,
        "cause": send_status.cause,
        "segment": send_status.segment,
        "counts": {state.value: count for state, count in send_status.progress.counts.items()},
        "audience": send_status.progress.audience,
        "rate": round(send_status.progress.rate, 1),
        "seconds_left": round(rest.total_seconds()) if rest is not None else None,
        "next_due": due.isoformat().replace("+00:00", "Z") if due else None,
        "domains": {
            name: {state.value: count for state, count in counts.items()}
            for name, counts in send_status.domain_counts.items()
        },
        "errors": [
            {
                "state": one.state.value,
                "code": one.code,
                "status": one.status,
                "reply": one.reply,
                "count": one.count,
            }
            for one in send_status.failures
        ],
    }


def _print_status(context: CliContext, send_status: SendStatus) -> None:
    """Print a summary, then the receiving domains with most readers."""
    click.echo(format_summary(send_status))
    rest = estimate_time_left(send_status.progress)
    if rest and send_status.state.value == "sending":
        click.echo(
            _("{rate} a second, {time} left").format(
                rate=round(send_status.progress.rate), time=format_duration(rest)
            )
        )
    if not send_status.domain_counts:
        return
    # Put off: neither --json nor an issue that nobody has got yet has a table.
    from rich.table import Table

    words = translate_states()
    shown = [
        state
        for state in DeliveryState
        if any(counts.get(state) for counts in send_status.domain_counts.values())
    ]
    table = Table(_("Domain"), *(words[state.value] for state in shown), box=None, pad_edge=False)
    for name, counts in send_status.domain_counts.items():
        table.add_row(name, *(str(counts.get(state, 0)) for state in shown))
    context.out.print(table)
