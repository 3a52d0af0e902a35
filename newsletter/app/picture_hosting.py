"""Host an issue's pictures where the settings say so; inspect those that stay at their source.

issue, theme → which are shown, how wide → shelf · Markdown folder · guarded fetch → Hosting
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.app.workspace import Workspace
from newsletter.domain.issue import Issue
from newsletter.errors import FetchError, PictureError
from newsletter.pictures.hosting import (
    FRESH_SECONDS,
    MAX_SOURCE_BYTES,
    BrokenPicture,
    HostingResult,
    store_pictures,
)
from newsletter.pictures.image import MAIL_SAFE_KINDS, verify_image
from newsletter.pictures.picture_store import PictureRecord
from newsletter.posts.fetch.fetch import Validators
from newsletter.posts.markdown.folder import find_picture_file
from newsletter.render.checks.pictures import CheckedPicture
from newsletter.render.layout import arrange, collect_picture_widths
from newsletter.render.theme import Theme

#: Seconds in which a picture that couldn't be had isn't asked for again: the preview draws at every
#: key.
RETRY_AFTER_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _PictureResponse:
    content: bytes = b""
    unchanged: bool = False
    etag: str = ""
    last_modified: str = ""


def host_pictures(workspace: Workspace, issue: Issue, theme: Theme) -> HostingResult:
    """Return where the pictures of an issue lie with us; none do where `pictures.host` is "source".

    What couldn't be had a moment ago isn't asked for again (`recent_picture_failures`).
    """
    if workspace.settings.pictures.host == "source":
        return HostingResult()
    now = workspace.clock().timestamp()
    shown = collect_picture_widths(
        arrange(issue, theme.cards), lead_width=theme.lead_width, card_width=theme.card_width
    )
    asleep = {
        url: broken
        for url, (broken, since) in workspace.recent_picture_failures.items()
        if url in shown and now - since < RETRY_AFTER_SECONDS
    }
    wanted = {url: width for url, width in shown.items() if url not in asleep}
    found = store_pictures(
        wanted,
        workspace.picture_store,
        lambda url, known: _fetch(workspace, url, known),
        is_fresh=lambda url, kept: _is_fresh(workspace, url, kept, now),
        now=now,
    )
    workspace.recent_picture_failures.update(
        {url: (broken, now) for url, broken in found.broken.items()}
    )
    return HostingResult(hosted=found.hosted, broken={**asleep, **found.broken})


def _is_fresh(workspace: Workspace, url: str, record: PictureRecord, now: float) -> bool:
    file = _find_local_file(workspace, url)
    return _read_mtime(file) == record.last_modified if file else now - record.seen < FRESH_SECONDS


def _fetch(workspace: Workspace, url: str, record: PictureRecord | None) -> _PictureResponse:
    file = _find_local_file(workspace, url)
    if file is not None:
        return _PictureResponse(content=_read_bytes(file), last_modified=_read_mtime(file))
    validators = (
        Validators(etag=record.etag, last_modified=record.last_modified) if record else None
    )
    found = workspace.fetcher.fetch(url, validators=validators, max_bytes=MAX_SOURCE_BYTES)
    return _PictureResponse(
        content=found.content,
        unchanged=found.unchanged,
        etag=found.validators.etag,
        last_modified=found.validators.last_modified,
    )


def _find_local_file(workspace: Workspace, url: str) -> Path | None:
    """Return the file of a picture that lies in the folder of a Markdown source."""
    found = (find_picture_file(url, source, workspace.folder) for source in workspace.sources)
    return next((file for file in found if file is not None and file.is_file()), None)


def _read_bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        content = opened.read(MAX_SOURCE_BYTES + 1)
    if len(content) > MAX_SOURCE_BYTES:
        raise PictureError(
            "The picture {name} is larger than {most} MB. Save a smaller one.",
            name=file.name,
            most=MAX_SOURCE_BYTES // 1_000_000,
        )
    return content


def _read_mtime(file: Path) -> str:
    return str(file.stat().st_mtime_ns)


@dataclass(slots=True)
class PictureInspection:
    """Pictures at their source, looked at one by one; threads share it."""

    workspace: Workspace
    inspected: dict[str, CheckedPicture] = field(default_factory=dict)
    broken: dict[str, BrokenPicture] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def inspect(self, url: str) -> None:
        """Fetch a picture and note what it is. Raises FetchError where it can't be fetched."""
        try:
            content = self.workspace.fetcher.fetch(url, max_bytes=MAX_SOURCE_BYTES).content
        except FetchError as error:
            if "limit" not in error.phrase.values:
                raise
            self._record(
                url, CheckedPicture(kind="", size_bytes=MAX_SOURCE_BYTES, is_mail_safe=True)
            )
            return
        try:
            found = verify_image(content)
        except PictureError as error:
            with self._lock:
                self.broken[url] = BrokenPicture(cause=error.phrase, reached=True)
        else:
            self._record(
                url,
                CheckedPicture(
                    kind=found.kind,
                    size_bytes=found.size_bytes,
                    is_mail_safe=found.kind in MAIL_SAFE_KINDS,
                ),
            )

    def _record(self, url: str, picture: CheckedPicture) -> None:
        with self._lock:
            self.inspected[url] = picture


def describe_hosted(workspace: Workspace, hosting: HostingResult) -> Mapping[str, CheckedPicture]:
    """Return what readers get of the pictures that lie with us."""
    files = {
        url: workspace.picture_store.find_file(hosted.name)
        for url, hosted in hosting.hosted.items()
    }
    return {
        url: CheckedPicture(kind=file.suffix[1:], size_bytes=file.stat().st_size, is_mail_safe=True)
        for url, file in files.items()
        if file
    }
