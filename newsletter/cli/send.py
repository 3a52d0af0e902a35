"""`newsletter send`: send an issue, or go on with a send."""

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.asking import confirm
from newsletter.cli.context import Context
from newsletter.cli.errors import FAILED, INCOMPLETE
from newsletter.i18n import _, ngettext, printable

if TYPE_CHECKING:
    from newsletter.delivery.audience import CheckAcceptance
    from newsletter.domain.finding import Finding
    from newsletter.domain.issue import Issue
    from newsletter.store.issues import IssueRecord

#: Exit code of a send that was told to stop.
STOPPED = 130


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
    context: Context,
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
        _test(context, issue, test)
        return
    from newsletter.cli.sending import issue_name
    from newsletter.delivery import audience

    name = issue_name(context.workspace, issue)
    there = audience.find_issue(context.workspace.database, name)
    if there is None:
        _begin(context, name, segment=segment, yes=yes, accept=accept, reason=reason or "")
    else:
        if segment and segment != there.segment:
            text = _(
                "The send of {issue} has begun with another audience; --segment can't change it any"
                " more."
            )
            raise click.UsageError(text.format(issue=name))
        if not _go_on(context, there, yes=yes, unknown=unknown):
            _tell(context, name)
            return
    _run(context, name)


def _begin(
    context: Context, name: str, *, segment: str, yes: bool, accept: tuple[str, ...], reason: str
) -> None:
    """Check an issue, show who would get it, ask, and freeze that."""
    from newsletter.app.sending import start_send
    from newsletter.delivery import audience
    from newsletter.engine import embedded
    from newsletter.errors import SendError

    workspace = context.workspace
    read = workspace.read_issue(name)
    accepted = _checked(context, read, accept, reason)
    readers = audience.count_audience(workspace.database, segment)
    if not readers:
        raise SendError(
            "Nobody would get {issue}: no active subscriber is in its audience. See: newsletter"
            " subscribers stats",
            issue=name,
        )
    text = ngettext(
        "“{subject}” goes to {count} reader.", "“{subject}” goes to {count} readers.", readers
    )
    click.echo(text.format(subject=read.subject, count=readers), err=True)
    if not yes:
        confirm(_("Send it?"))
    embedded.check_connection(workspace.relay)
    start_send(workspace, read, segment=segment, acceptance=accepted)


def _checked(
    context: Context, issue: "Issue", accept: tuple[str, ...], reason: str
) -> "CheckAcceptance | None":
    """Run the checks; errors that nobody accepts stop the send."""
    from newsletter.app.sending import refuse_open_errors
    from newsletter.delivery import audience
    from newsletter.domain.finding import Level

    found = context.workspace.run_checks(issue)
    _show(context, [one for one in found if one.level is not Level.note])
    taken = refuse_open_errors(issue.name, found, accept)
    return audience.CheckAcceptance(codes=taken, reason=reason) if taken else None


def _show(context: Context, found: "list[Finding]") -> None:
    """Show errors and warnings, those of one kind together.

    Ten teasers without a picture are one line.
    """
    for code in dict.fromkeys(one.code for one in found):
        same = [one for one in found if one.code == code]
        places = ", ".join(dict.fromkeys(one.where for one in same if one.where))
        said = same[0].message.say(context.language)
        click.echo(
            f"{same[0].level}: {code}: {said}"
            + (f" ({len(same)} × : {printable(places)})" if len(same) > 1 else ""),
            err=True,
        )


def _go_on(context: Context, there: "IssueRecord", *, yes: bool, unknown: str | None) -> bool:
    """Take up a send that has begun; False: there is nothing left to do."""
    from newsletter.delivery import audience, report
    from newsletter.domain.issue import IssueState
    from newsletter.engine import embedded

    workspace = context.workspace
    embedded.lock_and_recover(workspace.database, workspace.clock())
    standing = report.get_send_status(workspace.database, there.name, workspace.clock())
    resend = _resends(context, there, unknown, yes=yes)
    if there.state is IssueState.sent and not resend:
        click.echo(
            _("{issue} has been sent; nobody gets it twice.").format(issue=there.name), err=True
        )
        return False
    rest = report.count_remaining(standing.progress)
    text = ngettext(
        "The send of {issue} goes on: {count} message is left.",
        "The send of {issue} goes on: {count} messages are left.",
        rest,
    )
    click.echo(text.format(issue=there.name, count=rest), err=True)
    if not yes and sys.stdin.isatty():
        confirm(_("Go on?"), default=True)
    audience.resume(workspace.database, there.name, workspace.clock(), resend_unknown=resend)
    return True


def _resends(context: Context, there: "IssueRecord", unknown: str | None, *, yes: bool) -> bool:
    """Show of whom nobody knows whether the issue arrived, and say whether it goes to them again."""
    from newsletter.delivery import audience

    doubtful = audience.list_unknown_addresses(context.workspace.database, there.id)
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


def _run(context: Context, name: str) -> None:
    """Send until nothing is due, with a bar, and end with the exit code that says how it went."""
    from newsletter.app.sending import deliver
    from newsletter.cli.sending import shown_progress, stoppable

    workspace = context.workspace
    with stoppable() as stop:
        with shown_progress(context) as show:
            ended = deliver(workspace, name, stop=stop, language=context.language, on_progress=show)
        if ended.was_stopped:
            click.echo(
                _("Stopped. Go on with: newsletter send {issue}").format(issue=name), err=True
            )
            raise click.exceptions.Exit(STOPPED)
        _tell(context, name)


def _tell(context: Context, name: str) -> None:
    """Say what became of it, and exit accordingly."""
    from newsletter.cli.sending import summary
    from newsletter.delivery import report
    from newsletter.domain.delivery import DeliveryState
    from newsletter.domain.issue import IssueState

    standing = report.get_send_status(context.workspace.database, name, context.workspace.clock())
    click.echo(summary(standing))
    counts = standing.progress.counts
    if standing.state in (IssueState.paused, IssueState.cancelled):
        raise click.exceptions.Exit(FAILED)
    if counts[DeliveryState.unknown] or counts[DeliveryState.refused]:
        raise click.exceptions.Exit(INCOMPLETE)


def _test(context: Context, issue: str, address: str) -> None:
    """Send one message that no journal knows; it can be repeated."""
    from newsletter.app.testing import send_test_mail

    sent = send_test_mail(context.workspace, issue, address)
    click.echo(_("A test has gone to {address}.").format(address=sent))
