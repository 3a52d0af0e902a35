"""Render the public pages from `templates/web`, in a language and the theme's colours."""

import hashlib
from functools import cached_property
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from newsletter.i18n import load_catalogue, pick_available_language
from newsletter.resources import find_stock_templates
from newsletter.web.errors import ErrorPage, Status
from newsletter.web.public.site import PublicSite


class PageRenderer:
    """The pages of one site; templates are read once."""

    def __init__(self, site: PublicSite) -> None:
        self.site = site
        self._environments: dict[str, Environment] = {}

    def pick_language(self, preferred: str = "") -> str:
        """Return the preferred language if there is a catalogue for it, else ours, else English."""
        return pick_available_language(preferred, self.site.language)

    def render(
        self, template: str, language: str, *, status: Status = Status.ok, **values: Any
    ) -> Response:
        """Return a page by the name of its template, "left"."""
        site = self.site
        html = (
            self._get_environment(language)
            .get_template(f"{template}.html.j2")
            .render(
                lang=language,
                title=site.title,
                base=site.base,
                contact=site.contact,
                postal_address=site.postal_address,
                **{"trap": "", "sheet": f"{site.base}/{self.stylesheet_name}", **values},
            )
        )
        return HTMLResponse(html, status_code=status)

    def list_languages(self) -> list[tuple[str, str]]:
        """Return the languages that are offered, each by its own name: ("sv", "svenska")."""
        return [(code, get_language_name(code, code)) for code in self.site.signup.languages]

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
            environment.install_gettext_translations(  # type: ignore[attr-defined]
                load_catalogue(language), newstyle=True
            )
            self._environments[language] = environment
        return self._environments[language]


def get_language_name(code: str, language: str) -> str:
    """Return what a language is called in another one ("Engelska"); unknown codes as they are."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(language.replace("-", "_")) or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def mask_address(email: str) -> str:
    """Return an address so that only its owner recognises it: "a…@example.org"."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
