"""`newsletter schedule move`, `list` and `cancel`: the time at which an issue goes out."""

import click

from newsletter.cli.context import CliContext
from newsletter.cli.issue_names import strip_path
from newsletter.cli.schedule import COMMANDS
from newsletter.domain.schedule import Schedule, ScheduleState
from newsletter.errors import ScheduleError
from newsletter.i18n import _
from newsletter.schedule.calendar import resolve_local_time
from newsletter.schedule.due import compute_due
from newsletter.store import audit_log, schedules

AT_OPTION = click.option(
    "--at",
    "typed",
    required=True,
    metavar="TIME",
    help=_('When, in the newsletter\'s own time zone: "2026-12-01 08:00".'),
)
FOLD_OPTION = click.option(
    "--fold",
    type=click.IntRange(1, 2),
    help=_("Which of the two, where clocks go back and an hour exists twice."),
)


@click.command(help=COMMANDS["move"].help)
@click.argument("issue")
@AT_OPTION
@FOLD_OPTION
@click.pass_obj
def move(context: CliContext, issue: str, typed: str, fold: int | None) -> None:
    """Give an issue another time."""
    with context.workspace.database.read() as connection:
        there = schedules.find_schedule(connection, strip_path(issue))
    if there is None:
        raise ScheduleError(
            "{issue} has no time yet. Give it one with: newsletter schedule add", issue=issue
        )
    save_schedule(context, there.issue_name, typed, fold)


@click.command("list", help=COMMANDS["list"].help)
@click.option("--json", "as_json", is_flag=True, help=_("For other programs."))
@click.pass_obj
def list_(context: CliContext, as_json: bool) -> None:
    """Show all schedules, earliest first."""
    with context.workspace.database.read() as connection:
        there = schedules.list_schedules(connection)
    if as_json:
        context.print_json(
            [
                {
                    "issue": plan.issue_name,
                    "due": compute_due(plan).isoformat().replace("+00:00", "Z"),
                    "typed": plan.typed,
                    "zone": plan.zone,
                    "state": plan.state,
                }
                for plan in there
            ]
        )
        return
    if not there:
        click.echo(
            _("Nothing is planned. Plan a send with: newsletter schedule add ISSUE --at TIME")
        )
        return
    # Put off: --json draws no table.
    from rich.table import Table

    table = Table(_("Issue"), _("Time"), _("Zone"), _("State"), box=None, pad_edge=False)
    for plan in there:
        table.add_row(plan.issue_name, plan.typed, plan.zone, _translate_states()[plan.state])
    context.out.print(table)


@click.command(help=COMMANDS["cancel"].help)
@click.argument("issue")
@click.pass_obj
def cancel(context: CliContext, issue: str) -> None:
    """Take the time of an issue away."""
    name = strip_path(issue)
    with context.workspace.database.begin() as connection:
        there = schedules.find_schedule(connection, name)
        if there is None or there.state is ScheduleState.cancelled:
            raise ScheduleError(
                "{issue} isn't planned. See what is with: newsletter schedule list", issue=issue
            )
        if (
            not schedules.change_state(connection, name, there.state, ScheduleState.cancelled)
            or there.state is ScheduleState.started
        ):
            raise ScheduleError(
                "{issue} is being sent already. Hold it with: newsletter pause {issue}", issue=name
            )
        audit_log.write(
            connection, context.workspace.clock(), "schedule.cancelled", issue_name=name
        )
    click.echo(_("{issue} won't be sent at {time}.").format(issue=name, time=there.typed))


def save_schedule(context: CliContext, issue_name: str, typed: str, fold: int | None) -> None:
    """Give an issue its time, and say what was understood. Raises ScheduleError."""
    workspace = context.workspace
    resolved = resolve_local_time(typed, workspace.zone, fold=fold)
    now = workspace.clock()
    if resolved.due <= now:
        raise ScheduleError(
            "{typed} is past. Choose a later time, or send it now with: newsletter send {issue}",
            typed=typed,
            issue=issue_name,
        )
    plan = Schedule(
        issue_name=issue_name,
        due=resolved.due,
        typed=typed.strip(),
        zone=workspace.zone.key,
        fold=fold,
        state=ScheduleState.waiting,
    )
    with workspace.database.begin() as connection:
        there = schedules.find_schedule(connection, issue_name)
        if there is not None and there.state is ScheduleState.started:
            raise ScheduleError(
                "{issue} has been sent, or is being sent. See: newsletter status {issue}",
                issue=issue_name,
            )
        schedules.put(connection, plan)
        audit_log.write(
            connection, now, "schedule.put", issue_name=issue_name, typed=plan.typed, zone=plan.zone
        )
    for note in resolved.notes:
        click.echo(note.translate(context.language), err=True)
    click.echo(
        _("{issue} will be sent on {time} ({zone}).").format(
            issue=issue_name, time=plan.typed, zone=plan.zone
        )
    )


def _translate_states() -> dict[str, str]:
    return {
        "waiting": _("waiting"),
        "started": _("sent, or being sent"),
        "missed": _("missed: send it by hand, or move it"),
        "held": _("held: see newsletter check, then move it"),
        "cancelled": _("cancelled"),
    }
