"""Compare with npm's mjml: `python -m benchmarks.rendering [--keep FOLDER]`.

our MJML → mrml (with our cures) | npm's mjml → the same inlined CSS → Chromium at 375 and 800 pixels → pixels that differ
examples of npm's packages → valid there? → ours: drawn, or refused with line and column

Ends with 1 where a pixel differs, or an example is neither drawn nor refused.
"""

import dataclasses
import io
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Route, sync_playwright

from benchmarks.rendering import peer
from newsletter.domain.issue import Issue, Layout, Section
from newsletter.errors import RenderError
from newsletter.render import INLINE, css, mjml, render, templates
from newsletter.render.context import context
from newsletter.render.theme import load_theme, stock_themes
from newsletter.resources import stock_templates
from tests.render.letters import IMPRINT, NONCE, letter

PICTURES = stock_templates() / "demo" / "blogg" / "bilder"
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
WIDTHS = (375, 800)
#: Bars: milliseconds warm, and bytes.
BARS = {10: (40, 60_000), 30: (60, 100_000)}


def issues() -> dict[str, Issue]:
    """Return letters with every part that a theme has."""
    calendar = Section(
        title="Kalendern", text="- 2026-12-19 18:00 Öppet hus, Torget\n- 2026-12-26 [Konsert](https://example.org/k), Kyrkan"
    )
    listed = Section(title="Läs också", layout=Layout.list, teasers=letter(13).teasers[10:])
    whole = dataclasses.replace(letter(9), intro="> **Obs!** Växeln är stängd.\n\nHej!\n\n| a | b |\n|-|-|\n| 1 | 2 |")
    return {
        "ten posts": letter(10),
        "every part": dataclasses.replace(whole, sections=(*whole.sections, listed, calendar)),
        "no pictures": letter(5, pictures=False),
        "Arabic": letter(4, language="ar"),
    }


def answer(route: Route) -> None:
    """Give the demo's pictures; no request leaves the machine."""
    file = PICTURES / route.request.url.rsplit("/", 1)[1]
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.abort()


def seen(browser: Browser, html: str, width: int) -> Image.Image:
    """Return the letter as Chromium shows it."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="light")
    page.route("**/*", answer)
    page.set_content(html, wait_until="load")
    shot = page.screenshot(full_page=True)
    page.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def differing(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels differ; those that only one has count."""
    size = (max(one.width, other.width), max(one.height, other.height))
    first, second = (Image.new("RGB", size, "#ff00ff") for _ in range(2))
    first.paste(one)
    second.paste(other)
    grey = ImageChops.difference(first, second).convert("L")
    return size[0] * size[1] - grey.histogram()[0]


def fewest(browser: Browser, ours: str, other: str, width: int) -> tuple[int, list[Image.Image]]:
    """Return the differing pixels and the two pictures; a pair that differs is looked at again.

    Chromium scales a photograph a shade differently now and then, also between two looks at one page.
    """
    for _ in range(3):
        shots = [seen(browser, html, width) for html in (ours, other)]
        if not (pixels := differing(*shots)):
            break
    return pixels, shots


def compare(folder: Path, keep: Path | None) -> int:
    """Print the differing pixels of every theme, issue and width; return their number."""
    cases = [(name, which, issue) for name in stock_themes() for which, issue in issues().items()]
    drawn = [(load_theme([stock_templates() / "themes" / name]), issue) for name, _, issue in cases]
    letters = [render(issue, theme, IMPRINT, nonce=NONCE) for theme, issue in drawn]
    peers = peer.make(folder, [one.mjml for one in letters])
    total = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        for (name, which, _), (theme, issue), ours, theirs in zip(cases, drawn, letters, peers, strict=True):
            if theirs.errors:
                print(f"  NO  {name}, {which}: npm's mjml refuses our MJML: {theirs.errors[0]}")
                total += 1
                continue
            rules = templates.fill(theme.folders, INLINE, context(issue, theme, IMPRINT, nonce=NONCE), language=ours.language)
            other = css.inline(theirs.html, rules)
            for width in WIDTHS:
                pixels, shots = fewest(browser, ours.html, other, width)
                total += pixels
                size = len(ours.html.encode()) / len(other.encode())
                said = f"{name:8} {which:12} {width} px: {pixels} pixels differ; ours has {size:.0%} of their bytes"
                print(f"  {'NO ' if pixels else 'ok '} {said}")
                if keep and pixels:
                    for who, shot in zip(("ours", "npm"), shots, strict=True):
                        shot.save(keep / f"{name}-{which}-{width}-{who}.png".replace(" ", "-"))
        browser.close()
    return total


def try_examples(folder: Path) -> int:
    """Print what becomes of the examples of npm's packages; return how many are neither drawn nor refused with their place."""
    found = peer.examples(folder)
    valid = [
        (where, source)
        for (where, source), made in zip(found, peer.make(folder, [one for _, one in found]), strict=True)
        if not made.errors
    ]
    drawn, failed = 0, 0
    for where, source in valid:
        problem = next(mjml.problems(source), None)
        if problem is not None:
            print(f"  refused  {where}, line {problem.line}, column {problem.column}: {problem.message}")
            continue
        try:
            mjml.to_html(source)
            drawn += 1
        except RenderError as error:
            failed += 1
            print(f"  NO       {where}: {error}")
    refused = len(valid) - drawn - failed
    print(f"  {len(found)} examples, {len(valid)} of them valid: {drawn} drawn, {refused} refused with their place, {failed} failed")
    return failed


def speed() -> Iterator[bool]:
    """Print time and size of a letter, warm; yield whether each bar is reached."""
    for name in stock_themes():
        theme = load_theme([stock_templates() / "themes" / name])
        for count, (milliseconds, size) in BARS.items():
            times = []
            for _ in range(30):
                start = time.process_time()
                rendered = render(letter(count), theme, IMPRINT, nonce=NONCE)
                times.append((time.process_time() - start) * 1000)
            middle, there = sorted(times)[15], len(rendered.html.encode())
            good = middle <= milliseconds and there <= size
            print(f"  {'ok ' if good else 'NO '} {name:8} {count} posts: {middle:.0f} ms (≤ {milliseconds}), {there} bytes (≤ {size})")
            yield good


def main(arguments: list[str]) -> int:
    """Measure, print, and say by the exit code whether all is as it should be."""
    keep = Path(arguments[arguments.index("--keep") + 1]) if "--keep" in arguments else None
    print("A letter, drawn:")
    reached = all(list(speed()))
    folder = peer.install()
    if folder is None:
        print("npm isn't here: nothing is compared with npm's mjml.")
        return 0 if reached else 1
    print(f"npm's mjml {peer.VERSION}, our themes:")
    pixels = compare(folder, keep)
    print("The examples of npm's packages:")
    failed = try_examples(folder)
    return 0 if reached and not pixels and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
