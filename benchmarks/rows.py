"""Figures beside their bars, printed and written as a page of the documents."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure."""

    #: What was measured, "default, 10 posts".
    what: str
    #: "17 ms, 42,247 bytes".
    found: str
    #: "≤ 40 ms, ≤ 60,000 bytes".
    bar: str = ""
    #: None: told, not judged.
    good: bool | None = True

    def __str__(self) -> str:
        sign = {True: "ok ", False: "NO ", None: "   "}[self.good]
        return f"  {sign} {self.what}: {self.found}{f' ({self.bar})' if self.bar else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Figures of one kind, under a heading."""

    title: str
    #: How they were got.
    how: str
    rows: Sequence[Row]


def render_page(parts: Sequence[Part], version: str, *, heading: str, group: str) -> str:
    """Return the figures as Markdown.

    `group`: the one of `python -m benchmarks` that writes them.
    """
    lines = [f"# {heading}", "", f"<!-- Written by: python -m benchmarks {group} --write -->", ""]
    lines.append(
        f"newsletter {version}, Python {platform.python_version()}, {platform.system()}. The same"
        " command measures again."
    )
    for part in parts:
        lines += [
            "",
            f"## {part.title}",
            "",
            part.how,
            "",
            "| | found | bar | |",
            "|---|---|---|---|",
        ]
        signs = {True: "reached", False: "**missed**", None: ""}
        lines += [
            f"| {row.what} | {row.found.replace('|', '&#124;')} | {row.bar} | {signs[row.good]} |"
            for row in part.rows
        ]
    return "\n".join(lines) + "\n"


def write_page(
    file: Path, parts: Sequence[Part], version: str, *, heading: str, group: str
) -> None:
    """Write the page."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render_page(parts, version, heading=heading, group=group), encoding="utf-8")
