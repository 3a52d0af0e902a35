"""A newsletter's folder and the command line in it, as staff have them."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from newsletter.cli import main
from tests.delivery.scripted_server import ScriptedServer
from tests.waiting import HANG_SECONDS

ROOT = Path(__file__).parents[2]
SETTINGS = """
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@example.org>"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"

[[sources]]
url = "posts"

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = 2
"""
ISSUE = """---
subject: Nytt i december
preheader: Tre nyheter från regionen, om bibliotek och bussar och cykelvägar
number: 12
date: 2026-12-01
language: sv
---

# Det händer i regionen

Hej! Här är månadens nyheter. Biblioteken öppnar på söndagar, och nattbussen kör hela vägen. {more}
"""


class CliWorkspace:
    """A newsletter's folder, and the command line in it."""

    def __init__(
        self, folder: Path, readers: int, smtp_script: Callable[[str, str, int], object]
    ) -> None:
        self.folder, self.readers = folder, readers
        self.server = ScriptedServer(smtp_script)

    def create_files(self) -> None:
        (self.folder / "issues").mkdir()
        (self.folder / "newsletter.toml").write_text(
            SETTINGS.format(port=self.server.port), encoding="utf-8"
        )
        self.write_issue()
        lines = [
            f"reader{number}@d{number % 3}.example.org,Läsare {number}"
            for number in range(1, self.readers + 1)
        ]
        (self.folder / "list.csv").write_text("email,name\n" + "\n".join(lines), encoding="utf-8")
        assert self.run("subscribers", "import", str(self.folder / "list.csv")).exit_code == 0

    def write_issue(self, more: str = "") -> None:
        (self.folder / "issues" / "2026-12.md").write_text(
            ISSUE.format(more=more), encoding="utf-8"
        )

    def run(self, *arguments: str, answer: str = "", language: str = "C") -> Result:
        environ = {"LANG": language, "LC_ALL": None, "LANGUAGE": None, "LC_MESSAGES": None}
        return CliRunner(env=environ).invoke(
            main, ["-c", str(self.folder), *arguments], input=answer
        )

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        outside = ("NEWSLETTER_", "LANG", "LC_", "PYTHON")
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith(outside)
        }
        command = [sys.executable, "-m", "newsletter", "-c", str(self.folder), *arguments]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        # as the test says
        return subprocess.Popen(command, cwd=ROOT, env=environ, text=True, **streams)  # type: ignore[call-overload,no-any-return]

    @property
    def counts(self) -> dict[str, int]:
        found = json.loads(self.run("status", "2026-12", "--json").stdout)
        return {state: count for state, count in found["counts"].items() if count}


def run_on_terminal(cli_workspace: CliWorkspace, typed: str, *arguments: str) -> tuple[str, int]:
    """Run a command on a terminal of its own, type the answers.

    Return what it showed and its exit code.
    """
    ours, theirs = pty.openpty()
    process = cli_workspace.start(
        *arguments, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux's way of saying that nobody is on the other side any more
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return shown.decode("utf-8", "replace"), process.wait(HANG_SECONDS)
