"""What a letter costs and what others say of it.

Time, bytes, SpamAssassin's points, axe's violations.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from benchmarks.rows import Row
from newsletter.render import render
from newsletter.render.checks.spam import parse_report
from newsletter.render.theme import list_stock_themes, load_theme
from newsletter.resources import find_stock_templates
from tests.browser.test_rendered_issue import (
    AXE_OPTIONS,
    CLIENT_VIEWS,
    ISSUE_WITH_EVERYTHING,
    open_as_client,
)
from tests.render.example_issues import IMPRINT, NONCE, build_issue

#: Posts → milliseconds of the process's own time, warm, and bytes of HTML.
BARS = {10: (40, 60_000), 30: (60, 100_000)}
#: SpamAssassin's points.
MAX_SPAM_POINTS = 0.5


def measure_speed() -> Iterator[Row]:
    """Draw letters in each theme, thirty times each; the middle counts."""
    for name in list_stock_themes():
        theme = load_theme([find_stock_templates() / "themes" / name])
        for count, (milliseconds, size) in BARS.items():
            times = []
            for _ in range(30):
                start = time.process_time()
                rendered = render(build_issue(count), theme, IMPRINT, nonce=NONCE)
                times.append((time.process_time() - start) * 1000)
            middle, there = sorted(times)[15], len(rendered.html.encode())
            yield Row(
                what=f"{name}, {count} posts",
                found=f"{middle:.0f} ms, {there:,} bytes",
                bar=f"≤ {milliseconds} ms, ≤ {size:,} bytes",
                good=middle <= milliseconds and there <= size,
            )


def measure_spam() -> Iterator[Row]:
    """Ask SpamAssassin about the demo's first issue in each theme, without the network."""
    if shutil.which("spamassassin") is None:
        yield Row(
            what="SpamAssassin",
            found="isn't installed here (Debian: apt install spamassassin)",
            good=None,
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "brev"
        command = [sys.executable, "-m", "newsletter"]
        subprocess.run(
            [*command, "demo", workspace, "--no-serve"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        settings = workspace / "newsletter.toml"
        stock = settings.read_text("utf-8")
        for name in list_stock_themes():
            settings.write_text(
                stock.replace("[theme]", f'[theme]\nname = "{name}"'), encoding="utf-8"
            )
            mail = workspace / f"{name}.eml"
            drawing = [
                *command,
                "-c",
                workspace,
                "render",
                "2026-11",
                "--format",
                "eml",
                "-o",
                mail,
            ]
            subprocess.run(drawing, check=True, stderr=subprocess.DEVNULL)
            said = subprocess.run(
                ["spamassassin", "-L", "-t"],  # noqa: S607
                input=mail.read_bytes(),
                capture_output=True,
                check=True,
            )
            verdict = parse_report(said.stdout.decode("utf-8", "replace"))
            points = verdict.points if verdict else float("inf")
            rules = (
                ", ".join(f"{name} {cost}" for cost, name, _ in verdict.rules) if verdict else ""
            )
            yield Row(
                what=f"{name}, the demo's issue",
                found=f"{round(points, 1) + 0:.1f} points {rules}".strip(),
                bar=f"≤ {MAX_SPAM_POINTS} points",
                good=points <= MAX_SPAM_POINTS,
            )


def measure_accessibility(browser: Browser) -> Iterator[Row]:
    """Run axe on a letter with every part that there is, as clients show it.

    Rules about pages (region, landmarks) aside.
    """
    for name in list_stock_themes():
        wrong: dict[str, int] = {}
        for width, look in CLIENT_VIEWS:
            view = open_as_client(
                browser, ISSUE_WITH_EVERYTHING, width=width, look=look, theme=name
            )
            for violation in Axe().run(view, options=AXE_OPTIONS).response["violations"]:
                wrong[violation["id"]] = wrong.get(violation["id"], 0) + 1
            view.close()
        yield Row(
            what=f"{name}, {len(CLIENT_VIEWS)} views",
            found=f"{sum(wrong.values())} violations {', '.join(wrong)}".strip(),
            bar="0 violations",
            good=not wrong,
        )
