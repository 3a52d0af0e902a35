"""The renderer of the public pages: language, escaping, style sheet, error pages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from newsletter.resources import find_stock_templates
from newsletter.web.errors import NOT_FOUND, SERVICE_UNAVAILABLE, ErrorPage, Status
from newsletter.web.public.site import PublicSite, SignUpOptions
from newsletter.web.public.templates import PageRenderer, mask_address
from tests.web.conftest import Clock, build_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PublicSite]:
    site = build_site(tmp_path, Clock())
    yield site
    site.database.close()


def render(site: PublicSite, template: str, language: str = "sv", **values: object) -> str:
    return bytes(PageRenderer(site).render(template, language, **values).body).decode()  # type: ignore[arg-type]  # a template's own


@pytest.mark.parametrize(
    ("preferred", "ours", "picked"),
    [
        ("sv", "en", "sv"),
        ("sv-FI", "en", "sv-FI"),
        ("en", "sv", "en"),
        ("fi", "sv", "sv"),
        ("", "sv", "sv"),
        ("fi", "de", "en"),
        ("../../etc", "sv", "sv"),
    ],
    ids=["theirs", "region", "english", "no-catalogue", "unknown", "neither", "path"],
)
def test_which_language_is_spoken(site: PublicSite, preferred: str, ours: str, picked: str) -> None:
    """Theirs if there is a catalogue, else the newsletter's, else English."""
    assert PageRenderer(replace(site, language=ours)).pick_language(preferred) == picked


def test_a_page_says_its_language(site: PublicSite) -> None:
    """Screen readers choose the voice by it."""
    assert '<html lang="sv"' in render(site, "gone")
    assert '<html lang="en"' in render(site, "gone", "en")
    assert render(site, "gone") != render(site, "gone", "en")


def test_titles_and_addresses_are_text(site: PublicSite) -> None:
    """Whatever the settings say, no markup comes of it."""
    evil = "<script>alert(1)</script>"
    page = render(replace(site, title=evil, postal_address=evil, contact=evil), "gone")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_value_that_is_missing_is_an_error(site: PublicSite) -> None:
    """Never an empty place on a page (StrictUndefined)."""
    with pytest.raises(UndefinedError):
        render(site, "leave")


def test_a_template_that_there_isnt(site: PublicSite) -> None:
    """It is our mistake, and is seen at once."""
    with pytest.raises(TemplateNotFound):
        render(site, "nothing")


def test_every_page_leads_to_the_style_sheet_of_its_site(site: PublicSite) -> None:
    """Below the path of `public_url`; nothing of another host."""
    below = replace(site, public_url="https://www.example.org/nyhetsbrev/")
    name = PageRenderer(below).stylesheet_name
    assert f'href="/nyhetsbrev/{name}"' in render(below, "gone")


def test_the_style_sheets_name_changes_with_its_colours(site: PublicSite) -> None:
    """It may be kept for a year, so another sheet needs another name."""
    renderer = PageRenderer(site)
    assert re.fullmatch(r"style-[0-9a-f]{12}\.css", renderer.stylesheet_name)
    assert renderer.stylesheet_name == PageRenderer(site).stylesheet_name
    other = replace(site.palette, light={**site.palette.light, "accent": "#123456"})
    assert PageRenderer(replace(site, palette=other)).stylesheet_name != renderer.stylesheet_name
    sheet = renderer.render_stylesheet()
    assert sheet.media_type == "text/css"
    assert "immutable" in sheet.headers["cache-control"]


@pytest.mark.parametrize("page", [NOT_FOUND, SERVICE_UNAVAILABLE], ids=lambda one: one.status.name)
def test_an_error_page_has_its_words_and_status(site: PublicSite, page: ErrorPage) -> None:
    """In the newsletter's language: whose page it is isn't known."""
    answer = PageRenderer(site).render_error(page)
    assert answer.status_code == page.status
    text = bytes(answer.body).decode()
    assert page.title.translate("sv") in text
    assert page.title.translate("en") not in text


def test_a_page_has_the_status_that_it_is_given(site: PublicSite) -> None:
    """200 where none is."""
    renderer = PageRenderer(site)
    assert renderer.render("gone", "sv").status_code == 200
    assert renderer.render("gone", "sv", status=Status.gone).status_code == 410


def test_languages_are_offered_by_their_own_names(site: PublicSite) -> None:
    """Who doesn't read Swedish finds English as "English"."""
    options = SignUpOptions(languages=("sv", "en", "fi", "xx"))
    offered = PageRenderer(replace(site, signup=options)).list_languages()
    assert offered == [("sv", "Svenska"), ("en", "English"), ("fi", "Suomi"), ("xx", "xx")]


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("anna@example.org", "a…@example.org"),
        ("a@example.org", "a…@example.org"),
        ('"a@b"@example.org', '"…@example.org'),
        ("örjan@exempel.example", "ö…@exempel.example"),
    ],
    ids=["long", "short", "quoted", "unicode"],
)
def test_an_address_is_known_to_its_owner_only(email: str, masked: str) -> None:
    """One character, and the domain."""
    assert mask_address(email) == masked


def test_every_template_is_a_page_of_ours() -> None:
    """None holds a script, a style of its own, or an address of another site."""
    for file in (find_stock_templates() / "web").glob("*.html.j2"):
        text = file.read_text("utf-8")
        assert "<script" not in text, file
        assert "style=" not in text, file
        assert "http:" not in text, file
