"""Begin sends, go on with them, and do both for what is due.

check | freeze: issue, audience and ledger in one commit | send what is due
"""

import threading
from collections.abc import Callable, Collection
from datetime import timedelta

from newsletter.app.issue_files import read_issue
from newsletter.app.mail_setup import (
    build_fallback_relays,
    build_personaliser,
    build_relay,
    build_sender,
    compile_message,
)
from newsletter.app.workspace import Workspace
from newsletter.config.values import parse_rate
from newsletter.delivery import control
from newsletter.delivery.control import CheckAcceptance
from newsletter.delivery.send_options import OUTAGE_TIMEOUT, SendOptions, SendResult, SendRun
from newsletter.domain.delivery import SendProgress
from newsletter.domain.finding import Finding
from newsletter.domain.issue import Issue, IssueState
from newsletter.engine import send_run
from newsletter.errors import AlreadySendingError, CheckError
from newsletter.i18n import Phrase
from newsletter.schedule import due
from newsletter.store import audit_log, issues


def build_send_options(workspace: Workspace, issue_name: str) -> SendOptions:
    """Return how the messages of an issue go out, by the settings."""
    smtp, reader = workspace.settings.smtp, build_personaliser(workspace, issue_name)
    return SendOptions(
        relay=build_relay(workspace),
        fallback_relays=build_fallback_relays(workspace),
        return_path=build_sender(workspace).return_path,
        personalise=lambda delivery: reader(delivery.subscriber, delivery.email, delivery.name),
        rate=parse_rate(smtp.rate),
        domain_rates={limit.domain: parse_rate(limit.rate) or 0.0 for limit in smtp.limits},
    )


def refuse_open_errors(
    issue_name: str, findings: Collection[Finding], accepted_codes: Collection[str]
) -> tuple[str, ...]:
    """Return the codes of errors that a person has accepted.

    Raise CheckError where others are open.
    """
    # 30 MB: who only goes on with a send doesn't need the checks.
    from newsletter.render.checks import find_open_errors

    if left := sorted(
        {finding.code for finding in find_open_errors(list(findings), frozenset(accepted_codes))}
    ):
        raise CheckError(
            "{issue} isn't sent: open errors of the checks ({codes}). Mend them, or accept them"
            " with --accept CODE --reason TEXT.",
            issue=issue_name,
            codes=", ".join(left),
        )
    return tuple(sorted({finding.code for finding in find_open_errors(list(findings))}))


def start_send(
    workspace: Workspace,
    issue: Issue,
    *,
    segment: str = "",
    acceptance: CheckAcceptance | None = None,
) -> int:
    """Freeze an issue and its audience as they are now; return the number of readers.

    From here on its posts count as announced. Raises SendError where its send has begun before or
    nobody would get it.
    """
    # 30 MB: who only goes on with a send renders nothing.
    from newsletter.app.rendering import render_issue

    return control.start(
        workspace.database,
        issue.name,
        render_issue(workspace, issue),
        workspace.clock(),
        post_ids=[teaser.post for teaser in issue.teasers if teaser.post is not None],
        segment=segment,
        acceptance=acceptance,
    )


def deliver(
    workspace: Workspace,
    issue_name: str,
    *,
    stop: threading.Event,
    language: str,
    on_progress: Callable[[SendProgress], None] = lambda _: None,
    wait: timedelta = OUTAGE_TIMEOUT,
) -> SendResult:
    """Send what is due of an issue whose send has begun.

    Raises what `engine.send_run.deliver` raises.
    """
    run = SendRun(
        issue_name=issue_name,
        compile_issue=lambda rendered: compile_message(workspace, rendered, issue_name),
        options=build_send_options(workspace, issue_name),
        clock=workspace.clock,
        stop=stop,
        on_progress=on_progress,
        wait=wait,
        language=language,
    )
    return send_run.deliver(workspace.database, run)


def run_due(workspace: Workspace, stop: threading.Event, language: str) -> list[tuple[str, Phrase]]:
    """Start what is due, go on with what is being sent, and return what was done: (issue, what)."""
    done = due.start_due_sends(
        workspace.database, workspace.clock(), lambda name: _start_due(workspace, name)
    )
    with workspace.database.read() as connection:
        running = [issue.name for issue in issues.list_issues(connection, IssueState.sending)]
    for name in running:
        if stop.is_set():
            break
        try:
            ended = deliver(workspace, name, stop=stop, language=language, wait=timedelta(0))
        except AlreadySendingError:
            break  # another process does it
        if ended.state is not IssueState.sending:
            done.append(
                (name, Phrase("The send has ended. See: newsletter status {issue}", issue=name))
            )
    return done


def _start_due(workspace: Workspace, issue_name: str) -> None:
    """Begin a planned send as `newsletter send` would, with the errors accepted beforehand."""
    from newsletter.app.checks import check_issue  # as above

    issue = read_issue(workspace, issue_name)
    with workspace.database.read() as connection:
        accepted = audit_log.list_accepted_codes(connection, issue_name)
    refuse_open_errors(issue_name, check_issue(workspace, issue), accepted)
    start_send(workspace, issue)
