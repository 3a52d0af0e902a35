"""Run the checks of an issue on the very bytes that would be sent.

render | compile | personalise for nobody | probe links, SpamAssassin, pictures | check
"""

from newsletter.app.mail_setup import build_sender, compile_message, personalise
from newsletter.app.picture_hosting import PictureInspection, describe_hosted, host_pictures
from newsletter.app.rendering import load_workspace_theme, render_issue
from newsletter.app.spamassassin import ask_spamassassin
from newsletter.app.workspace import Workspace
from newsletter.domain.finding import Finding
from newsletter.domain.issue import Issue, RenderedIssue
from newsletter.domain.post import PostId, PostState
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.render.checks import CheckContext, run_checks
from newsletter.render.checks.links import (
    LinkProbe,
    collect_picture_urls,
    collect_urls,
    probe_links,
)
from newsletter.store import ledger

#: Who gets the message that is checked: nobody has this number, so their links lead nowhere.
PLACEHOLDER_SUBSCRIBER = Subscriber(id=SubscriberId(0), email="reader@example.org", name="Reader")


def check_issue(
    workspace: Workspace, issue: Issue, *, links: bool = True, rendered: RenderedIssue | None = None
) -> list[Finding]:
    """Return what the checks find, errors first; `rendered`: the issue as it was rendered before.

    Raises RenderError where the issue can't be rendered.
    """
    rendered = rendered or render_issue(workspace, issue)
    message = compile_message(workspace, rendered, issue.name).fill(
        personalise(workspace, PLACEHOLDER_SUBSCRIBER, issue.name), workspace.clock()
    )
    here = host_pictures(workspace, issue, load_workspace_theme(workspace))
    inspection = PictureInspection(workspace)
    probed = (
        _probe_links(workspace, rendered, inspection, already_fetched=frozenset(here.broken))
        if links
        else None
    )
    broken = {**here.broken, **inspection.broken}
    facts = CheckContext(
        sender=build_sender(workspace).email,
        public_url=workspace.settings.newsletter.public_url,
        announced_in=_find_announced(workspace, issue),
        today=workspace.clock().astimezone(workspace.zone).date(),
        link_probe=probed,
        spam_verdict=ask_spamassassin(message) if links else None,
        pictures={**describe_hosted(workspace, here), **inspection.inspected},
        broken_pictures={url: (one.cause, one.reached) for url, one in broken.items()},
    )
    return run_checks(issue, rendered, message, facts)


def _find_announced(workspace: Workspace, issue: Issue) -> dict[PostId, str]:
    """Return the posts of an issue that were sent before, and in which other one."""
    ours = {teaser.post for teaser in issue.teasers}
    with workspace.database.read() as connection:
        entries = ledger.list_entries(connection)
    return {
        entry.post.id: entry.issue_name
        for entry in entries
        if entry.post.id in ours
        and entry.state is PostState.sent
        and entry.issue_name not in (None, issue.name)
    }


def _probe_links(
    workspace: Workspace,
    rendered: RenderedIssue,
    inspection: PictureInspection,
    *,
    already_fetched: frozenset[str],
) -> LinkProbe:
    ours = workspace.settings.newsletter.public_url
    shown = set(collect_picture_urls(rendered))
    # Our own pages show this issue once it is sent: asking before that would always fail.
    addresses = [
        url
        for url in collect_urls(rendered)
        if not url.startswith(ours) and url not in already_fetched
    ]

    def reach_or_inspect(url: str) -> None:
        if url in shown:
            inspection.inspect(url)
        else:
            workspace.fetcher.fetch_status(url)

    return probe_links(addresses, reach_or_inspect)
