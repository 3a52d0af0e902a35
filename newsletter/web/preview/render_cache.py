"""Draw each issue once a version, however many frames show it.

Check it when somebody has seen it.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import NewsletterError
from newsletter.web.preview.backends import IssuePreview, PictureContent, PreviewBackend
from newsletter.web.preview.file_watcher import ChangeNotifier
from newsletter.web.preview.frame_html import find_pictures
from newsletter.web.preview.report import build_report, serialize_preview, serialize_problem

#: Pictures fetched at the same time.
MAX_PICTURE_FETCHES = 4

_CacheKey = tuple[str, SubscriberId | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedVersion:
    """An issue as it was drawn at a version; `look` is None where it couldn't be."""

    issue_name: str
    version: int
    milliseconds: int
    preview: IssuePreview | None
    #: What the page shows at once: `report.seen`, or what is wrong.
    payload: dict[str, Any]


class RenderCache:
    """Holds what has been drawn until something changes."""

    def __init__(self, backend: PreviewBackend) -> None:
        self.backend = backend
        self.notifier = ChangeNotifier()
        self._rendered: dict[_CacheKey, RenderedVersion] = {}
        self._reports: dict[_CacheKey, tuple[RenderedVersion, dict[str, Any]]] = {}
        self._picture_urls: dict[str, str] = {}
        self._render_lock = asyncio.Lock()
        self._picture_semaphore = asyncio.Semaphore(MAX_PICTURE_FETCHES)

    async def list_issue_names(self) -> Sequence[str]:
        """Return the names of the issues, the one to open first at the front."""
        return list(await asyncio.to_thread(self.backend.list_issue_names))

    async def warm_up(self) -> None:
        """Draw the first issue while the browser is still opening.

        What is slow the first time is done when it asks.
        """
        if names := await self.list_issue_names():
            await self.get_rendered(names[0])

    async def get_rendered(
        self, issue_name: str, subscriber_id: SubscriberId | None = None
    ) -> RenderedVersion | None:
        """Return an issue as it looks now to a reader (None: a made-up one).

        None where the desk knows no such issue.
        """
        if held := self._find_current(issue_name, subscriber_id):
            return held  # though another look is being drawn or checked
        async with self._render_lock:
            if held := self._find_current(issue_name, subscriber_id):
                return held
            version = self.notifier.version
            # What was drawn of an older version is no use to anybody.
            self._rendered = {
                key: drawn for key, drawn in self._rendered.items() if drawn.version == version
            }
            if issue_name not in await asyncio.to_thread(self.backend.list_issue_names):
                return None
            held = self._rendered[issue_name, subscriber_id] = await asyncio.to_thread(
                self._render_version, issue_name, subscriber_id, version
            )
            return held

    def _find_current(
        self, issue_name: str, subscriber_id: SubscriberId | None
    ) -> RenderedVersion | None:
        held = self._rendered.get((issue_name, subscriber_id))
        return held if held is not None and held.version == self.notifier.version else None

    async def get_report(
        self, issue_name: str, subscriber_id: SubscriberId | None = None
    ) -> tuple[RenderedVersion, dict[str, Any]] | None:
        """Return what the checks say of an issue as it looks now, or what is wrong.

        None where the desk knows no such issue.
        """
        drawn = await self.get_rendered(issue_name, subscriber_id)
        if drawn is None or drawn.preview is None:
            return (drawn, drawn.payload) if drawn else None
        async with self._render_lock:
            held = self._reports.get((issue_name, subscriber_id))
            if held is None or held[0] is not drawn:
                self._reports = {
                    key: one
                    for key, one in self._reports.items()
                    if one[0].version == drawn.version
                }
                held = self._reports[issue_name, subscriber_id] = (
                    drawn,
                    await asyncio.to_thread(
                        self._build_report, drawn.preview, issue_name, subscriber_id
                    ),
                )
            return held

    def _render_version(
        self, issue_name: str, subscriber_id: SubscriberId | None, version: int
    ) -> RenderedVersion:
        began = time.perf_counter()
        look: IssuePreview | None = None
        try:
            look = self.backend.render_preview(issue_name, subscriber_id)
            said = serialize_preview(look)
            self._picture_urls.update(find_pictures(look.rendered.html))
        except NewsletterError as error:
            said = {
                "problem": serialize_problem(
                    error, self.backend.read_source(issue_name), self.backend.language
                )
            }
        milliseconds = round((time.perf_counter() - began) * 1000)
        return RenderedVersion(
            issue_name=issue_name,
            version=version,
            milliseconds=milliseconds,
            preview=look,
            payload=said,
        )

    def _build_report(
        self, preview: IssuePreview, issue_name: str, subscriber_id: SubscriberId | None
    ) -> dict[str, Any]:
        try:
            return build_report(
                preview, self.backend.check_message(preview, subscriber_id), self.backend.language
            )
        except NewsletterError as error:
            return {
                "problem": serialize_problem(
                    error, self.backend.read_source(issue_name), self.backend.language
                )
            }

    async def load_picture(self, key: str) -> PictureContent | None:
        """Return a picture of a letter that was drawn.

        An address that occurs in none can't be asked for.
        """
        address = self._picture_urls.get(key)
        if address is None:
            return None
        async with self._picture_semaphore:
            return await asyncio.to_thread(self.backend.load_picture, address)
