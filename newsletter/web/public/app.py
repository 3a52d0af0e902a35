"""All pages for readers as one application."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from newsletter.web.errors import Shield, raised
from newsletter.web.public.api import Api
from newsletter.web.public.archive import Archive
from newsletter.web.public.files import Files
from newsletter.web.public.guard import Guard
from newsletter.web.public.pages import Pages
from newsletter.web.public.preferences import Preferences
from newsletter.web.public.site import Site
from newsletter.web.public.subscribe import Subscribe
from newsletter.web.public.unsubscribe import Unsubscribe
from newsletter.web.public.view import View


def create_app(site: Site) -> Starlette:
    """Return the pages of a newsletter as an ASGI application, behind its guard."""
    pages = Pages(site)
    rooms = (
        pages,
        Unsubscribe(site, pages),
        Subscribe(site, pages),
        Preferences(site, pages),
        Archive(site, pages),
    )
    others = (View(site), Files(site, pages), *([Api(site)] if site.api_token else ()))
    routes = [route for room in (*rooms, *others) for route in room.routes()]
    middleware = [
        Middleware(
            Guard,
            host=site.host,
            base=site.base,
            draw=pages.trouble,
            hurry=site.database.priority_gate.prioritise,
        ),
        Middleware(Shield, draw=pages.trouble),
    ]
    app = Starlette(
        routes=routes, middleware=middleware, exception_handlers={HTTPException: raised}
    )
    app.router.redirect_slashes = False  # `routing` has both
    return app
