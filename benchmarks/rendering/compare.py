"""Compare with npm's mjml: the same MJML, drawn by both, pixel by pixel.

And the examples of npm's packages through ours.
"""

import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser

from benchmarks.rendering import peer
from benchmarks.rows import Row
from newsletter.domain.issue import Issue, Layout, Section
from newsletter.errors import RenderError
from newsletter.render import CSS_TEMPLATE, css, mjml, render, templates
from newsletter.render.context import build_context
from newsletter.render.theme import list_stock_themes, load_theme
from newsletter.resources import find_stock_templates
from tests.browser.test_rendered_issue import serve_demo_picture
from tests.render.example_issues import IMPRINT, NONCE, build_issue

WIDTHS = (375, 800)


def build_issues() -> dict[str, Issue]:
    """Return letters with every part that a theme has."""
    calendar = Section(
        title="Kalendern",
        text=(
            "- 2026-12-19 18:00 Öppet hus, Torget\n- 2026-12-26 [Konsert](https://example.org/k),"
            " Kyrkan"
        ),
    )
    listed = Section(title="Läs också", layout=Layout.list, teasers=build_issue(13).teasers[10:])
    whole = dataclasses.replace(
        build_issue(9), intro="> **Obs!** Växeln är stängd.\n\nHej!\n\n| a | b |\n|-|-|\n| 1 | 2 |"
    )
    return {
        "ten posts": build_issue(10),
        "every part": dataclasses.replace(whole, sections=(*whole.sections, listed, calendar)),
        "no pictures": build_issue(5, pictures=False),
        "Arabic": build_issue(4, language="ar"),
    }


def take_screenshot(browser: Browser, html: str, width: int) -> Image.Image:
    """Return the letter as Chromium shows it."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="light")
    page.route("**/*", serve_demo_picture)
    page.set_content(html, wait_until="load")
    shot = page.screenshot(full_page=True)
    page.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def count_differing_pixels(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels differ; those that only one has count."""
    size = (max(one.width, other.width), max(one.height, other.height))
    first, second = (Image.new("RGB", size, "#ff00ff") for _ in range(2))
    first.paste(one)
    second.paste(other)
    grey = ImageChops.difference(first, second).convert("L")
    return size[0] * size[1] - grey.histogram()[0]


def compare_screenshots(
    browser: Browser, ours: str, other: str, width: int
) -> tuple[int, list[Image.Image]]:
    """Return the differing pixels and the two pictures; a pair that differs is looked at again.

    Chromium scales a photograph a shade differently now and then, also between two looks at one
    page.
    """
    for _ in range(3):
        shots = [take_screenshot(browser, html, width) for html in (ours, other)]
        if not (pixels := count_differing_pixels(*shots)):
            break
    return pixels, shots


def compare(browser: Browser, folder: Path, keep: Path | None) -> Iterator[Row]:
    """Yield the differing pixels of every theme, issue and width.

    `keep`: a folder for pictures of what differs.
    """
    cases = [
        (name, which, issue)
        for name in list_stock_themes()
        for which, issue in build_issues().items()
    ]
    drawn = [
        (load_theme([find_stock_templates() / "themes" / name]), issue) for name, _, issue in cases
    ]
    letters = [render(issue, theme, IMPRINT, nonce=NONCE) for theme, issue in drawn]
    peers = peer.render_with_npm(folder, [one.mjml for one in letters])
    for (name, which, _), (theme, issue), ours, theirs in zip(
        cases, drawn, letters, peers, strict=True
    ):
        if theirs.errors:
            yield Row(
                what=f"{name}, {which}",
                found=f"npm's mjml refuses our MJML: {theirs.errors[0]}",
                good=False,
            )
            continue
        rules = templates.render_template(
            theme.folders,
            CSS_TEMPLATE,
            build_context(issue, theme, IMPRINT, nonce=NONCE),
            language=ours.language,
        )
        other = css.inline_css(theirs.html, rules)
        share = len(ours.html.encode()) / len(other.encode())
        for width in WIDTHS:
            pixels, shots = compare_screenshots(browser, ours.html, other, width)
            if keep and pixels:
                for who, shot in zip(("ours", "npm"), shots, strict=True):
                    shot.save(keep / f"{name}-{which}-{width}-{who}.png".replace(" ", "-"))
            found = f"{pixels} pixels differ; ours has {share:.0%} of their bytes"
            yield Row(
                what=f"{name}, {which}, {width} px", found=found, bar="0 pixels", good=not pixels
            )


def try_examples(folder: Path) -> Iterator[Row]:
    """Yield what becomes of the examples of npm's packages.

    Each valid one is drawn, or refused with line and column.
    """
    found = peer.find_examples(folder)
    made = peer.render_with_npm(folder, [source for _, source in found])
    valid = [one for one, theirs in zip(found, made, strict=True) if not theirs.errors]
    drawn = 0
    for where, source in valid:
        problem = next(mjml.find_problems(source), None)
        if problem is not None:
            yield Row(
                what=where,
                found=f"refused at line {problem.line}, column {problem.column}: {problem.message}",
                good=None,
            )
            continue
        try:
            mjml.to_html(source)
            drawn += 1
        except RenderError as error:
            yield Row(
                what=where, found=str(error), bar="drawn, or refused with its place", good=False
            )
    yield Row(
        what=f"{len(found)} examples, {len(valid)} of them valid",
        found=f"{drawn} drawn",
        bar="all others refused with their place",
    )
