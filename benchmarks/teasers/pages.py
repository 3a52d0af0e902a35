"""Measure whole web pages: `python -m benchmarks.teasers.pages FOLDER [--show] [--write PAGE.md]`.

A page counts as right where its teaser opens with the article's own text. The folder holds pages
with that text beside them: `NAME.html` and `NAME.txt`, or `NAME/source.html` and
`NAME/expected.html` (as Mozilla's Readability keeps its tests); the whole text, for a teaser may
open with any of the first sentences. Other people's pages belong to them: none lie here.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.compose.summary.summarise import summarise
from newsletter.posts.clean import extract_blocks
from newsletter.posts.clean.tree import extract_all_text
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.pages.page import read_whole_page
from newsletter.posts.source_entries import normalise_language_tag

#: So many letters and digits of a teaser tell where it was taken from.
_OPENING = 40
#: Share of right pages at least.
BAR = 0.92

_PAGE = """# Teasers of whole web pages

Written by `python -m benchmarks.teasers.pages FOLDER --write docs/benchmarks/pages.md`.

| measure | bar | reached |
|---|---|--:|
| the teaser opens with the article's own text | ≥ {bar:.0%} | {right} of {count} ({share:.1%}) |
| pages without a teaser | | {empty} |
| seconds a page: median, longest | | {median:.2f}, {longest:.2f} |

{note}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """What came of a page."""

    name: str
    text: str
    is_right: bool
    seconds: float


def find_pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each page with the file that holds its article's text."""
    for page in sorted(folder.rglob("*.html")):
        for gold in (
            page.with_suffix(".txt"),
            page.with_name("expected.html") if page.name == "source.html" else None,
        ):
            if gold is not None and gold.is_file():
                yield page, gold


def measure_page(page: Path, gold: Path) -> PageResult:
    """Make a page's teaser as `newsletter teaser FILE` does, and compare."""
    began = time.perf_counter()
    html = decode(page.read_bytes())
    found = read_whole_page(html)
    title, content, spoken = (
        (found.title, found.content, found.language) if found else ("", html, "")
    )
    text = summarise(
        title, extract_blocks(content, title=title), language=normalise_language_tag(spoken) or "en"
    ).text
    seconds = time.perf_counter() - began
    own = decode(gold.read_bytes())
    expected = _keep_letters(extract_all_text(own) if gold.suffix == ".html" else own)
    opening = _keep_letters(text)[:_OPENING]
    return PageResult(
        name=str(page.parent.name if page.name == "source.html" else page.stem),
        text=text,
        is_right=bool(opening) and opening in expected,
        seconds=seconds,
    )


def _keep_letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def main(arguments: list[str]) -> int:
    """Measure, print, and say by the exit code whether the bar is reached."""
    named = [argument for argument in arguments if not argument.startswith("-")]
    if not named:
        print(__doc__)
        return 2
    seen = [measure_page(*pair) for pair in find_pairs(Path(named[0]))]
    if not seen:
        print(f"{named[0]} holds no page with its text beside it.")
        return 2
    for one in seen:
        if "--show" in arguments or not one.is_right:
            print(f"{'ok ' if one.is_right else 'NO '} {one.name}: {one.text[:160]}")
    right, seconds = sum(one.is_right for one in seen), [one.seconds for one in seen]
    values = {
        "right": right,
        "count": len(seen),
        "share": right / len(seen),
        "empty": sum(not one.text for one in seen),
        "median": statistics.median(seconds), "longest": max(seconds), "bar": BAR,
    }  # fmt: skip
    print(
        "{right} of {count} pages open with the article's own text ({share:.1%}, at least {bar:.0%}"
        " are wanted)".format(**values)
    )
    if "--write" in arguments:
        target = Path(named[1])
        note = (
            target.read_text(encoding="utf-8").partition("\n\n## ")[2] if target.is_file() else ""
        )
        target.write_text(
            _PAGE.format(**values, note=f"## {note.strip()}" if note else ""), encoding="utf-8"
        )
    return 0 if right / len(seen) >= BAR else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
