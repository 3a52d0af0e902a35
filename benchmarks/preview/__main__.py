"""Measure how soon a change is seen in the preview: `python -m benchmarks.preview [changes]`.

newsletter preview (the real command, ten posts with pictures) → Chromium → save the file → the new
words are on the screen

Measured from the write of the file (or the key that saves, for what is edited in the page) to the
frames that show the new words. Ends with 1 where a median or the slowest change misses its bar.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.web.preview.served_preview import create_workspace

CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
#: Bars in milliseconds: every change is to be seen within half a second.
MEDIAN_BAR_MS, SLOWEST_BAR_MS = 250, 500
POST_COUNT = 10
CHANGE_COUNT = 20
#: Milliseconds between two changes: a person pauses, and what comes after the words (the checks) is
#: drawn.
PAUSE_MS = 400
#: True once every frame that can be seen holds the words; the browser is asked with every picture
#: it paints.
FRAMES_HOLD_WORDS = """words => {
  const frames = [...document.querySelectorAll(".screen iframe:not(.coming)")];
  const shown = (frame) => frame.contentDocument?.body?.textContent.includes(words);
  return frames.length > 0 && frames.every(shown) && Date.now();
}"""
STAGE_HOLDS_WORDS = (
    'words => document.querySelector("#stage").textContent.includes(words) && Date.now()'
)


@contextmanager
def run_preview(folder: Path) -> Iterator[str]:
    """Run the command until the measuring is done; give its address."""
    command = [
        sys.executable,
        "-m",
        "newsletter",
        "-c",
        str(folder),
        "preview",
        "--no-open",
        "--port",
        "0",
    ]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert running.stdout
    yield next(line for line in running.stdout if "http://" in line).split()[-1]
    running.terminate()
    running.wait(10)


def measure_until_seen(
    page: Page, prepare: Callable[[str], Callable[[], None]], condition: str
) -> float:
    """Change something, and return the milliseconds until the new words are on the screen."""
    words = f"Ny rubrik klockan {time.time_ns()}"
    change = prepare(words)
    began = time.time()
    change()
    shown = page.wait_for_function(condition, arg=words, polling="raf", timeout=10_000).json_value()
    page.wait_for_timeout(PAUSE_MS)
    return float(shown) - began * 1000


def build_file_edit(file: Path) -> Callable[[str], Callable[[], None]]:
    """Return what changes the first teaser's heading in the file, as an editor does."""

    def prepare(words: str) -> Callable[[], None]:
        lines = file.read_text("utf-8").split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith("### ["))
        lines[at] = f"### [{words}](" + lines[at].partition("](")[2]
        return lambda: file.write_text("\n".join(lines), "utf-8") and None

    return prepare


def build_page_edit(page: Page) -> Callable[[str], Callable[[], None]]:
    """Return what changes it in the page, up to the key that saves."""

    def prepare(words: str) -> Callable[[], None]:
        page.locator(".part.is-teaser-title button").first.click()
        page.locator(".part.is-teaser-title textarea").fill(words)
        return lambda: page.keyboard.press("Enter")

    return prepare


def measure(
    page: Page,
    url: str,
    view: str,
    prepare: Callable[[str], Callable[[], None]],
    changes: int,
    condition: str = FRAMES_HOLD_WORDS,
) -> list[float]:
    """Open a view and return how long each change took to be seen in it; the first one warms up."""
    page.goto(f"{url}?view={view}&issue=2026-12")
    page.wait_for_selector("#beside[data-version]")
    return [measure_until_seen(page, prepare, condition) for _ in range(changes + 1)][1:]


def print_result(name: str, took: list[float]) -> bool:
    """Print a row; say whether its bars are reached."""
    good = median(took) <= MEDIAN_BAR_MS and max(took) <= SLOWEST_BAR_MS
    print(
        f"  {'ok ' if good else 'NO '} {name:28}"
        f" median {median(took):4.0f} ms (≤ {MEDIAN_BAR_MS}), slowest"
        f" {max(took):4.0f} ms (≤ {SLOWEST_BAR_MS})"
    )
    return good


def main(arguments: list[str]) -> int:
    """Measure, print, and say by the exit code whether all is as it should be."""
    changes = int(arguments[0]) if arguments else CHANGE_COUNT
    print(f"A change in the preview, {POST_COUNT} posts, {changes} changes a view:")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        create_workspace(folder, max_posts=POST_COUNT).close()
        with run_preview(folder) as url:
            browser = playwright.chromium.launch(**CHROMIUM)
            page = browser.new_page(viewport={"width": 1512, "height": 860})
            save = build_file_edit(folder / "issues" / "2026-12.md")
            reached = [
                print_result(
                    "side by side (three letters)", measure(page, url, "side", save, changes)
                ),
                print_result("editing, file saved", measure(page, url, "edit", save, changes)),
                print_result(
                    "editing, edited here",
                    measure(page, url, "edit", build_page_edit(page), changes),
                ),
                print_result("text", measure(page, url, "text", save, changes, STAGE_HOLDS_WORDS)),
            ]
            browser.close()
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
