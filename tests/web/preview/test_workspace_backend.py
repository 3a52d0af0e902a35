"""A newsletter's folder, seen by the preview."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from newsletter.app import open_workspace
from newsletter.errors import IssueFileError, ServerError, SettingsError
from newsletter.web.preview.reloading_workspace import ReloadingWorkspace
from newsletter.web.preview.server import has_browser, listen
from newsletter.web.preview.workspace_backend import WorkspacePreviewBackend
from tests.waiting import HANG_SECONDS
from tests.web.preview.folder_backend import BLOG, ISSUE, PICTURES

SETTINGS = f"""
[newsletter]
title = "Nytt från regionen"
language = "sv"
from = "Redaktionen <nyhetsbrev@regionexempel.example.org>"
postal_address = "Region Exempelland, Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"
timezone = "Europe/Stockholm"

[[sources]]
url = {str(BLOG)!r}
kind = "markdown"
link = "https://blogg.example.org/{{slug}}/"

[theme]
logo = "logo.png"

[smtp]
host = "127.0.0.1"
port = 2525
security = "none"
"""


class PictureHandler(BaseHTTPRequestHandler):
    """A site with pictures, that counts how often it is asked."""

    request_count = 0

    def do_GET(self) -> None:
        type(self).request_count += 1
        self.send_response(200 if self.path == "/a.png" else 404)
        self.send_header("Content-Type", "image/png; charset=binary")
        self.end_headers()
        self.wfile.write(b"\x89PNG")

    def log_message(self, *arguments: object) -> None:
        """Stay quiet."""


@pytest.fixture
def picture_site() -> Iterator[str]:
    PictureHandler.request_count = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), PictureHandler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "newsletter.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "issues").mkdir()
    for name in ("2026-11", "2026-12"):
        (tmp_path / "issues" / f"{name}.md").write_text(ISSUE, "utf-8")
    (tmp_path / "logo.png").write_bytes((BLOG.parent / "logo.png").read_bytes())
    return tmp_path


@pytest.fixture
def clock_seconds() -> list[float]:
    return [0.0]


@pytest.fixture
def workspace_backend(
    folder: Path, clock_seconds: list[float]
) -> Iterator[WorkspacePreviewBackend]:
    file = folder / "newsletter.toml"
    workspace_backend = WorkspacePreviewBackend(
        ReloadingWorkspace(lambda: open_workspace(file), file),
        language="en",
        clock=lambda: clock_seconds[0],
    )
    yield workspace_backend
    workspace_backend.close()


def test_a_look_is_what_would_go_out(workspace_backend: WorkspacePreviewBackend) -> None:
    """The mail to a made-up reader, whose links lead nowhere, with what the checks say.

    No link was asked.
    """
    look = workspace_backend.render_preview("2026-12")
    assert workspace_backend.list_issue_names() == ["2026-12", "2026-11"]
    assert set(look.slot_values) >= set(look.rendered.slots)
    examined = workspace_backend.check_message(look)
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in examined.message
    assert "link-dead" not in {finding.code for finding in examined.findings}


def test_pictures_of_a_markdown_source_and_the_logo_come_from_disk(
    workspace_backend: WorkspacePreviewBackend,
) -> None:
    """They aren't on the web yet when the issue is written.

    Nothing outside their folders is shown.
    """
    shown = workspace_backend.load_picture(f"{PICTURES}bibliotek.jpg")
    assert shown
    assert (shown.content, shown.content_type) == (
        (BLOG / "bilder" / "bibliotek.jpg").read_bytes(),
        "image/jpeg",
    )
    logo = workspace_backend.load_picture("https://nyhetsbrev.example.org/logo.png")
    assert logo
    assert logo.content_type == "image/png"
    assert workspace_backend.load_picture("https://blogg.example.org/../names.txt") is None
    assert workspace_backend.load_picture("https://blogg.example.org/%2e%2e/logo.png") is None


def test_a_picture_in_a_private_network_is_not_fetched(
    workspace_backend: WorkspacePreviewBackend, picture_site: str
) -> None:
    """An issue that names an address of this machine learns nothing about it."""
    assert workspace_backend.load_picture(f"{picture_site}/a.png") is None
    assert PictureHandler.request_count == 0


def test_pictures_are_fetched_once_and_missing_ones_asked_again_later(
    folder: Path,
    workspace_backend: WorkspacePreviewBackend,
    picture_site: str,
    clock_seconds: list[float],
) -> None:
    """Each change draws three frames: the site isn't asked for that."""
    (folder / "newsletter.toml").write_text(
        SETTINGS + '\n[fetch]\nallow_hosts = ["127.0.0.1"]\n', "utf-8"
    )
    workspace_backend.render_preview("2026-12")
    for _ in range(3):
        shown = workspace_backend.load_picture(f"{picture_site}/a.png")
        assert shown
        assert shown.content_type == "image/png"
    assert PictureHandler.request_count == 1
    assert workspace_backend.load_picture(f"{picture_site}/b.png") is None
    assert workspace_backend.load_picture(f"{picture_site}/b.png") is None
    assert PictureHandler.request_count == 2
    clock_seconds[0] += 61
    assert workspace_backend.load_picture(f"{picture_site}/b.png") is None
    assert PictureHandler.request_count == 3


def test_settings_are_read_again_when_they_change(
    folder: Path, workspace_backend: WorkspacePreviewBackend
) -> None:
    """A mistake in them is told, and the issues can still be chosen; mended, the new ones hold."""
    file = folder / "newsletter.toml"
    assert "Nytt från regionen" in workspace_backend.render_preview("2026-12").rendered.html
    file.write_text(SETTINGS.replace("[theme]", "[teme]"), "utf-8")
    for _ in range(2):
        with pytest.raises(SettingsError):
            workspace_backend.render_preview("2026-12")
    assert workspace_backend.list_issue_names() == ["2026-12", "2026-11"]
    file.write_text(SETTINGS.replace("Nytt från regionen", "Regionens nyheter"), "utf-8")
    assert "Regionens nyheter" in workspace_backend.render_preview("2026-12").rendered.html


def test_what_can_change_a_look_is_watched(
    folder: Path, workspace_backend: WorkspacePreviewBackend
) -> None:
    """Settings, issues, an own theme that may come later, the logo."""
    watched = set(workspace_backend.list_watched_paths())
    assert {
        folder / "newsletter.toml",
        folder / "issues",
        folder / "themes" / "default",
        folder / "logo.png",
    } <= watched


def test_an_issue_that_vanishes_or_is_no_text_is_told(
    folder: Path, workspace_backend: WorkspacePreviewBackend
) -> None:
    """A sentence, not a crash; the source shows what can be shown."""
    (folder / "issues" / "2026-12.md").write_bytes(b"---\nsubject: \xff\xfe\n")
    with pytest.raises(IssueFileError):
        workspace_backend.render_preview("2026-12")
    assert "subject" in workspace_backend.read_source("2026-12")
    (folder / "issues" / "2026-12.md").unlink()
    with pytest.raises(IssueFileError):
        workspace_backend.render_preview("2026-12")
    assert workspace_backend.read_source("2026-12") == ""


def test_a_port_that_is_taken_is_told() -> None:
    """A sentence with a cure; without a wish, any free one is taken.

    Only this machine can reach it.
    """
    with listen(0) as taken:
        taken.listen()
        host, port = taken.getsockname()
        assert host == "127.0.0.1"
        with pytest.raises(ServerError, match="--port 0"):
            listen(port)
        with listen(None) as other:
            assert other.getsockname()[1] != port


@pytest.mark.parametrize(
    ("environ", "platform", "window"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "w"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_no_text_browser_is_opened_in_the_terminal(
    environ: dict[str, str], platform: str, window: bool
) -> None:
    """On a server without a screen, Python would start lynx in this very terminal."""
    assert has_browser(environ, platform) is window


def test_the_command_serves_until_it_is_ended(folder: Path) -> None:
    """It prints its address, answers there, and ends at Ctrl-C with exit code 0, no traceback."""
    command = [
        sys.executable,
        "-m",
        "newsletter",
        "-c",
        str(folder),
        "preview",
        "2026-11",
        "--no-open",
        "--port",
        "0",
    ]
    environ = {**os.environ, "LANG": "C", "LANGUAGE": "", "LC_ALL": "", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
        start_new_session=True,
    ) as served:
        assert served.stdout
        try:
            address = served.stdout.readline().split()[-1]
            assert httpx2.get(f"{address}issues").json() == ["2026-11", "2026-12"]
            with httpx2.stream("GET", f"{address}changes") as told:
                lines = told.iter_lines()
                assert next(line for line in lines if line.startswith("data")) == "data: 0"
                served.send_signal(signal.SIGINT)
                assert list(lines)[-1:] in ([], [""])
            _, complaints = served.communicate(timeout=HANG_SECONDS)
        finally:
            served.kill()
    assert (served.returncode, complaints) == (0, "")
