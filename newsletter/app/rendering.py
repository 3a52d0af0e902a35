"""From settings to a rendered issue: the theme, who answers for it, the pictures that we host."""

import hashlib
from dataclasses import replace

from newsletter.app.picture_hosting import host_pictures
from newsletter.app.workspace import Workspace
from newsletter.domain.issue import Issue, RenderedIssue
from newsletter.errors import SettingsError
from newsletter.render import render
from newsletter.render.context import Imprint
from newsletter.render.theme import Theme, load_theme
from newsletter.resources import find_stock_templates


def load_workspace_theme(workspace: Workspace) -> Theme:
    """Read the theme as it is on disk now. Raises RenderError, SettingsError."""
    chosen = workspace.settings.theme
    folders = [
        workspace.folder / "themes" / chosen.name,
        find_stock_templates() / "themes" / chosen.name,
    ]
    if not any(folder.is_dir() for folder in folders):
        raise SettingsError(
            "There is no theme {name}. Check theme.name in newsletter.toml.", name=chosen.name
        )
    return load_theme(folders, accent=chosen.accent, logo=chosen.logo)


def build_imprint(workspace: Workspace) -> Imprint:
    """Return who answers for the newsletter, for the footer."""
    ours = workspace.settings.newsletter
    return Imprint(
        title=ours.title,
        postal_address=ours.postal_address,
        language=ours.language,
        public_url=ours.public_url,
    )


def render_issue(workspace: Workspace, issue: Issue) -> RenderedIssue:
    """Render an issue; the same file, theme and settings give the same bytes.

    Raises RenderError.
    """
    theme = load_workspace_theme(workspace)
    # The same every time, and no text can hold the hash of the issue that it stands in: `render`
    # refuses one that does.
    nonce = hashlib.blake2b(repr(issue).encode(), digest_size=16, person=b"slots").hexdigest()
    hosted = host_pictures(workspace, issue, theme).hosted
    return render(issue, theme, replace(build_imprint(workspace), pictures=hosted), nonce=nonce)
