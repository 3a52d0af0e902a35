"""The preview's pages: one page with its scripts, and what the scripts ask for.

    GET /TOKEN/                                 the page
    GET /TOKEN/issues                           the issues to choose from
    GET /TOKEN/look?issue=                      subject, text, HTML, MJML; or what is wrong
    GET /TOKEN/report?issue=                    what takes longer: checks, facts, headers
    GET /TOKEN/mail?issue=&scheme=&pictures=    the letter for a frame
    GET /TOKEN/outline?issue=                   what a screen reader says of the letter
    GET /TOKEN/picture/KEY                      a picture that occurs in a letter
    GET /TOKEN/changes                          server-sent events: a version that grows

`look`, `report`, `mail` and `outline` take `reader=` as well. What changes an issue: edit_routes.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from gettext import GNUTranslations

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from newsletter.domain.subscriber import SubscriberId
from newsletter.i18n import load_catalogue
from newsletter.resources import find_stock_templates
from newsletter.web.errors import Status
from newsletter.web.preview.accessibility_tree import build_accessibility_tree
from newsletter.web.preview.backends import EditBackend, PreviewBackend
from newsletter.web.preview.edit_routes import EditRoutes
from newsletter.web.preview.file_watcher import watch
from newsletter.web.preview.frame_html import PICTURE_TYPES, ColorScheme, prepare_for_frame
from newsletter.web.preview.middleware import PreviewAccessMiddleware
from newsletter.web.preview.render_cache import RenderCache, RenderedVersion
from newsletter.web.preview.serializers import serialize_accessibility_tree
from newsletter.web.preview.ui_messages import build_ui_messages

#: Seconds of silence after which a comment keeps the stream of events alive.
KEEPALIVE_SECONDS = 15.0
#: Of a subscriber's number.
MAX_SUBSCRIBER_ID_DIGITS = 10
#: No scripts, nothing from elsewhere; links open beside the preview. Same origin, so that the page
#: can scroll its frames.
_SANDBOX_POLICY = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
_LETTER_POLICY = (
    "default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'; "
)
_PICTURE_POLICY = "default-src 'none'; sandbox"


def create_app(
    backend: PreviewBackend, *, token: str, port: int, edit_backend: EditBackend | None = None
) -> PreviewAccessMiddleware:
    """Return the preview of a newsletter at `http://127.0.0.1:PORT/TOKEN/`.

    `edit_backend`: changes issues; without one they can only be looked at.
    """
    cache = RenderCache(backend)
    pages = _PreviewRoutes(cache, can_edit=edit_backend is not None)
    app = Starlette(
        routes=[
            Route("/", pages.show_page),
            Route("/issues", pages.list_issues),
            Route("/look", pages.show_preview),
            Route("/report", pages.show_report),
            Route("/mail", pages.show_mail),
            Route("/outline", pages.show_accessibility_tree),
            *(EditRoutes(cache, edit_backend).build_routes() if edit_backend else ()),
            Route("/picture/{key}", pages.show_picture),
            Route("/changes", pages.stream_changes),
            Mount("/assets", StaticFiles(directory=find_stock_templates() / "web" / "preview")),
        ],
        lifespan=partial(_run_lifespan, cache),
    )
    return PreviewAccessMiddleware(app, token=token, port=port, close_streams=cache.notifier.close)


@asynccontextmanager
async def _run_lifespan(cache: RenderCache, _app: Starlette) -> AsyncIterator[None]:
    tasks = [
        asyncio.create_task(watch(cache.backend.list_watched_paths, cache.notifier.notify)),
        asyncio.create_task(cache.warm_up()),
    ]
    yield
    cache.notifier.close()
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class _PreviewRoutes:
    def __init__(self, cache: RenderCache, *, can_edit: bool) -> None:
        self.cache = cache
        self.can_edit = can_edit

    async def show_page(self, _request: Request) -> Response:
        """Return the page; its scripts ask for what it shows."""
        return HTMLResponse(_render_page(self.cache.backend.language, can_edit=self.can_edit))

    async def list_issues(self, _request: Request) -> Response:
        """Return the names to choose from."""
        return JSONResponse(await self.cache.list_issue_names())

    async def show_preview(self, request: Request) -> Response:
        """Return what is seen of an issue at once."""
        rendered = await self._get_rendered(request)
        return JSONResponse(
            {
                "issue": rendered.issue_name,
                "version": rendered.version,
                "milliseconds": rendered.milliseconds,
                **rendered.payload,
            }
        )

    async def show_report(self, request: Request) -> Response:
        """Return what the checks say of an issue."""
        found = await self.cache.get_report(*self._parse_query(request))
        if found is None:
            raise HTTPException(Status.not_found)
        rendered, report = found
        return JSONResponse({"version": rendered.version, **report})

    async def show_mail(self, request: Request) -> Response:
        """Return the letter, prepared for a frame."""
        rendered = await self._get_rendered(request)
        scheme = _parse_scheme(request.query_params.get("scheme", "light"))
        with_pictures = request.query_params.get("pictures") != "off"
        policy = (
            _LETTER_POLICY.format(pictures="'self'" if with_pictures else "'none'")
            + _SANDBOX_POLICY
        )
        return HTMLResponse(
            prepare_for_frame(_require_html(rendered), scheme, with_pictures=with_pictures),
            headers={"content-security-policy": policy},
        )

    async def show_accessibility_tree(self, request: Request) -> Response:
        """Return what a screen reader says of the letter."""
        rendered = await self._get_rendered(request)
        return JSONResponse(
            serialize_accessibility_tree(build_accessibility_tree(_require_html(rendered)))
        )

    async def show_picture(self, request: Request) -> Response:
        """Return a picture that occurs in a letter which has been rendered."""
        shown = await self.cache.load_picture(request.path_params["key"])
        if shown is None or shown.content_type not in PICTURE_TYPES:
            raise HTTPException(Status.not_found)
        headers = {
            "content-security-policy": _PICTURE_POLICY,
            "cache-control": "private, max-age=600",
        }
        return Response(shown.content, media_type=shown.content_type, headers=headers)

    async def stream_changes(self, _request: Request) -> Response:
        """Stream the versions of what is on disk (server-sent events)."""
        return StreamingResponse(self._stream_events(), media_type="text/event-stream")

    async def _stream_events(self) -> AsyncIterator[str]:
        changes, seen = self.cache.notifier, -1
        yield "retry: 1000\n\n"
        while not changes.is_closed:
            version = await changes.wait_for_change(seen, timeout_seconds=KEEPALIVE_SECONDS)
            yield ": still here\n\n" if version == seen else f"data: {version}\n\n"
            seen = version

    def _parse_query(self, request: Request) -> tuple[str, SubscriberId | None]:
        reader = request.query_params.get("reader", "")
        number = (
            SubscriberId(int(reader))
            if reader.isascii() and reader.isdecimal() and len(reader) <= MAX_SUBSCRIBER_ID_DIGITS
            else None
        )
        return request.query_params.get("issue", ""), number

    async def _get_rendered(self, request: Request) -> RenderedVersion:
        rendered = await self.cache.get_rendered(*self._parse_query(request))
        if rendered is None:
            raise HTTPException(Status.not_found)
        return rendered


def _require_html(rendered: RenderedVersion) -> str:
    if rendered.preview is None:
        raise HTTPException(Status.not_found)
    markup: str = rendered.payload["html"]
    return markup


def _parse_scheme(value: str) -> ColorScheme:
    try:
        return ColorScheme(value)
    except ValueError as error:
        raise HTTPException(Status.not_found) from error


def _render_page(language: str, *, can_edit: bool) -> str:
    """Return the page in a language that there is a catalogue for, else in English."""
    catalogue = load_catalogue(language)
    spoken = language.split("-", maxsplit=1)[0] if isinstance(catalogue, GNUTranslations) else "en"
    templates = Environment(
        loader=FileSystemLoader(find_stock_templates() / "web" / "preview"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    # of the extension
    templates.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return templates.get_template("page.html.j2").render(
        language=spoken, words=build_ui_messages(language), can_edit=can_edit
    )
