"""Static files and health: style sheet, logo, pictures, robots.txt, /healthz."""

import asyncio

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.web.errors import Status
from newsletter.web.public.middleware import HEALTH_PATH
from newsletter.web.public.pictures import build_picture_route
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import PageRenderer

_CACHE_ONE_DAY = "public, max-age=86400"


class StaticRoutes:
    """The static files of one site."""

    def __init__(self, site: PublicSite, renderer: PageRenderer) -> None:
        self.site = site
        self.renderer = renderer

    def build_routes(self) -> list[Route]:
        """Return the routes."""
        logo, pictures = self.site.logo, self.site.pictures
        return [
            Route(f"/{self.renderer.stylesheet_name}", self.serve_stylesheet),
            *([Route(f"/{logo.name}", self.serve_logo)] if logo else []),
            *([build_picture_route(pictures)] if pictures else []),
            Route("/robots.txt", self.serve_robots_txt),
            Route(HEALTH_PATH, self.check_health),
        ]

    async def serve_stylesheet(self, _request: Request) -> Response:
        """Return the style sheet."""
        return self.renderer.render_stylesheet()

    async def serve_logo(self, _request: Request) -> Response:
        """Return the logo, also to webmail, which shows it on pages of its own."""
        if self.site.logo is None or not self.site.logo.is_file():
            raise HTTPException(Status.not_found)
        return FileResponse(
            self.site.logo,
            headers={
                "cache-control": _CACHE_ONE_DAY,
                "cross-origin-resource-policy": "cross-origin",
            },
        )

    async def serve_robots_txt(self, _request: Request) -> Response:
        """Ask search engines to stay away."""
        return PlainTextResponse(
            "User-agent: *\nDisallow: /\n", headers={"cache-control": _CACHE_ONE_DAY}
        )

    async def check_health(self, _request: Request) -> Response:
        """Say "ok" if the database answers."""
        await asyncio.to_thread(self._ping_database)
        return PlainTextResponse("ok\n")

    def _ping_database(self) -> None:
        with self.site.database.read() as connection:
            connection.execute(sa.select(1))
