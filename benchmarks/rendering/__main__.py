"""Measure how letters are drawn: `python -m benchmarks.rendering [--keep FOLDER] [--write]`.

time and bytes of a letter | SpamAssassin | axe in Chromium | npm's mjml, pixel by pixel
    | the examples of npm's packages

`--keep` keeps pictures of what differs from npm's mjml, `--write` writes
docs/benchmarks/rendering.md. Ends with 1 where a bar is missed.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.rendering import compare, issue_metrics, peer
from benchmarks.rows import Part, Row, write_page

CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks" / "rendering.md"
LETTER = (
    "Warm, the middle of thirty; milliseconds of the process's own time, from the issue to HTML,"
    " text and MJML."
)
SPAM = "`spamassassin -L -t` (no network) on the demo's first issue, as one reader gets it."
AXE = (
    "axe-core on a letter with every part, as clients show it: light, dark, inverted at 320, 375"
    " and 800 px, and Outlook's own dark mode."
)
NPM = (
    "The MJML of our themes by mrml with our cures, and by npm's mjml {version}; the same inlined"
    " CSS; Chromium."
)
EXAMPLES = "Every MJML document in the READMEs of npm's packages, through our check and mrml."


def measure_parts(browser: Browser, keep: Path | None) -> Iterator[tuple[str, str, Iterator[Row]]]:
    """Yield heading, how it is measured, and the figures as they come."""
    yield "A letter", LETTER, issue_metrics.measure_speed()
    yield "Spam filter", SPAM, issue_metrics.measure_spam()
    yield "Accessibility", AXE, issue_metrics.measure_accessibility(browser)
    folder = peer.install()
    if folder is None:
        yield (
            "npm's mjml",
            "",
            iter([Row(what="npm", found="isn't here: nothing is compared", good=None)]),
        )
        return
    yield "npm's mjml", NPM.format(version=peer.VERSION), compare.compare(browser, folder, keep)
    yield "MJML by others", EXAMPLES, compare.try_examples(folder)


def main(arguments: list[str]) -> int:
    """Measure, print, and say by the exit code whether all is as it should be."""
    keep = Path(arguments[arguments.index("--keep") + 1]) if "--keep" in arguments else None
    found: list[Part] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        for title, how, rows in measure_parts(browser, keep):
            print(f"{title}. {how}")
            kept = []
            for row in rows:
                print(row, flush=True)
                kept.append(row)
            found.append(Part(title=title, how=how, rows=kept))
        browser.close()
    if "--write" in arguments:
        write_page(
            PAGE,
            found,
            version("newsletter"),
            heading="How letters are drawn: figures",
            group="rendering",
        )
    return 1 if any(row.good is False for part in found for row in part.rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
