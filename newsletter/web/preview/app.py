"""The preview's pages: one page with its scripts, and what the scripts ask for.

GET /TOKEN/                   the page GET /TOKEN/issues             the issues to choose from GET
/TOKEN/look?issue=        an issue as it is seen at once: subject, text, HTML, MJML; or what is
wrong with its file GET /TOKEN/report?issue=      what takes longer to say of it: checks, facts,
headers GET /TOKEN/mail?issue=&scheme=&pictures=      the letter for a frame GET
/TOKEN/outline?issue=     what a screen reader says of the letter GET /TOKEN/picture/KEY        a
picture that occurs in a letter GET /TOKEN/changes            server-sent events: a number that
grows with every change

`look`, `report`, `mail` and `outline` take `reader=` as well. What changes an issue: changing.py.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
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
from newsletter.i18n import catalogue
from newsletter.resources import stock_templates
from newsletter.web.preview.changing import Changing
from newsletter.web.preview.desk import Desk, Editor
from newsletter.web.preview.guard import Guard
from newsletter.web.preview.letter import PICTURE_TYPES, Scheme, dressed
from newsletter.web.preview.outline import outline
from newsletter.web.preview.studio import Drawn, Studio
from newsletter.web.preview.watch import watch
from newsletter.web.preview.words import words

#: Seconds of silence after which a sign of life goes to the page.
SIGN_OF_LIFE = 15.0
#: Of a subscriber's number.
DIGITS = 10
#: No scripts, nothing from elsewhere; links open beside the preview. Same origin, so that the page
#: can scroll its frames.
_SANDBOX = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
_LETTER_POLICY = (
    "default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'; "
)
_PICTURE_POLICY = "default-src 'none'; sandbox"


def create_app(desk: Desk, *, token: str, port: int, editor: Editor | None = None) -> Guard:
    """Return the preview of a newsletter for an address on this machine.

    `http://127.0.0.1:PORT/TOKEN/`.

    `editor`: changes issues; without one they can only be looked at.
    """
    studio = Studio(desk)
    pages = _Pages(studio, can_edit=editor is not None)
    app = Starlette(
        routes=[
            Route("/", pages.page),
            Route("/issues", pages.issues),
            Route("/look", pages.look),
            Route("/report", pages.report),
            Route("/mail", pages.mail),
            Route("/outline", pages.outline),
            *(Changing(studio, editor).routes() if editor else ()),
            Route("/picture/{key}", pages.picture),
            Route("/changes", pages.changes),
            Mount("/assets", StaticFiles(directory=stock_templates() / "web" / "preview")),
        ],
        lifespan=partial(_watching, studio),
    )
    return Guard(app, token=token, port=port, close=studio.changes.close)


@asynccontextmanager
async def _watching(studio: Studio, _app: Starlette) -> AsyncIterator[None]:
    tasks = [
        asyncio.create_task(watch(studio.desk.watched, studio.changes.announce)),
        asyncio.create_task(studio.begin()),
    ]
    yield
    studio.changes.close()
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class _Pages:
    def __init__(self, studio: Studio, *, can_edit: bool) -> None:
        self.studio = studio
        self.can_edit = can_edit

    async def page(self, _request: Request) -> Response:
        """Return the page; what it shows comes by its scripts."""
        language = self.studio.desk.language
        spoken = (
            language.split("-")[0] if isinstance(catalogue(language), GNUTranslations) else "en"
        )
        folder = stock_templates() / "web" / "preview"
        templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        # of the extension
        templates.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
        return HTMLResponse(
            templates.get_template("page.html.j2").render(
                language=spoken, words=words(language), can_edit=self.can_edit
            )
        )

    async def issues(self, _request: Request) -> Response:
        """Return the names to choose from."""
        return JSONResponse(await self.studio.issues())

    async def look(self, request: Request) -> Response:
        """Return what is seen of an issue at once."""
        drawn = await self._drawn(request)
        return JSONResponse(
            {
                "issue": drawn.issue,
                "version": drawn.version,
                "milliseconds": drawn.milliseconds,
                **drawn.said,
            }
        )

    async def report(self, request: Request) -> Response:
        """Return what the checks say of an issue."""
        found = await self.studio.report(*self._asked(request))
        if found is None:
            raise HTTPException(404)
        drawn, said = found
        return JSONResponse({"version": drawn.version, **said})

    async def mail(self, request: Request) -> Response:
        """Return the letter, dressed for a frame."""
        drawn = await self._drawn(request)
        scheme = _one_of(Scheme, request.query_params.get("scheme", "light"))
        with_pictures = request.query_params.get("pictures") != "off"
        policy = _LETTER_POLICY.format(pictures="'self'" if with_pictures else "'none'") + _SANDBOX
        return HTMLResponse(
            dressed(_markup(drawn), scheme, with_pictures=with_pictures),
            headers={"content-security-policy": policy},
        )

    async def outline(self, request: Request) -> Response:
        """Return what is heard of the letter."""
        drawn = await self._drawn(request)
        return JSONResponse([asdict(heard) for heard in outline(_markup(drawn))])

    async def picture(self, request: Request) -> Response:
        """Return a picture that occurs in a letter which has been looked at."""
        shown = await self.studio.picture(request.path_params["key"])
        if shown is None or shown.content_type not in PICTURE_TYPES:
            raise HTTPException(404)
        headers = {
            "content-security-policy": _PICTURE_POLICY,
            "cache-control": "private, max-age=600",
        }
        return Response(shown.content, media_type=shown.content_type, headers=headers)

    async def changes(self, _request: Request) -> Response:
        """Tell the page of changes for as long as it listens."""
        return StreamingResponse(self._told(), media_type="text/event-stream")

    async def _told(self) -> AsyncIterator[str]:
        changes, seen = self.studio.changes, -1
        yield "retry: 1000\n\n"
        while not changes.closed:
            version = await changes.after(seen, patience=SIGN_OF_LIFE)
            yield ": still here\n\n" if version == seen else f"data: {version}\n\n"
            seen = version

    def _asked(self, request: Request) -> tuple[str, SubscriberId | None]:
        reader = request.query_params.get("reader", "")
        number = (
            SubscriberId(int(reader))
            if reader.isascii() and reader.isdecimal() and len(reader) <= DIGITS
            else None
        )
        return request.query_params.get("issue", ""), number

    async def _drawn(self, request: Request) -> Drawn:
        drawn = await self.studio.drawn(*self._asked(request))
        if drawn is None:
            raise HTTPException(404)
        return drawn


def _markup(drawn: Drawn) -> str:
    if drawn.look is None:
        raise HTTPException(404)
    markup: str = drawn.said["html"]
    return markup


def _one_of(kind: Callable[[str], Scheme], value: str) -> Scheme:
    try:
        return kind(value)
    except ValueError as error:
        raise HTTPException(404) from error
