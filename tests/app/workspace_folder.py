"""A newsletter's folder with the fewest settings, for tests of what is made of them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.app.workspace import Workspace, open_workspace

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
NEWSLETTER_SETTINGS = """
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "nyhetsbrev@example.org"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"
"""
OTHER_SETTINGS = """
[[sources]]
url = "https://blogg.example.org/feed/"
[smtp]
host = "smtp.example.org"
"""
ISSUE_TEXT = """---
subject: Nytt i december
language: sv
---

# Nytt i december

En kort inledning.

## Nyheter

### [Biblioteket öppnar](https://blogg.example.org/biblioteket)

Det öppnar på måndag klockan nio.
"""


def write_workspace(folder: Path, *, newsletter: str = "", more: str = "") -> Path:
    """Write newsletter.toml and one issue; return the settings file."""
    (folder / "issues").mkdir(parents=True, exist_ok=True)
    (folder / "issues" / "2026-12.md").write_text(ISSUE_TEXT, encoding="utf-8")
    file = folder / "newsletter.toml"
    file.write_text(NEWSLETTER_SETTINGS + newsletter + OTHER_SETTINGS + more, encoding="utf-8")
    return file


OpenWorkspace = Callable[..., Workspace]


@pytest.fixture
def open_in_folder(tmp_path: Path) -> Iterator[OpenWorkspace]:
    """Open workspaces in one folder, with more settings of [newsletter] or after [smtp]."""
    opened: list[Workspace] = []

    def open_with(newsletter: str = "", more: str = "") -> Workspace:
        opened.append(open_workspace(write_workspace(tmp_path, newsletter=newsletter, more=more)))
        return opened[-1]

    yield open_with
    for workspace in opened:
        workspace.close()
