"""The routes for readers."""

import asyncio
from collections.abc import Awaitable, Callable

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.web.errors import Shield, raised
from newsletter.web.public.api import Api
from newsletter.web.public.archive import Archive
from newsletter.web.public.guard import HEALTH, Guard
from newsletter.web.public.pages import Pages
from newsletter.web.public.pictures import picture_route
from newsletter.web.public.preferences import Preferences
from newsletter.web.public.site import Site
from newsletter.web.public.subscribe import Subscribe
from newsletter.web.public.unsubscribe import Unsubscribe
from newsletter.web.public.view import View


def create_app(site: Site) -> Starlette:
    """Return the pages of a newsletter as an ASGI application, behind its guard."""
    pages = Pages(site)
    letters, leaving, joining = View(site), Unsubscribe(site, pages), Subscribe(site, pages)
    own, archive = Preferences(site, pages), Archive(site, pages)

    async def health(_request: Request) -> Response:
        await asyncio.to_thread(_ask_database, site)
        return PlainTextResponse("ok\n")

    async def robots(_request: Request) -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n", headers={"cache-control": "public, max-age=86400"})

    async def style(_request: Request) -> Response:
        return pages.style()

    async def logo(_request: Request) -> Response:
        if site.logo is None or not site.logo.is_file():
            raise HTTPException(404)
        # Webmail shows it on pages of its own.
        return FileResponse(site.logo, headers={"cache-control": "public, max-age=86400", "cross-origin-resource-policy": "cross-origin"})

    routes = [
        *_both("/u/{token}", leaving.ask, "GET"),
        *_both("/u/{token}", leaving.leave, "POST"),
        *_both("/u/{token}/undo", leaving.undo, "POST"),
        # Who reloads the page after "undo" sees how things stand.
        *_both("/u/{token}/undo", leaving.ask, "GET"),
        *_both("/u/{token}/sure", leaving.leave, "POST"),
        *_both("/u/{token}/why", leaving.why, "POST"),
        *_both("/u", leaving.help, "GET"),
        *_both("/subscribe", joining.show, "GET"),
        *_both("/subscribe", joining.take, "POST"),
        *_both("/c/{token}", joining.look, "GET"),
        *_both("/c/{token}", joining.confirm, "POST"),
        *_both("/c/{token}/sure", joining.confirm, "POST"),
        *_both("/p/{token}", own.show, "GET"),
        *_both("/p/{token}", own.change, "POST"),
        *_both("/p/{token}/address", own.show, "GET"),
        *_both("/p/{token}/address", own.move, "POST"),
        *_both("/p/{token}/data", own.data, "GET"),
        *_both("/p/{token}/data", own.send_data, "POST"),
        *_both("/p/{token}/erase", own.ask_to_erase, "GET"),
        *_both("/p/{token}/erase", own.erase, "POST"),
        *_both("/p/{token}/erase/sure", own.erase, "POST"),
        *(route for kind in "ucp" for route in _both(f"/{kind}/{{token}}/more", pages.more, "GET")),
        *_both("/archive", archive.show, "GET"),
        Route("/feed.xml", archive.feed),
        *(_api_routes(Api(site)) if site.api_token else ()),
        *_both("/i/{name}", letters.show, "GET"),
        Route(f"/{pages.style_name}", style),
        *([Route(f"/{site.logo.name}", logo)] if site.logo else []),
        *([picture_route(site.pictures)] if site.pictures else []),
        Route("/robots.txt", robots),
        Route(HEALTH, health),
    ]
    middleware = [
        Middleware(Guard, host=site.host, base=site.base, draw=pages.trouble),
        Middleware(Shield, draw=pages.trouble),
    ]
    app = Starlette(routes=routes, middleware=middleware, exception_handlers={HTTPException: raised})
    # A redirect from /u/x/ to /u/x would lose the POST (RFC 8058, 3.1): both are routes.
    app.router.redirect_slashes = False
    return app


def _both(path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str) -> list[Route]:
    return [Route(path, endpoint, methods=[method]), Route(f"{path}/", endpoint, methods=[method])]


def _api_routes(api: Api) -> list[Route]:
    return [
        Route("/api/openapi.json", api.document),
        *_both("/api/subscribers", api.subscribe, "POST"),
        *_both("/api/subscribers/unsubscribe", api.unsubscribe, "POST"),
        *_both("/api/subscribers/status", api.status, "POST"),
    ]


def _ask_database(site: Site) -> None:
    with site.database.read() as connection:
        connection.execute(sa.select(1))
