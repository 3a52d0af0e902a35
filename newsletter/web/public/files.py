"""What pages need and programs ask for.

Style sheet, logo, pictures, robots.txt, and whether we are well.
"""

import asyncio

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.web.public.guard import HEALTH
from newsletter.web.public.pages import Pages
from newsletter.web.public.pictures import picture_route
from newsletter.web.public.site import Site

_DAY = "public, max-age=86400"


class Files:
    """The files of one site."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self.site = site
        self.pages = pages

    def routes(self) -> list[Route]:
        """Return where they are."""
        logo, pictures = self.site.logo, self.site.pictures
        return [
            Route(f"/{self.pages.style_name}", self.style),
            *([Route(f"/{logo.name}", self.logo)] if logo else []),
            *([picture_route(pictures)] if pictures else []),
            Route("/robots.txt", self.robots),
            Route(HEALTH, self.health),
        ]

    async def style(self, _request: Request) -> Response:
        """Return the style sheet."""
        return self.pages.style()

    async def logo(self, _request: Request) -> Response:
        """Return the logo, also to webmail, which shows it on pages of its own."""
        if self.site.logo is None or not self.site.logo.is_file():
            raise HTTPException(404)
        return FileResponse(
            self.site.logo,
            headers={"cache-control": _DAY, "cross-origin-resource-policy": "cross-origin"},
        )

    async def robots(self, _request: Request) -> Response:
        """Ask search engines to stay away."""
        return PlainTextResponse("User-agent: *\nDisallow: /\n", headers={"cache-control": _DAY})

    async def health(self, _request: Request) -> Response:
        """Say "ok" if the database answers."""
        await asyncio.to_thread(self._ask_database)
        return PlainTextResponse("ok\n")

    def _ask_database(self) -> None:
        with self.site.database.read() as connection:
            connection.execute(sa.select(1))
