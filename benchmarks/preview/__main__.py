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

from tests.preview.served import newsletter

CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
#: Bars in milliseconds: every change is to be seen within half a second.
USUAL, SLOWEST = 250, 500
POSTS = 10
CHANGES = 20
#: Milliseconds between two changes: a person pauses, and what comes after the words (the checks) is
#: drawn.
PAUSE = 400
#: True once every frame that can be seen holds the words; the browser is asked with every picture
#: it paints.
SEEN = """words => {
  const frames = [...document.querySelectorAll(".screen iframe:not(.coming)")];
  return frames.length > 0 && frames.every((frame) => frame.contentDocument?.body?.textContent.includes(words)) && Date.now();
}"""
HELD = 'words => document.querySelector("#stage").textContent.includes(words) && Date.now()'


@contextmanager
def preview(folder: Path) -> Iterator[str]:
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


def seen_after(page: Page, prepare: Callable[[str], Callable[[], None]], condition: str) -> float:
    """Change something so that new words come, and return the milliseconds until they are on the screen."""
    words = f"Ny rubrik klockan {time.time_ns()}"
    change = prepare(words)
    began = time.time()
    change()
    shown = page.wait_for_function(condition, arg=words, polling="raf", timeout=10_000).json_value()
    page.wait_for_timeout(PAUSE)
    return float(shown) - began * 1000


def saved(file: Path) -> Callable[[str], Callable[[], None]]:
    """Return what changes the first teaser's heading in the file, as an editor does."""

    def prepare(words: str) -> Callable[[], None]:
        lines = file.read_text("utf-8").split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith("### ["))
        lines[at] = f"### [{words}](" + lines[at].partition("](")[2]
        return lambda: file.write_text("\n".join(lines), "utf-8") and None

    return prepare


def edited(page: Page) -> Callable[[str], Callable[[], None]]:
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
    condition: str = SEEN,
) -> list[float]:
    """Open a view and return how long each change took to be seen in it; the first one warms up."""
    page.goto(f"{url}?view={view}&issue=2026-12")
    page.wait_for_selector("#beside[data-version]")
    return [seen_after(page, prepare, condition) for _ in range(changes + 1)][1:]


def told(name: str, took: list[float]) -> bool:
    """Print a row; say whether its bars are reached."""
    good = median(took) <= USUAL and max(took) <= SLOWEST
    print(
        f"  {'ok ' if good else 'NO '} {name:28} median {median(took):4.0f} ms (≤ {USUAL}), slowest"
        f" {max(took):4.0f} ms (≤ {SLOWEST})"
    )
    return good


def main(arguments: list[str]) -> int:
    """Measure, print, and say by the exit code whether all is as it should be."""
    changes = int(arguments[0]) if arguments else CHANGES
    print(f"A change in the preview, {POSTS} posts, {changes} changes a view:")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        newsletter(folder, most=POSTS).close()
        with preview(folder) as url:
            browser = playwright.chromium.launch(**CHROMIUM)
            page = browser.new_page(viewport={"width": 1512, "height": 860})
            save = saved(folder / "issues" / "2026-12.md")
            reached = [
                told("side by side (three letters)", measure(page, url, "side", save, changes)),
                told("editing, file saved", measure(page, url, "edit", save, changes)),
                told("editing, edited here", measure(page, url, "edit", edited(page), changes)),
                told("text", measure(page, url, "text", save, changes, HELD)),
            ]
            browser.close()
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
