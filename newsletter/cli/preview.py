"""`newsletter preview`: look at an issue in the browser while it is being written."""

from pathlib import Path

import click

from newsletter.app.issue_files import find_issue_path
from newsletter.app.workspace import Workspace, open_workspace
from newsletter.cli.context import CliContext
from newsletter.i18n import _
from newsletter.web.preview.reloading_workspace import ReloadingWorkspace
from newsletter.web.preview.server import open_browser, run
from newsletter.web.preview.workspace_backend import WorkspacePreviewBackend
from newsletter.web.preview.workspace_edit_backend import WorkspaceEditBackend


@click.command(
    help=_(
        "Look at ISSUE (the newest, if none is named) in the browser. The page follows every change"
        " of file and theme."
    )
)
@click.argument("issue", required=False)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=_("The port on this machine; 0 takes any that is free."),
)
@click.option("--no-open", is_flag=True, help=_("Only say the address, don’t open the browser."))
@click.pass_obj
def preview(context: CliContext, issue: str | None, port: int | None, no_open: bool) -> None:
    """Serve the preview until Ctrl-C."""
    workspace = context.workspace
    first = _resolve_issue_name(workspace, find_issue_path(workspace, issue)) if issue else None
    given = context.config
    file = (
        given.absolute()
        if given is not None and given.is_file()
        else workspace.folder / "newsletter.toml"
    )
    workspaces = ReloadingWorkspace(lambda: open_workspace(file), file)
    backend = WorkspacePreviewBackend(workspaces, language=context.language, first_issue=first)

    def announce(url: str) -> None:
        click.echo(_("The preview is at {url}").format(url=url))
        click.echo(_("Only this machine can open it. End it with Ctrl-C."))
        if not no_open:
            open_browser(url)

    try:
        run(backend, WorkspaceEditBackend(workspaces), port=port, announce=announce)
    finally:
        workspaces.close()


def _resolve_issue_name(workspace: Workspace, path: Path) -> str:
    """Return the name of an issue among the others, or the path of one that lies elsewhere."""
    return (
        path.stem
        if path.parent.resolve() == workspace.issues_folder.resolve()
        else str(path.absolute())
    )
