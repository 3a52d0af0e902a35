"""The pages of the folder `pages/`.

Made up for the tests, built as sites build them, and what is to be read from each.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class ExamplePage:
    """A page, and what is to be read from it."""

    name: str
    html: str
    language: str
    title: str
    #: How the article's own text begins: its lead or its first paragraph.
    opens: tuple[str, ...]
    #: Menus, banners, bylines, captions, other articles.
    never: tuple[str, ...]
    dated: date | None = None


def load_pages() -> list[ExamplePage]:
    """Return the pages that are articles."""
    expected = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
    return [
        ExamplePage(
            name=name, html=read_html(name), language=said["language"], title=said["title"],
            opens=tuple(said["opens"]), never=tuple(said["never"]), dated=said.get("date"),
        )
        for name, said in expected.items()
    ]  # fmt: skip


def read_html(name: str) -> str:
    """Return a page by its name."""
    return (FOLDER / f"{name}.html").read_text("utf-8")
