"""What composing may ask besides the sources.

Posts' pages, and the language model of the settings.
"""

import time
from typing import TYPE_CHECKING

from newsletter.compose.aids import Aids
from newsletter.domain.post import Post

if TYPE_CHECKING:
    from newsletter.app.workspace import Workspace
    from newsletter.compose.model import Writer


def aids(workspace: "Workspace") -> Aids:
    """Return who can be asked. Raises SettingsError where the key's file can't be read."""
    from newsletter.posts.page import gentle_pace, read_post

    asked: list[str] = []

    def look(address: str) -> Post | None:
        if asked:
            gentle_pace()
        asked.append(address)
        return read_post(workspace.fetcher.fetch(address), zone=workspace.zone)

    return Aids(look=look, writer=_writer(workspace))


def _writer(workspace: "Workspace") -> "Writer | None":
    ours = workspace.settings.model
    if ours.url is None or ours.model is None:
        return None
    from newsletter.compose.model import Model, Writer
    from newsletter.posts.asking import post
    from newsletter.store import summaries

    def kept(key: str) -> str | None:
        with workspace.database.read() as connection:
            return summaries.kept(connection, key)

    def keep(key: str, text: str) -> None:
        with workspace.database.begin() as connection:
            summaries.keep(connection, key, text, workspace.clock())

    return Writer(
        Model(url=ours.url, name=ours.model, key=workspace.model_key or ""),
        post,
        kept=kept,
        keep=keep,
        sleep=time.sleep,
    )
