"""A newsletter's folder and the command line in it, as staff have them."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


class WorkspaceFolder:
    """A newsletter's folder, and the command line in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write_settings(self, port: int, more: str = "") -> None:
        """Write the settings: a mail server at this port of this machine."""
        text = SETTINGS.format(port=port) + more
        (self.folder / "newsletter.toml").write_text(text, encoding="utf-8")

    def write_issue(self, more: str = "", name: str = "2026-12") -> None:
        """Write an issue that nothing is wrong with."""
        (self.folder / "issues").mkdir(exist_ok=True)
        (self.folder / "issues" / f"{name}.md").write_text(
            ISSUE.format(more=more), encoding="utf-8"
        )

    def write_file(self, name: str, content: str, encoding: str = "utf-8") -> Path:
        """Write a file beside the settings."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode(encoding))
        return path

    def run(self, *arguments: str, answer: str = "", language: str = "C") -> Result:
        """Run a command in this process."""
        environ = {"LANG": language, "LC_ALL": None, "LANGUAGE": None, "LC_MESSAGES": None}
        return CliRunner(env=environ).invoke(
            main, ["-c", str(self.folder), *arguments], input=answer
        )

    def run_swedish(self, *arguments: str, answer: str = "") -> Result:
        """Run a command on a Swedish terminal."""
        return self.run(*arguments, answer=answer, language="sv_SE.UTF-8")

    def run_json(self, *arguments: str) -> Any:
        """Return what a command with --json says on a Swedish terminal: it isn't translated."""
        done = self.run_swedish(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
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
        """How many messages there are in each state; empty ones are left out."""
        found = json.loads(self.run("status", "2026-12", "--json").stdout)
        return {state: count for state, count in found["counts"].items() if count}


class CliWorkspace(WorkspaceFolder):
    """A newsletter with readers and a mail server."""

    def __init__(
        self, folder: Path, readers: int, smtp_script: Callable[[str, str, int], object]
    ) -> None:
        super().__init__(folder)
        self.readers = readers
        self.server = ScriptedServer(smtp_script)

    def create_files(self) -> None:
        """Write settings and issue, and import the readers."""
        self.write_settings(self.server.port)
        self.write_issue()
        lines = [
            f"reader{number}@d{number % 3}.example.org,Läsare {number}"
            for number in range(1, self.readers + 1)
        ]
        path = self.write_file("list.csv", "email,name\n" + "\n".join(lines))
        assert self.run("subscribers", "import", str(path)).exit_code == 0


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
