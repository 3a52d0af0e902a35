"""Run the checks of an issue on the very bytes that would be sent.

render | compile | fill for nobody | ask the links and SpamAssassin, look at the pictures | check
"""

from typing import TYPE_CHECKING

from newsletter.domain.finding import Finding
from newsletter.domain.issue import Issue, RenderedIssue
from newsletter.domain.post import PostId, PostState
from newsletter.domain.subscriber import Subscriber, SubscriberId

if TYPE_CHECKING:
    from newsletter.app.picture_hosting import PictureInspection
    from newsletter.app.workspace import Workspace
    from newsletter.render.checks.links import LinkProbe

#: Who gets the message that is checked: nobody has this number, so her links lead nowhere.
PLACEHOLDER_SUBSCRIBER = Subscriber(id=SubscriberId(0), email="reader@example.org", name="Reader")


def check_issue(
    workspace: "Workspace", issue: Issue, *, links: bool, rendered: RenderedIssue | None = None
) -> list[Finding]:
    """Return what the checks find, errors first; `rendered`: the issue as it was drawn already.

    Raises RenderError where the issue can't be drawn.
    """
    from newsletter.app.picture_hosting import PictureInspection, describe_hosted
    from newsletter.app.spamassassin import ask_spamassassin
    from newsletter.render.checks import CheckContext, run_checks

    rendered = rendered or workspace.render(issue)
    message = workspace.compile(rendered, issue.name).fill(
        workspace.personalise(PLACEHOLDER_SUBSCRIBER, issue.name), workspace.clock()
    )
    here = workspace.host_pictures(issue)
    inspection = PictureInspection(workspace)
    probed = (
        _probe_links(workspace, rendered, inspection, already_fetched=frozenset(here.broken))
        if links
        else None
    )
    broken = {**here.broken, **inspection.broken}
    facts = CheckContext(
        sender=workspace.sender.email,
        public_url=workspace.settings.newsletter.public_url,
        announced_in=_find_announced(workspace, issue),
        today=workspace.clock().astimezone(workspace.zone).date(),
        link_probe=probed,
        spam_verdict=ask_spamassassin(message) if links else None,
        pictures={**describe_hosted(workspace, here), **inspection.inspected},
        broken_pictures={url: (one.cause, one.reached) for url, one in broken.items()},
    )
    return run_checks(issue, rendered, message, facts)


def _find_announced(workspace: "Workspace", issue: Issue) -> dict[PostId, str]:
    """Return the posts of an issue that were sent before, and in which other one."""
    from newsletter.store import ledger

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
    workspace: "Workspace",
    rendered: RenderedIssue,
    inspection: "PictureInspection",
    *,
    already_fetched: frozenset[str],
) -> "LinkProbe":
    from newsletter.render.checks.links import collect_picture_urls, collect_urls, probe_links

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
