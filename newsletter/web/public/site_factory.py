"""Make readers' pages from a newsletter's workspace."""

from newsletter.app import Workspace
from newsletter.web.public.site import PublicSite, SignUpOptions


def build_site(workspace: Workspace) -> PublicSite:
    """Return what readers' pages need to know of a newsletter."""
    ours, logo, signup = (
        workspace.settings.newsletter,
        workspace.settings.theme.logo,
        workspace.settings.signup,
    )
    return PublicSite(
        database=workspace.database,
        keys=workspace.token_keys,
        title=ours.title,
        language=ours.language,
        public_url=ours.public_url,
        palette=workspace.theme.palette,
        keyed_hash=workspace.keyed_hash,
        clock=workspace.clock,
        contact=workspace.contact,
        postal_address=ours.postal_address,
        pictures=workspace.picture_store.folder,
        logo=(
            workspace.settings.resolve_path(workspace.folder, logo)
            if logo and "://" not in logo
            else None
        ),
        signup=SignUpOptions(
            open=signup.open,
            languages=signup.languages,
            tags=signup.tags,
            wording=signup.wording or "",
            welcome=signup.welcome,
            goodbye=signup.goodbye,
        ),
        api_token=workspace.api_token,
    )
