"""What `newsletter send` does: check, ask, freeze the audience, send, report."""

import sys
from dataclasses import dataclass

import click

from newsletter.app.issue_files import read_issue
from newsletter.app.mail_setup import build_relay
from newsletter.app.send import deliver, refuse_open_errors, start_send
from newsletter.cli.context import CliContext
from newsletter.cli.errors import EXIT_FAILED, EXIT_INCOMPLETE
from newsletter.cli.issue_names import resolve_issue_name
from newsletter.cli.prompts import confirm
from newsletter.cli.send_output import (
    catch_stop_signals,
    format_summary,
    show_progress,
)
from newsletter.delivery import control, send_status
from newsletter.delivery.control import CheckAcceptance
from newsletter.domain.delivery import DeliveryState
from newsletter.domain.finding import Finding, Level
from newsletter.domain.issue import Issue, IssueState
from newsletter.engine import send_run
from newsletter.errors import SendError
from newsletter.i18n import _, ngettext, to_printable
from newsletter.store.issues import IssueRecord

#: Exit code of a send that was told to stop.
EXIT_STOPPED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCommandOptions:
    """What was typed after `newsletter send`."""

    issue: str
    #: The one address that a test goes to.
    test: str | None
    #: The audience, as an expression; "" for everyone.
    segment: str
    #: Ask nothing.
    yes: bool
    #: Codes of findings that stop no send, and why.
    accept: tuple[str, ...]
    reason: str | None
    #: "skip" or "resend"; None asks, where somebody can answer.
    unknown: str | None


def start_or_resume(context: CliContext, options: SendCommandOptions) -> None:
    """Begin the send of an issue, or go on where it ended, and report it."""
    name = resolve_issue_name(context.workspace, options.issue)
    there = control.find_issue(context.workspace.database, name)
    if there is None:
        _start_send(context, name, options)
    else:
        if options.segment and options.segment != there.segment:
            text = _(
                "The send of {issue} has begun with another audience; --segment can't change it any"
                " more."
            )
            raise click.UsageError(text.format(issue=name))
        if not _resume_send(context, there, options):
            _report_result(context, name)
            return
    _run_send(context, name)


def _start_send(context: CliContext, issue_name: str, options: SendCommandOptions) -> None:
    """Check an issue, show who would get it, ask, and freeze that."""
    workspace = context.workspace
    read = read_issue(workspace, issue_name)
    accepted = _run_checks(context, read, options)
    readers = control.count_audience(workspace.database, options.segment)
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
    if not options.yes:
        confirm(_("Send it?"))
    send_run.check_connection(build_relay(workspace))
    start_send(workspace, read, segment=options.segment, acceptance=accepted)


def _run_checks(
    context: CliContext, issue: Issue, options: SendCommandOptions
) -> CheckAcceptance | None:
    """Run the checks; errors that nobody accepts stop the send."""
    # 30 MB: who only goes on with a send needs none of it.
    from newsletter.app.checks import check_issue

    found = check_issue(context.workspace, issue)
    _print_findings(context, [one for one in found if one.level is not Level.note])
    taken = refuse_open_errors(issue.name, found, options.accept)
    return control.CheckAcceptance(codes=taken, reason=options.reason or "") if taken else None


def _print_findings(context: CliContext, findings: list[Finding]) -> None:
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


def _resume_send(context: CliContext, sent_issue: IssueRecord, options: SendCommandOptions) -> bool:
    """Take up a send that has begun; False: there is nothing left to do."""
    workspace = context.workspace
    send_run.lock_and_recover(workspace.database, workspace.clock())
    standing = send_status.get_send_status(workspace.database, sent_issue.name, workspace.clock())
    resend = _ask_resend_unknown(context, sent_issue, options)
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
    if not options.yes and sys.stdin.isatty():
        confirm(_("Go on?"), default=True)
    control.resume(workspace.database, sent_issue.name, workspace.clock(), resend_unknown=resend)
    return True


def _ask_resend_unknown(
    context: CliContext, sent_issue: IssueRecord, options: SendCommandOptions
) -> bool:
    """Show whom nobody knows it to have reached; return True if it goes to them again."""
    doubtful = control.list_unknown_addresses(context.workspace.database, sent_issue.id)
    if not doubtful:
        return False
    click.echo(
        _("Nobody knows whether it reached these readers (the answer never came):"), err=True
    )
    for email in doubtful:
        click.echo(f"  {email}", err=True)
    unknown = options.unknown
    if unknown is None and not options.yes and sys.stdin.isatty():
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
    standing = send_status.get_send_status(
        context.workspace.database, issue_name, context.workspace.clock()
    )
    click.echo(format_summary(standing))
    counts = standing.progress.counts
    if standing.state in (IssueState.paused, IssueState.cancelled):
        raise click.exceptions.Exit(EXIT_FAILED)
    if counts[DeliveryState.unknown] or counts[DeliveryState.refused]:
        raise click.exceptions.Exit(EXIT_INCOMPLETE)


def run_test(context: CliContext, name_or_path: str, address: str) -> None:
    """Send one message that no journal knows; it can be repeated."""
    from newsletter.app.send_test_mail import send_test_mail  # it renders: as above

    sent = send_test_mail(context.workspace, name_or_path, address)
    click.echo(_("A test has gone to {address}.").format(address=sent))
