"""A preview that is being served to a browser, and a newsletter that can be edited in it."""

import asyncio
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from newsletter.app import Workspace, open_workspace
from newsletter.compose.compose import ComposeRequest, compose
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.posts.sources import read_source
from newsletter.store import subscribers
from newsletter.web.preview.app import create_app
from newsletter.web.preview.backends import EditBackend, PreviewBackend
from newsletter.web.preview.reloading_workspace import ReloadingWorkspace
from newsletter.web.preview.server import PreviewServer, listen
from newsletter.web.preview.workspace_backend import WorkspacePreviewBackend
from newsletter.web.preview.workspace_edit_backend import WorkspaceEditBackend
from tests.waiting import HANG_SECONDS
from tests.web.preview.folder_backend import BLOG, ISSUE

AnyBackend = TypeVar("AnyBackend", bound=PreviewBackend)
TOKEN = "t0ken"
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
SETTINGS = """
[newsletter]
title = "Nytt från regionen"
language = "sv"
from = "Redaktionen <nyhetsbrev@regionexempel.example.org>"
postal_address = "Region Exempelland, Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"
timezone = "Europe/Stockholm"

[[sources]]
url = {blog!r}
kind = "markdown"
link = "https://blogg.example.org/{{slug}}/"

[theme]
logo = "logo.png"

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""
READERS = (
    ("anna@example.org", "Anna Ask"),
    ("bo@example.com", "Bo Björk"),
    ("cecilia@example.net", ""),
)


def create_workspace(folder: Path, *, port: int = 2525, max_posts: int = 5) -> Workspace:
    """Make a newsletter with three subscribers; its issue 2026-12 is composed of the demo's posts.

    2026-11 was written by hand.
    """
    (folder / "newsletter.toml").write_text(SETTINGS.format(blog=str(BLOG), port=port), "utf-8")
    (folder / "logo.png").write_bytes((BLOG.parent / "logo.png").read_bytes())
    (folder / "issues").mkdir()
    (folder / "issues" / "2026-11.md").write_text(
        ISSUE.replace("2026-12-01", "2026-11-01"), "utf-8"
    )
    workspace = open_workspace(folder / "newsletter.toml")
    ours = workspace.settings.newsletter
    request = ComposeRequest(
        folder=folder / "issues",
        sources=workspace.sources,
        title=ours.title,
        language=ours.language,
        zone=workspace.zone,
        section="Nytt sedan sist",
        issue_name="2026-12",
        max_posts=max_posts,
    )
    compose(
        request,
        workspace.database,
        lambda source, _: read_source(
            source, workspace.fetcher.fetch, folder=folder, zone=workspace.zone
        ),
        NOW,
    )
    with workspace.database.begin() as connection:
        for email, name in READERS:
            subscribers.add(
                connection,
                Subscriber(id=SubscriberId(0), email=email, name=name, created=NOW),
                email,
            )
    return workspace


def open_backends(
    folder: Path, language: str = "en"
) -> tuple[WorkspacePreviewBackend, WorkspaceEditBackend]:
    """Return who shows and who changes the newsletter of a folder."""
    file = folder / "newsletter.toml"
    workspaces = ReloadingWorkspace(lambda: open_workspace(file), file)
    backend = WorkspacePreviewBackend(workspaces, language=language)
    return backend, WorkspaceEditBackend(workspaces)


class ServedPreview(Generic[AnyBackend]):
    """A preview that is being served, by its desk."""

    def __init__(self, backend: AnyBackend, editor: EditBackend | None = None) -> None:
        self.backend = backend
        self.socket: socket.socket = listen(0)
        self.socket.listen(128)
        self.port = self.socket.getsockname()[1]
        self.app = create_app(backend, token=TOKEN, port=self.port, edit_backend=editor)
        self.server = PreviewServer(self.app)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{TOKEN}/"

    def _serve(self) -> None:
        self.loop.run_until_complete(self.server.serve(sockets=[self.socket]))
        self.loop.close()

    def stop(self) -> None:
        self.server.should_exit = True
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.app.close_streams)
        self.thread.join(HANG_SECONDS)
        assert not self.thread.is_alive()
        self.socket.close()
