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

from newsletter.i18n import load_catalogue, pick_available_language
from newsletter.resources import find_stock_templates
from newsletter.store import audit_log as decisions
from newsletter.web.errors import ErrorPage
from newsletter.web.public.bot_detection import PRESSES_PER_ALERT, ScannerDetector
from newsletter.web.public.forms import get_client_network
from newsletter.web.public.routing import get
from newsletter.web.public.site import PublicSite

log = logging.getLogger(__name__)


class PageRenderer:
    """The pages of one site; templates are read once."""

    def __init__(self, site: PublicSite) -> None:
        self.site = site
        self.scanner_detector = ScannerDetector()
        self._environments: dict[str, Environment] = {}

    def build_routes(self) -> list[Route]:
        """Return where the hidden link of each kind of page leads."""
        return [
            route
            for kind in "ucp"
            for route in get(f"/{kind}/{{token}}/more", self.handle_honeypot)
        ]

    def pick_language(self, preferred: str = "") -> str:
        """Return the language to speak to a reader in.

        Hers if there is a catalogue for it, else the newsletter's, else English.
        """
        return pick_available_language(preferred, self.site.language)

    def render(self, template: str, language: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page by the name of its template, "left"."""
        site = self.site
        html = self._get_environment(language).get_template(f"{template}.html.j2").render(
            lang=language, title=site.title, base=site.base, contact=site.contact,
            postal_address=site.postal_address, **{"trap": "", "sheet": f"{site.base}/{self.stylesheet_name}", **values},
        )  # fmt: skip
        return HTMLResponse(html, status_code=status)

    def list_languages(self) -> list[tuple[str, str]]:
        """Return the languages that are offered, each by its own name: ("sv", "svenska")."""
        return [(code, get_language_name(code, code)) for code in self.site.signup.languages]

    def build_honeypot_link(self, request: Request) -> str:
        """Return the link that only programs follow, for the page of a token."""
        return f"{request.url.path.rstrip('/').removesuffix('/undo').removesuffix('/sure').lstrip('/')}/more"

    async def handle_honeypot(self, request: Request) -> Response:
        """Answer who has followed that link.

        Nothing is done, but it is noted that this is a program.
        """
        self.scanner_detector.mark(
            self.site.keyed_hash(get_client_network(request)), self.site.clock()
        )
        return self.render("more", self.pick_language())

    async def should_challenge(self, request: Request, pressed_by: str) -> bool:
        """Say whether a press is a program's, and is to be asked again.

        Staff are told of bursts in `newsletter log`.
        """
        client = self.site.keyed_hash(get_client_network(request))
        count = self.scanner_detector.record_press(client, pressed_by, self.site.clock())
        if count:
            log.warning("scanner.held client=%s count=%d", client, count)
        if count % PRESSES_PER_ALERT == 1:
            await asyncio.to_thread(self._record_burst, client, count)
        return count > 0

    def _record_burst(self, client: str, count: int) -> None:
        with self.site.database.begin() as connection:
            decisions.write(
                connection, self.site.clock(), "scanner.held", client=client, count=count
            )

    def render_error(self, error_page: ErrorPage) -> Response:
        """Return the page that says what went wrong."""
        language = self.pick_language()
        values = {
            "heading": error_page.title.translate(language),
            "text": error_page.text.translate(language),
        }
        return self.render("trouble", language, status=error_page.status, **values)

    def render_stylesheet(self) -> Response:
        """Return the style sheet; its name changes with it, so it may be kept for long."""
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(self._stylesheet, media_type="text/css", headers=headers)

    @cached_property
    def stylesheet_name(self) -> str:
        """The style sheet's file name."""
        return f"style-{hashlib.sha256(self._stylesheet.encode()).hexdigest()[:12]}.css"

    @cached_property
    def _stylesheet(self) -> str:
        palette = self.site.palette
        return (
            self._get_environment("en")
            .get_template("style.css.j2")
            .render(light=palette.light, dark=palette.dark)
        )

    def _get_environment(self, language: str) -> Environment:
        if language not in self._environments:
            environment = Environment(
                loader=FileSystemLoader(find_stock_templates() / "web"),
                autoescape=True,
                undefined=StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
            )
            # the extension's
            environment.install_gettext_translations(load_catalogue(language), newstyle=True)  # type: ignore[attr-defined]
            self._environments[language] = environment
        return self._environments[language]


def get_language_name(code: str, language: str) -> str:
    """Return what a language is called in another one: "Engelska".

    The code where nobody knows it.
    """
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(code, sep="-").get_display_name(language.replace("-", "_")) or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def mask_address(email: str) -> str:
    """Return an address so that its owner knows it, and who looks over her shoulder doesn't.

    A…@example.org.
    """
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
