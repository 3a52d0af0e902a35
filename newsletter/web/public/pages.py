"""Draw the pages for readers from `templates/web`, in their language and the theme's colours."""

import asyncio
import hashlib
import logging
from functools import cached_property
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from newsletter.i18n import catalogue, spoken
from newsletter.resources import stock_templates
from newsletter.store import log as decisions
from newsletter.web.errors import Trouble
from newsletter.web.public.forms import client_of
from newsletter.web.public.routing import get
from newsletter.web.public.scanners import BURST, Scanners
from newsletter.web.public.site import Site

log = logging.getLogger(__name__)


class Pages:
    """The pages of one site; templates are read once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.scanners = Scanners()
        self._environments: dict[str, Environment] = {}

    def routes(self) -> list[Route]:
        """Return where the hidden link of each kind of page leads."""
        return [route for kind in "ucp" for route in get(f"/{kind}/{{token}}/more", self.more)]

    def language(self, wanted: str = "") -> str:
        """Return the language to speak to a reader in.

        Hers if there is a catalogue for it, else the newsletter's, else English.
        """
        return spoken(wanted, self.site.language)

    def page(self, name: str, language: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page by the name of its template, "left"."""
        site = self.site
        html = self._environment(language).get_template(f"{name}.html.j2").render(
            lang=language, title=site.title, base=site.base, contact=site.contact,
            postal_address=site.postal_address, **{"trap": "", "sheet": f"{site.base}/{self.style_name}", **values},
        )  # fmt: skip
        return HTMLResponse(html, status_code=status)

    def language_names(self) -> list[tuple[str, str]]:
        """Return the languages that are offered, each by its own name: ("sv", "svenska")."""
        return [(code, language_name(code, code)) for code in self.site.signup.languages]

    def trap(self, request: Request) -> str:
        """Return the link that only programs follow, for the page of a token."""
        return f"{request.url.path.rstrip('/').removesuffix('/undo').removesuffix('/sure').lstrip('/')}/more"

    async def more(self, request: Request) -> Response:
        """Answer who has followed that link.

        Nothing is done, but it is noted that this is a program.
        """
        self.scanners.saw(self.site.seal(client_of(request)), self.site.clock())
        return self.page("more", self.language())

    async def held(self, request: Request, by: str) -> bool:
        """Say whether a press is a program's, and is to be asked again.

        Staff are told of bursts in `newsletter log`.
        """
        client = self.site.seal(client_of(request))
        count = self.scanners.holds(client, by, self.site.clock())
        if count:
            log.warning("scanner.held client=%s count=%d", client, count)
        if count % BURST == 1:
            await asyncio.to_thread(self._tell_staff, client, count)
        return count > 0

    def _tell_staff(self, client: str, count: int) -> None:
        with self.site.database.begin() as connection:
            decisions.write(
                connection, self.site.clock(), "scanner.held", client=client, count=count
            )

    def trouble(self, trouble: Trouble) -> Response:
        """Return the page that says what went wrong."""
        language = self.language()
        values = {"heading": trouble.title.say(language), "text": trouble.text.say(language)}
        return self.page("trouble", language, status=trouble.status, **values)

    def style(self) -> Response:
        """Return the style sheet; its name changes with it, so it may be kept for long."""
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(self._style, media_type="text/css", headers=headers)

    @cached_property
    def style_name(self) -> str:
        """The style sheet's file name."""
        return f"style-{hashlib.sha256(self._style.encode()).hexdigest()[:12]}.css"

    @cached_property
    def _style(self) -> str:
        palette = self.site.palette
        return (
            self._environment("en")
            .get_template("style.css.j2")
            .render(light=palette.light, dark=palette.dark)
        )

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            environment = Environment(
                loader=FileSystemLoader(stock_templates() / "web"),
                autoescape=True,
                undefined=StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
            )
            # the extension's
            environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
            self._environments[language] = environment
        return self._environments[language]


def language_name(code: str, language: str) -> str:
    """Return what a language is called in another one: "Engelska".

    The code where nobody knows it.
    """
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(code, sep="-").get_display_name(language.replace("-", "_")) or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def veiled(email: str) -> str:
    """Return an address so that its owner knows it, and who looks over her shoulder doesn't.

    A…@example.org.
    """
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
