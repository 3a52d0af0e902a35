"""`newsletter status`, `pause`, `resume`, `cancel`.

Look at a send, and hold or end it, from any terminal.
"""

import time
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.asking import confirm
from newsletter.cli.context import Context
from newsletter.i18n import _

if TYPE_CHECKING:
    from newsletter.delivery.report import SendStatus

#: Seconds between two looks.
LOOK = 1.0


@click.command(help=_("Show how far the send of ISSUE has come (of the newest, if none is named)."))
@click.argument("issue", required=False)
@click.option("--json", "as_json", is_flag=True, help=_("For other programs."))
@click.option("--watch", is_flag=True, help=_("Look again every second until the send ends."))
@click.pass_obj
def status(context: Context, issue: str | None, as_json: bool, watch: bool) -> None:
    """Count states, receiving domains and what servers said."""
    from newsletter.delivery import report
    from newsletter.domain.issue import IssueState

    workspace = context.workspace
    name = _named(context, issue)
    while True:
        found = report.get_send_status(workspace.database, name, workspace.clock())
        if watch and context.out.is_terminal and not as_json:
            click.clear()
        if as_json:
            context.json(_as_json(found))
        else:
            _show(context, found)
        if not watch or found.state is not IssueState.sending:
            return
        time.sleep(LOOK)


@click.command(help=_("Hold the running send of ISSUE; what is on its way arrives."))
@click.argument("issue")
@click.pass_obj
def pause(context: Context, issue: str) -> None:
    """Hold a send."""
    from newsletter.delivery import audience

    name = _named(context, issue)
    audience.pause(context.workspace.database, name, context.workspace.clock())
    click.echo(_("{issue} is held. Go on with: newsletter resume {issue}").format(issue=name))


@click.command(help=_("Let the held send of ISSUE go on."))
@click.argument("issue")
@click.pass_obj
def resume(context: Context, issue: str) -> None:
    """Let a send go on: by `serve`, by `run --once`, or by `send`."""
    from newsletter.delivery import audience

    name = _named(context, issue)
    audience.resume(context.workspace.database, name, context.workspace.clock())
    click.echo(
        _(
            "{issue} goes on: by newsletter serve, by newsletter run --once, or now with:"
            " newsletter send {issue}"
        ).format(issue=name)
    )


@click.command(help=_("End the send of ISSUE for good: who hasn't got it won't."))
@click.argument("issue")
@click.option("--yes", is_flag=True, help=_("Don't ask."))
@click.pass_obj
def cancel(context: Context, issue: str, yes: bool) -> None:
    """End a send."""
    import sys

    from newsletter.delivery import audience, report

    name = _named(context, issue)
    workspace = context.workspace
    if not yes and sys.stdin.isatty():
        rest = report.count_remaining(
            report.get_send_status(workspace.database, name, workspace.clock()).progress
        )
        confirm(_("{count} readers won't get it. End the send?").format(count=rest))
    audience.cancel(workspace.database, name, workspace.clock())
    click.echo(_("{issue} is cancelled.").format(issue=name))


def _named(context: Context, issue: str | None) -> str:
    """Return the name of an issue given by name or path, or of the newest that is or was sent."""
    from newsletter.cli.sending import issue_name
    from newsletter.delivery import report
    from newsletter.errors import SendError

    if issue is not None:
        return issue_name(context.workspace, issue)
    name = report.find_newest_issue_name(context.workspace.database)
    if name is None:
        raise SendError("No issue was sent yet. Send one with: newsletter send ISSUE")
    return name


def _as_json(found: "SendStatus") -> dict[str, Any]:
    from newsletter.delivery.report import estimate_time_left

    due, rest = found.progress.next_due, estimate_time_left(found.progress)
    return {
        "issue": found.issue_name,
        "state": found.state.value,
        "cause": found.cause,
        "segment": found.segment,
        "counts": {state.value: count for state, count in found.progress.counts.items()},
        "audience": found.progress.audience,
        "rate": round(found.progress.rate, 1),
        "seconds_left": round(rest.total_seconds()) if rest is not None else None,
        "next_due": due.isoformat().replace("+00:00", "Z") if due else None,
        "domains": {
            name: {state.value: count for state, count in counts.items()}
            for name, counts in found.domain_counts.items()
        },
        "errors": [
            {
                "state": one.state.value,
                "code": one.code,
                "status": one.status,
                "reply": one.reply,
                "count": one.count,
            }
            for one in found.failures
        ],
    }


def _show(context: Context, found: "SendStatus") -> None:
    """Print a summary, then the receiving domains with most readers."""
    from rich.table import Table

    from newsletter.cli.sending import clock, state_words, summary
    from newsletter.delivery.report import estimate_time_left
    from newsletter.domain.delivery import DeliveryState

    click.echo(summary(found))
    rest = estimate_time_left(found.progress)
    if rest and found.state.value == "sending":
        click.echo(
            _("{rate} a second, {time} left").format(
                rate=round(found.progress.rate), time=clock(rest)
            )
        )
    if not found.domain_counts:
        return
    words = state_words()
    shown = [
        state
        for state in DeliveryState
        if any(counts.get(state) for counts in found.domain_counts.values())
    ]
    table = Table(_("Domain"), *(words[state.value] for state in shown), box=None, pad_edge=False)
    for name, counts in found.domain_counts.items():
        table.add_row(name, *(str(counts.get(state, 0)) for state in shown))
    context.out.print(table)
