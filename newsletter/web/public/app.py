"""All public pages as one ASGI application."""

from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from newsletter.web.errors import ErrorMiddleware, reraise
from newsletter.web.public.api import ApiRoutes
from newsletter.web.public.archive import Archive
from newsletter.web.public.challenge import ScannerChallenge
from newsletter.web.public.middleware import HostAndBodyMiddleware
from newsletter.web.public.online_version import OnlineVersion
from newsletter.web.public.preferences import PreferencesRoutes
from newsletter.web.public.site import PublicSite
from newsletter.web.public.static import StaticRoutes
from newsletter.web.public.subscribe import SubscribeRoutes
from newsletter.web.public.templates import PageRenderer
from newsletter.web.public.unsubscribe import UnsubscribeRoutes


class RouteGroup(Protocol):
    """Pages that belong together."""

    def build_routes(self) -> list[Route]:
        """Return their routes."""


def create_app(site: PublicSite) -> Starlette:
    """Return the pages of a newsletter as an ASGI application, behind its middleware."""
    pages = PageRenderer(site)
    challenge = ScannerChallenge(site, pages)
    token_pages = (UnsubscribeRoutes, SubscribeRoutes, PreferencesRoutes)
    groups: list[RouteGroup] = [
        challenge,
        *(group(site, pages, challenge) for group in token_pages),
        Archive(site, pages),
        OnlineVersion(site),
        StaticRoutes(site, pages),
        *([ApiRoutes(site)] if site.api_token else ()),
    ]
    routes = [route for group in groups for route in group.build_routes()]
    middleware = [
        Middleware(
            HostAndBodyMiddleware,
            host=site.host,
            base=site.base,
            render_error=pages.render_error,
            priority=site.database.priority_gate.prioritise,
        ),
        Middleware(ErrorMiddleware, render_error=pages.render_error),
    ]
    app = Starlette(
        routes=routes, middleware=middleware, exception_handlers={HTTPException: reraise}
    )
    app.router.redirect_slashes = False  # `routing` has both
    return app
