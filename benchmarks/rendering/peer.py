"""npm's mjml, installed into a folder of its own outside the project."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

VERSION = "5.4.1"
FOLDER = (
    Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    / "newsletter-benchmarks"
    / f"mjml-{VERSION}"
)
SCRIPT = Path(__file__).parent / "npm.mjs"
_EXAMPLE = re.compile(r"^```(?:xml|html|mjml)?\s*\n(.*?<mjml.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmResult:
    """What npm's mjml makes of a source; `errors`: it isn't valid."""

    html: str
    errors: tuple[str, ...]


def install() -> Path | None:
    """Return the folder with npm's mjml, installing it if need be; None where there is no npm."""
    if not (shutil.which("npm") and shutil.which("node")):
        return None
    if not (FOLDER / "node_modules" / "mjml").is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", f"mjml@{VERSION}"],  # noqa: S607
            cwd=FOLDER,
            check=True,
        )
    return FOLDER


def render_with_npm(folder: Path, sources: Sequence[str]) -> list[NpmResult]:
    """Return what npm's mjml makes of each source."""
    shutil.copy(SCRIPT, folder / SCRIPT.name)
    said = subprocess.run(
        ["node", SCRIPT.name],  # noqa: S607
        cwd=folder,
        input=json.dumps(list(sources)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        NpmResult(html=one["html"], errors=tuple(one["errors"])) for one in json.loads(said.stdout)
    ]


def find_examples(folder: Path) -> list[tuple[str, str]]:
    """Return the MJML documents in the READMEs of npm's packages: (where, source)."""
    found = []
    for file in sorted((folder / "node_modules").glob("mjml*/README.md")):
        for number, source in enumerate(_EXAMPLE.findall(file.read_text("utf-8")), 1):
            whole = source[source.index("<mjml") :]
            found.append(
                (
                    f"{file.parent.name} {number}",
                    whole[: whole.rindex("</mjml>") + 7] if "</mjml>" in whole else whole,
                )
            )
    return found
