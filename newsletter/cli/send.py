"""`newsletter send`: send an issue, or go on with a send."""

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.context import CliContext
from newsletter.cli.errors import EXIT_FAILED, EXIT_INCOMPLETE
from newsletter.cli.prompts import confirm
from newsletter.i18n import _, ngettext, to_printable

if TYPE_CHECKING:
    from newsletter.delivery.control import CheckAcceptance
    from newsletter.domain.finding import Finding
    from newsletter.domain.issue import Issue
    from newsletter.store.issues import IssueRecord

#: Exit code of a send that was told to stop.
EXIT_STOPPED = 130


@click.command(
    help=_(
        "Send ISSUE to its readers. The same command again goes on where it ended; nobody gets it"
        " twice."
    )
)
@click.argument("issue")
@click.option(
    "--test",
    "test",
    metavar="ADDRESS",
    help=_("Send it to this address only; readers and journal stay as they are."),
)
@click.option(
    "--segment",
    default="",
    metavar="EXPR",
    help=_('Only to these readers: "tag:press and not language:en".'),
)
@click.option("--yes", is_flag=True, help=_("Don't ask."))
@click.option(
    "--accept",
    multiple=True,
    metavar="CODE",
    help=_("Send in spite of this error of the checks; can be given several times."),
)
@click.option(
    "--reason", metavar="TEXT", help=_("Why the errors are accepted; it is kept in the log.")
)
@click.option(
    "--unknown",
    type=click.Choice(["skip", "resend"]),
    help=_("What to do with messages of which nobody knows whether they arrived."),
)
@click.pass_obj
def send(
    context: CliContext,
    issue: str,
    test: str | None,
    segment: str,
    yes: bool,
    accept: tuple[str, ...],
    reason: str | None,
    unknown: str | None,
) -> None:
    """Check, ask, freeze the audience, send, and say what became of it."""
    if accept and not (reason or "").strip():
        raise click.UsageError(_("--accept needs --reason: say why the error is accepted."))
    if test:
        _send_test(context, issue, test)
        return
    from newsletter.cli.send_output import resolve_issue_name
    from newsletter.delivery import control

    name = resolve_issue_name(context.workspace, issue)
    there = control.find_issue(context.workspace.database, name)
    if there is None:
        _start_send(
            context, name, segment=segment, yes=yes, accepted_codes=accept, reason=reason or ""
        )
    else:
        if segment and segment != there.segment:
            text = _(
                "The send of {issue} has begun with another audience; --segment can't change it any"
                " more."
            )
            raise click.UsageError(text.format(issue=name))
        if not _resume_send(context, there, yes=yes, unknown=unknown):
            _report_result(context, name)
            return
    _run_send(context, name)


def _start_send(
    context: CliContext,
    issue_name: str,
    *,
    segment: str,
    yes: bool,
    accepted_codes: tuple[str, ...],
    reason: str,
) -> None:
    """Check an issue, show who would get it, ask, and freeze that."""
    from newsletter.app.send import start_send
    from newsletter.delivery import control
    from newsletter.engine import send_run
    from newsletter.errors import SendError

    workspace = context.workspace
    read = workspace.read_issue(issue_name)
    accepted = _run_checks(context, read, accepted_codes, reason)
    readers = control.count_audience(workspace.database, segment)
    if not readers:
        raise SendError(
            "Nobody would get {issue}: no active subscriber is in its audience. See: newsletter"
            " subscribers stats",
            issue=issue_name,
        )
    text = ngettext(
        "“{subject}” goes to {count} reader.", "“{subject}” goes to {count} readers.", readers
    )
    click.echo(text.format(subject=read.subject, count=readers), err=True)
    if not yes:
        confirm(_("Send it?"))
    send_run.check_connection(workspace.relay)
    start_send(workspace, read, segment=segment, acceptance=accepted)


def _run_checks(
    context: CliContext, issue: "Issue", accepted_codes: tuple[str, ...], reason: str
) -> "CheckAcceptance | None":
    """Run the checks; errors that nobody accepts stop the send."""
    from newsletter.app.send import refuse_open_errors
    from newsletter.delivery import control
    from newsletter.domain.finding import Level

    found = context.workspace.run_checks(issue)
    _print_findings(context, [one for one in found if one.level is not Level.note])
    taken = refuse_open_errors(issue.name, found, accepted_codes)
    return control.CheckAcceptance(codes=taken, reason=reason) if taken else None


def _print_findings(context: CliContext, findings: "list[Finding]") -> None:
    """Show errors and warnings, those of one kind together.

    Ten teasers without a picture are one line.
    """
    for code in dict.fromkeys(one.code for one in findings):
        same = [one for one in findings if one.code == code]
        places = ", ".join(dict.fromkeys(one.where for one in same if one.where))
        said = same[0].message.translate(context.language)
        click.echo(
            f"{same[0].level}: {code}: {said}"
            + (f" ({len(same)} × : {to_printable(places)})" if len(same) > 1 else ""),
            err=True,
        )


def _resume_send(
    context: CliContext, sent_issue: "IssueRecord", *, yes: bool, unknown: str | None
) -> bool:
    """Take up a send that has begun; False: there is nothing left to do."""
    from newsletter.delivery import control, send_status
    from newsletter.domain.issue import IssueState
    from newsletter.engine import send_run

    workspace = context.workspace
    send_run.lock_and_recover(workspace.database, workspace.clock())
    standing = send_status.get_send_status(workspace.database, sent_issue.name, workspace.clock())
    resend = _ask_resend_unknown(context, sent_issue, unknown, yes=yes)
    if sent_issue.state is IssueState.sent and not resend:
        click.echo(
            _("{issue} has been sent; nobody gets it twice.").format(issue=sent_issue.name),
            err=True,
        )
        return False
    rest = send_status.count_remaining(standing.progress)
    text = ngettext(
        "The send of {issue} goes on: {count} message is left.",
        "The send of {issue} goes on: {count} messages are left.",
        rest,
    )
    click.echo(text.format(issue=sent_issue.name, count=rest), err=True)
    if not yes and sys.stdin.isatty():
        confirm(_("Go on?"), default=True)
    control.resume(workspace.database, sent_issue.name, workspace.clock(), resend_unknown=resend)
    return True


def _ask_resend_unknown(
    context: CliContext, sent_issue: "IssueRecord", unknown: str | None, *, yes: bool
) -> bool:
    """Show of whom nobody knows whether the issue arrived, and say whether it goes to them again."""
    from newsletter.delivery import control

    doubtful = control.list_unknown_addresses(context.workspace.database, sent_issue.id)
    if not doubtful:
        return False
    click.echo(
        _("Nobody knows whether it reached these readers (the answer never came):"), err=True
    )
    for email in doubtful:
        click.echo(f"  {email}", err=True)
    if unknown is None and not yes and sys.stdin.isatty():
        unknown = click.prompt(
            _("Skip them, or send again?"),
            type=click.Choice(["skip", "resend"]),
            default="skip",
            err=True,
        )
    if unknown is None:
        click.echo(_("They are skipped. To send to them again: --unknown resend"), err=True)
    return unknown == "resend"


def _run_send(context: CliContext, issue_name: str) -> None:
    """Send until nothing is due, with a bar, and end with the exit code that says how it went."""
    from newsletter.app.send import deliver
    from newsletter.cli.send_output import catch_stop_signals, show_progress

    workspace = context.workspace
    with catch_stop_signals() as stop:
        with show_progress(context) as show:
            ended = deliver(
                workspace, issue_name, stop=stop, language=context.language, on_progress=show
            )
        if ended.was_stopped:
            click.echo(
                _("Stopped. Go on with: newsletter send {issue}").format(issue=issue_name), err=True
            )
            raise click.exceptions.Exit(EXIT_STOPPED)
        _report_result(context, issue_name)


def _report_result(context: CliContext, issue_name: str) -> None:
    """Say what became of it, and exit accordingly."""
    from newsletter.cli.send_output import format_summary
    from newsletter.delivery import send_status
    from newsletter.domain.delivery import DeliveryState
    from newsletter.domain.issue import IssueState

    standing = send_status.get_send_status(
        context.workspace.database, issue_name, context.workspace.clock()
    )
    click.echo(format_summary(standing))
    counts = standing.progress.counts
    if standing.state in (IssueState.paused, IssueState.cancelled):
        raise click.exceptions.Exit(EXIT_FAILED)
    if counts[DeliveryState.unknown] or counts[DeliveryState.refused]:
        raise click.exceptions.Exit(EXIT_INCOMPLETE)


def _send_test(context: CliContext, name_or_path: str, address: str) -> None:
    """Send one message that no journal knows; it can be repeated."""
    from newsletter.app.send_test_mail import send_test_mail

    sent = send_test_mail(context.workspace, name_or_path, address)
    click.echo(_("A test has gone to {address}.").format(address=sent))
