"""Make readers' pages from a newsletter's workspace."""

from newsletter.app import Workspace
from newsletter.mail.address import parse_mailbox
from newsletter.web.public.site import Site


def site(workspace: Workspace) -> Site:
    """Return what readers' pages need to know of a newsletter."""
    ours, logo = workspace.settings.newsletter, workspace.settings.theme.logo
    return Site(
        database=workspace.database,
        keys=workspace.keys,
        title=ours.title,
        language=ours.language,
        public_url=ours.public_url,
        palette=workspace.theme.palette,
        clock=workspace.clock,
        contact=parse_mailbox(ours.reply_to or ours.sender).address.email,
        postal_address=ours.postal_address,
        logo=workspace.settings.path(workspace.folder, logo) if logo and "://" not in logo else None,
    )
