"""The pictures of a letter for the preview: from this machine where they lie here, else fetched."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from newsletter.app import Workspace
from newsletter.errors import FetchError
from newsletter.web.headers import parse_media_type
from newsletter.web.preview.backends import PictureContent

#: Bytes of a picture; mails with larger ones are slow for everybody.
MAX_PICTURE_BYTES = 8_000_000
#: Pictures that are kept, and seconds after which one that couldn't be fetched is asked for again.
MAX_CACHED_PICTURES, PICTURE_RETRY_SECONDS = 100, 60.0


class PictureCache:
    """Keeps what was fetched until the workspace is another one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._workspace: Workspace | None = None
        self._fetched: dict[str, tuple[PictureContent | None, float]] = {}

    def load(self, workspace: Workspace, url: str) -> PictureContent | None:
        """Return the picture at an address; None where there is none to be had."""
        if file := find_local_picture(workspace, url):
            kind = mimetypes.guess_type(file.name)[0] or ""
            return PictureContent(content=file.read_bytes(), content_type=kind)
        if workspace is not self._workspace:
            self._workspace, self._fetched = workspace, {}
        picture, fetched_at = self._fetched.get(url, (None, None))
        if fetched_at is None or (
            picture is None and self._clock() - fetched_at > PICTURE_RETRY_SECONDS
        ):
            while len(self._fetched) >= MAX_CACHED_PICTURES:
                self._fetched.pop(next(iter(self._fetched)), None)
            picture = _fetch_picture(workspace, url)
            self._fetched[url] = (picture, self._clock())
        return picture


def find_local_picture(workspace: Workspace, url: str) -> Path | None:
    """Return the file of a picture that lies here: the logo, a hosted picture, or a source's."""
    # Slow to import (Markdown, HTML): only whoever looks at pictures pays.
    from newsletter.posts.markdown.folder import find_picture_file

    logo, public_url = workspace.settings.theme.logo, workspace.settings.newsletter.public_url
    if logo and "://" not in logo and url == f"{public_url}/{quote(Path(logo).name)}":
        file = workspace.folder / logo
        return file if file.is_file() else None
    if url.startswith(hosted := f"{public_url}/pictures/"):
        return workspace.picture_store.find_file(url.removeprefix(hosted))
    files = (find_picture_file(url, source, workspace.folder) for source in workspace.sources)
    return next((file for file in files if file is not None and file.is_file()), None)


def _fetch_picture(workspace: Workspace, url: str) -> PictureContent | None:
    try:
        fetched = workspace.fetcher.fetch(url, max_bytes=MAX_PICTURE_BYTES)
    except FetchError:
        return None
    return PictureContent(
        content=fetched.content, content_type=parse_media_type(fetched.content_type)
    )
