"""Draw the pages for readers from `templates/web`, in their language and the theme's colours."""

import hashlib
from functools import cached_property
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from newsletter.i18n import LOCALE, catalogue
from newsletter.resources import stock_templates
from newsletter.web.errors import Trouble
from newsletter.web.public.site import Site


class Pages:
    """The pages of one site; templates are read once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._environments: dict[str, Environment] = {}

    def language(self, wanted: str = "") -> str:
        """Return the language to speak to a reader in: hers if there is a catalogue for it, else the newsletter's, else English."""
        return next((language for language in (wanted, self.site.language) if _is_spoken(language)), "en")

    def page(self, name: str, language: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page by the name of its template, "left"."""
        site = self.site
        html = self._environment(language).get_template(f"{name}.html.j2").render(
            lang=language, title=site.title, base=site.base, style=self.style_name, contact=site.contact,
            postal_address=site.postal_address, **values,
        )  # fmt: skip
        return HTMLResponse(html, status_code=status)

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
        return self._environment("en").get_template("style.css.j2").render(light=palette.light, dark=palette.dark)

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
            environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]  # the extension's
            self._environments[language] = environment
        return self._environments[language]


def _is_spoken(language: str) -> bool:
    short = language.split("-", maxsplit=1)[0].lower()
    return short == "en" or (short.isalpha() and (LOCALE / f"{short}.po").is_file())
