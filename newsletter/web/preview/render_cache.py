"""Render each issue once a version, however many frames show it; check it once it has been seen."""

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
    """An issue as it was rendered at a version; `preview` is None where it couldn't be."""

    issue_name: str
    version: int
    milliseconds: int
    preview: IssuePreview | None
    #: What the page shows at once: `serialize_preview`, or what is wrong.
    payload: dict[str, Any]


class RenderCache:
    """Keeps what has been rendered until something changes."""

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
        """Render the first issue while the browser is still opening: the first time is slow."""
        if names := await self.list_issue_names():
            await self.get_rendered(names[0])

    async def get_rendered(
        self, issue_name: str, subscriber_id: SubscriberId | None = None
    ) -> RenderedVersion | None:
        """Return an issue as it looks now to a subscriber (None: a made-up one).

        None where there is no such issue.
        """
        if cached := self._find_current(issue_name, subscriber_id):
            return cached  # though another one is being rendered or checked
        async with self._render_lock:
            if cached := self._find_current(issue_name, subscriber_id):
                return cached
            version = self.notifier.version
            # What was rendered of an older version is no use to anybody.
            self._rendered = {
                key: rendered
                for key, rendered in self._rendered.items()
                if rendered.version == version
            }
            if issue_name not in await asyncio.to_thread(self.backend.list_issue_names):
                return None
            cached = self._rendered[issue_name, subscriber_id] = await asyncio.to_thread(
                self._render_version, issue_name, subscriber_id, version
            )
            return cached

    def _find_current(
        self, issue_name: str, subscriber_id: SubscriberId | None
    ) -> RenderedVersion | None:
        cached = self._rendered.get((issue_name, subscriber_id))
        return cached if cached is not None and cached.version == self.notifier.version else None

    async def get_report(
        self, issue_name: str, subscriber_id: SubscriberId | None = None
    ) -> tuple[RenderedVersion, dict[str, Any]] | None:
        """Return what the checks say of an issue as it looks now, or what is wrong.

        None where there is no such issue.
        """
        rendered = await self.get_rendered(issue_name, subscriber_id)
        if rendered is None or rendered.preview is None:
            return (rendered, rendered.payload) if rendered else None
        async with self._render_lock:
            cached = self._reports.get((issue_name, subscriber_id))
            if cached is None or cached[0] is not rendered:
                self._reports = {
                    key: one
                    for key, one in self._reports.items()
                    if one[0].version == rendered.version
                }
                cached = self._reports[issue_name, subscriber_id] = (
                    rendered,
                    await asyncio.to_thread(
                        self._build_report, rendered.preview, issue_name, subscriber_id
                    ),
                )
            return cached

    def _render_version(
        self, issue_name: str, subscriber_id: SubscriberId | None, version: int
    ) -> RenderedVersion:
        began = time.perf_counter()
        preview: IssuePreview | None = None
        try:
            preview = self.backend.render_preview(issue_name, subscriber_id)
            payload = serialize_preview(preview)
            self._picture_urls.update(find_pictures(preview.rendered.html))
        except NewsletterError as error:
            payload = self._serialize_problem(error, issue_name)
        milliseconds = round((time.perf_counter() - began) * 1000)
        return RenderedVersion(
            issue_name=issue_name,
            version=version,
            milliseconds=milliseconds,
            preview=preview,
            payload=payload,
        )

    def _build_report(
        self, preview: IssuePreview, issue_name: str, subscriber_id: SubscriberId | None
    ) -> dict[str, Any]:
        try:
            return build_report(
                preview, self.backend.check_message(preview, subscriber_id), self.backend.language
            )
        except NewsletterError as error:
            return self._serialize_problem(error, issue_name)

    def _serialize_problem(self, error: NewsletterError, issue_name: str) -> dict[str, Any]:
        source = self.backend.read_source(issue_name)
        return {"problem": serialize_problem(error, source, self.backend.language)}

    async def load_picture(self, key: str) -> PictureContent | None:
        """Return a picture of a letter that was rendered; no other address can be asked for."""
        address = self._picture_urls.get(key)
        if address is None:
            return None
        async with self._picture_semaphore:
            return await asyncio.to_thread(self.backend.load_picture, address)
