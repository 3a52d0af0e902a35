"""The made-up authority's workspace: its blog, its settings, and 1,000 readers who don't exist."""

import csv
import random
import shutil
import unicodedata
from pathlib import Path

from newsletter.resources import find_stock_templates

SUBSCRIBER_COUNT = 1_000
#: The one who unsubscribes on the way.
UNSUBSCRIBING_SUBSCRIBER = ("Astrid Ekström", "astrid.ekstrom@example.org")
#: Addresses that can't exist (RFC 2606).
EMAIL_DOMAINS = ("example.org", "example.com", "example.net", "kommun.example", "skola.example")
BLOG_URL = "https://blogg.example.org"

SETTINGS_TEMPLATE = """\
# Made by `newsletter demo`: a workspace like any other, to try things in.

[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@regionexempel.example.org>"
reply_to = "redaktionen@regionexempel.example.org"
postal_address = "Region Exempelland, Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"

# The blog's folder of Markdown; the demo reads the same posts as a feed first, and no post is
# announced twice.
[[sources]]
url = "blogg"
kind = "markdown"
link = "https://blogg.example.org/{{slug}}/"

[theme]
logo = "logo.png"

# The demo's own mail server: it takes every message and delivers none. It runs while
# `newsletter demo` runs.
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"

[web]
port = {web_port}
"""


def create_workspace(folder: Path, *, smtp_port: int, web_port: int) -> None:
    """Write the workspace into a folder that holds none yet."""
    demo = find_stock_templates() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(demo / "blogg", folder / "blogg", dirs_exist_ok=True)
    shutil.copy(demo / "logo.png", folder / "logo.png")
    (folder / "issues").mkdir(exist_ok=True)
    (folder / "newsletter.toml").write_text(
        SETTINGS_TEMPLATE.format(port=smtp_port, web_port=web_port), encoding="utf-8"
    )
    write_subscribers(folder / "subscribers.csv", demo / "names.txt")


def write_subscribers(file: Path, names: Path) -> None:
    """Write the list, the same every time.

    Most with a name, some with tags, a few who read English.
    """
    first, last = _read_names(names)
    chance = random.Random(2026)  # noqa: S311  # made-up people need no secrets
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(("email", "name", "language", "tags"))
        writer.writerow((UNSUBSCRIBING_SUBSCRIBER[1], UNSUBSCRIBING_SUBSCRIBER[0], "sv", ""))
        for number in range(1, SUBSCRIBER_COUNT):
            name = f"{chance.choice(first)} {chance.choice(last)}"
            address = f"{_to_local_part(name)}.{number}@{chance.choice(EMAIL_DOMAINS)}"
            tags = chance.choice(("", "", "", "press", "företag", "kommun", "skola,kommun"))
            writer.writerow(
                (
                    address,
                    name if chance.random() < 0.9 else "",
                    "en" if chance.random() < 0.05 else "sv",
                    tags,
                )
            )


def _read_names(file: Path) -> tuple[list[str], list[str]]:
    """Read first and last names: words under [first] and [last]."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            found.setdefault(section, []).extend(line.split())
    return found["first"], found["last"]


def _to_local_part(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return ".".join(letters.split())
