"""Measure the list and the pages.

`python -m benchmarks subscribers [--write] [--only import|storm|timing]`.

Prints each measure beside its bar, and ends with 1 where one is missed. `--write` keeps it in
docs/benchmarks/subscribers.md.
"""

import argparse
import datetime
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.subscribers import importing, storm, timing

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks" / "subscribers.md"
_INTRO = """# The list and the pages

Written by `python -m benchmarks subscribers --write`.
Measured: {day}; machine: {system}, {cores} cores, Python {python}.
{load}
"""
#: What is measured, by its name: a heading, what it is, and how.
PARTS = {
    "import": ("Import", importing.__doc__),
    "storm": ("Many leave at once while letters go out", storm.__doc__),
    "timing": ("Who is on the list can't be told by the clock", timing.__doc__),
}


def main(arguments: Sequence[str]) -> int:
    """Measure, print, maybe write, and say by the exit code whether every bar is reached."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks subscribers", description="Measure the list and the pages."
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the import")
    parser.add_argument("--readers", type=int, default=50_000, help="readers of the send")
    parser.add_argument("--storms", type=int, default=5, help="how often 200 leave at once")
    parser.add_argument(
        "--asked", type=int, default=1_000, help="addresses of each kind in each case"
    )
    parser.add_argument(
        "--only", choices=list(PARTS), action="append", help="this part only; nothing is written"
    )
    parser.add_argument("--write", action="store_true", help=f"write docs/benchmarks/{PAGE.name}")
    options = parser.parse_args(arguments)
    text, reached = [_render_intro()], True
    for name in options.only or PARTS:
        lines, good = _measure_part(name, options)
        text.append(_render_section(name, lines))
        reached &= good
    if options.write and not options.only:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text("\n".join(text), encoding="utf-8")
    return 0 if reached else 1


def _measure_part(name: str, options: argparse.Namespace) -> tuple[list[str], bool]:
    print(f"{PARTS[name][0]}:", flush=True)
    lines, reached = [], True
    if name == "import":
        imports = importing.measure(options.rows)
        if imports is None:
            print(
                "SQLite's shell isn't here (Debian, Ubuntu: apt install sqlite3): the import isn't"
                " measured."
            )
            return ["Not measured: SQLite's shell wasn't there."], True
        lines, reached = list(imports.describe()), imports.reached
    elif name == "storm":
        storms = storm.measure(options.readers, options.storms)
        lines, reached = list(storms.describe()), storms.reached
    else:
        for comparison in timing.measure(options.asked):
            lines.append(comparison.describe())
            reached &= comparison.reached
    print("\n".join(f"  {line}" for line in lines), flush=True)
    return lines, reached


def _render_intro() -> str:
    load = os.getloadavg()[0]
    words = (
        f"{load:.1f} processes wanted the processor when it began."
        if load > 0.5
        else "Nothing else ran."
    )
    today = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    return _INTRO.format(
        day=today,
        system=platform.system(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        load=words,
    )


def _render_section(name: str, lines: Sequence[str]) -> str:
    heading, doc = PARTS[name]
    return "\n".join([f"## {heading}", "", (doc or "").strip(), "", "```", *lines, "```", ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
