"""A letter in the system's Chromium: accessible, no sideways scrolling, columns that stack."""

import colorsys
import dataclasses
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from newsletter.domain.issue import Issue, Layout, Section
from newsletter.render import render
from newsletter.render.theme import list_stock_themes, load_theme
from newsletter.resources import find_stock_templates
from tests.render.example_issues import IMPRINT, NONCE, build_issue

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this system (Debian: apt install chromium)"
)
PICTURES = Path(__file__).parents[2] / "templates" / "demo" / "blogg" / "bilder"
#: They are about pages, not about mail.
AXE_OPTIONS = {"rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}}
THEMES = list_stock_themes()
#: Every part that a letter may have.
ISSUE_WITH_EVERYTHING = build_issue(
    9,
    intro=(
        "> **Obs!** Växeln är stängd. Ring [1177](https://example.org/1177).\n\nHej! Här är"
        " [månadens nyheter](https://example.org/n)."
    ),
    sections=(
        *build_issue(9).sections,
        Section(title="Läs också", layout=Layout.list, teasers=build_issue(13).teasers[10:]),
        Section(
            title="Mer",
            layout=Layout.lead,
            teasers=build_issue(15).teasers[13:],
            text="Några ord, `kod` och en tabell.\n\n| a | b |\n|-|-|\n| 1 | 2 |",
        ),
        Section(
            title="Kalendern",
            text=(
                "- 2026-12-19 18:00 Öppet hus, Torget\n- 2026-12-26"
                " [Konsert](https://example.org/k), Kyrkan\n  Fri entré."
            ),
        ),
    ),
)
ISSUES = {
    "ten": build_issue(10),
    "two": build_issue(2),
    "no pictures": build_issue(6, pictures=False),
    "Arabic": dataclasses.replace(ISSUE_WITH_EVERYTHING, language="ar"),
    "everything": ISSUE_WITH_EVERYTHING,
}
CLIENT_VIEWS = [
    (width, look) for look in ("light", "dark", "inverted") for width in (320, 375, 800)
] + [(800, "outlook")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


def serve_demo_picture(route: Route) -> None:
    """Give the demo's pictures, and nothing else: no request leaves the machine."""
    file = PICTURES / route.request.url.rsplit("/", 1)[1]
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.abort()


def render_html(issue: Issue, theme: str = "default") -> str:
    return render(
        issue, load_theme([find_stock_templates() / "themes" / theme]), IMPRINT, nonce=NONCE
    ).html


def invert_colours(html: str) -> str:
    """Turn the letter's own colours round, as Gmail on iOS does: axe can't see through a filter."""
    return re.sub(r"#[0-9a-f]{6}\b(?=[^<>]*[>}\"])", lambda found: _invert_colour(found[0]), html)


def _invert_colour(colour: str) -> str:
    hue, light, rich = colorsys.rgb_to_hls(
        *(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    return "#" + "".join(
        f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, 1 - light, rich)
    )


def open_as_client(
    browser: Browser, issue: Issue, *, width: int, look: str, theme: str = "default"
) -> Page:
    """Open a letter as a client would show it.

    Light, dark, turned dark by the client, or in Outlook's own dark mode.
    """
    html = render_html(issue, theme)
    if look == "inverted":
        html = invert_colours(html)
    html = html.replace("(prefers-color-scheme: dark)", "all" if look == "dark" else "not all")
    if look == "outlook":
        assert "[data-ogsc] .card" in html
        assert "[data-ogsb] .card" in html
        html = (
            html.replace("<body", "<body data-ogsc data-ogsb", 1)
            .replace("[data-ogsc] .", "body .")
            .replace("[data-ogsb] .", "body .")
        )
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.route("**/*", serve_demo_picture)
    page.set_content(html, wait_until="load")
    return page


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("name", "width", "look"),
    [("everything", *how) for how in CLIENT_VIEWS]
    + [("Arabic", 800, "light"), ("Arabic", 375, "dark")],
)
def test_a_letter_is_accessible(
    browser: Browser, theme: str, name: str, width: int, look: str
) -> None:
    """No violation of axe-core, contrast included."""
    page = open_as_client(browser, ISSUES[name], width=width, look=look, theme=theme)
    results = Axe().run(page, options=AXE_OPTIONS)
    page.close()
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", list(ISSUES))
def test_a_letter_never_scrolls_sideways(browser: Browser, theme: str, name: str) -> None:
    """Down to 320 px, which is a page of 1,280 px at 400 % (WCAG 2.2, 1.4.10)."""
    page = open_as_client(browser, ISSUES[name], width=800, look="light", theme=theme)
    for width in (800, 500, 375, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("theme", THEMES)
def test_a_long_word_and_a_table_break_before_they_scroll(browser: Browser, theme: str) -> None:
    """Swedish makes long words, and people paste addresses."""
    intro = f"{'Flaggstångsknopp' * 8}\n\nhttps://example.org/{'a' * 150}\n\n`{'x' * 90}`"
    intro += f"\n\n| ett | två | tre |\n|---|---|---|\n| {'y' * 60} | b | c |"
    page = open_as_client(
        browser,
        build_issue(3, intro=intro, title="Regionfullmäktigesammanträdeshandlingar"),
        width=320,
        look="light",
        theme=theme,
    )
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wide <= 320


def test_cards_stand_side_by_side_and_stack_on_a_phone(browser: Browser) -> None:
    """Two columns from 480 px, one below; pictures fill their column."""
    places = (
        "[...document.querySelectorAll('.pic')].slice(0, 2).map(e => { const r ="
        " e.getBoundingClientRect(); return [r.x, r.y, r.width] })"
    )
    wide = open_as_client(browser, build_issue(3), width=800, look="light")
    (x1, y1, w1), (x2, y2, w2) = wide.evaluate(places)
    wide.close()
    assert y1 == y2
    assert x2 - x1 == 296
    assert w1 == w2 == 272
    phone = open_as_client(browser, build_issue(3), width=375, look="light")
    (x1, y1, w1), (x2, y2, w2) = phone.evaluate(places)
    phone.close()
    assert x1 == x2 == 20
    assert y2 > y1 + 200
    assert w1 == w2 == 335


@pytest.mark.parametrize("theme", THEMES)
def test_no_separator_hangs_at_the_end_of_a_line_on_a_phone(browser: Browser, theme: str) -> None:
    """Links that don't fit beside each other stand below each other, a thumb apart."""
    page = open_as_client(browser, ISSUE_WITH_EVERYTHING, width=320, look="light", theme=theme)
    places = page.evaluate(
        "[...document.querySelectorAll('.own')].map(e => e.getBoundingClientRect()).map(r =>"
        " [r.top, r.height])"
    )
    hidden = page.evaluate(
        "[...document.querySelectorAll('.sep')].every(e => e.getBoundingClientRect().width === 0)"
    )
    page.close()
    assert hidden
    assert all(height >= 24 for _, height in places)
    assert len({top for top, _ in places}) == len(places) >= 2


def test_cards_keep_their_distance(browser: Browser) -> None:
    """From a lead's button, and from each other.

    Also where a client drops style blocks, and the columns stand below each other.
    """
    sections = (Section(title="", teasers=build_issue(5).teasers),)
    for styled in (True, False):
        html = render_html(build_issue(5, sections=sections, title="", intro=""))
        page = browser.new_page(viewport={"width": 375, "height": 900})
        page.route("**/*", serve_demo_picture)
        page.set_content(
            html if styled else re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL),
            wait_until="load",
        )
        ends = page.evaluate(
            "[...document.querySelectorAll('.button, .more')].map(e =>"
            " e.getBoundingClientRect().bottom)"
        )
        starts = page.evaluate(
            "[...document.querySelectorAll('.pic')].map(e => e.getBoundingClientRect().top)"
        )
        page.close()
        assert min(start - end for end, start in zip(ends, starts, strict=False)) >= 24


@pytest.mark.parametrize(
    ("theme", "seen", "colour"),
    [("default", ".b", "rgb(15, 92, 74)"), ("plain", ".nb", "rgb(238, 243, 249)")],
)
def test_a_letter_can_be_read_with_style_blocks_and_pictures_off(
    browser: Browser, theme: str, seen: str, colour: str
) -> None:
    """Some clients drop both: inlined styles and alt texts carry the letter."""
    html = render_html(ISSUE_WITH_EVERYTHING, theme)
    page = browser.new_page(viewport={"width": 800, "height": 900})
    page.route("**/*", lambda route: route.abort())
    page.set_content(re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL), wait_until="load")
    results = Axe().run(page, options=AXE_OPTIONS)
    background = page.evaluate(
        f"getComputedStyle(document.querySelector('{seen}')).backgroundColor"
    )
    alts = page.evaluate(
        "[...document.images].filter(i => i.alt && i.getBoundingClientRect().height < 15).length"
    )
    hidden = page.evaluate("document.querySelector('.pre').getBoundingClientRect().height")
    page.close()
    assert results.violations_count == 0, results.generate_report()
    assert background == colour
    assert alts == 0
    assert hidden == 0
