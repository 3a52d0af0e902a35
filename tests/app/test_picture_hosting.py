"""Pictures that lie with us, from the issue file to the page that shows them."""

import io
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from newsletter.app import open_workspace
from newsletter.app.checks import check_issue
from newsletter.app.issue_files import read_issue
from newsletter.app.picture_hosting import PictureInspection
from newsletter.app.rendering import render_issue
from newsletter.cli.init import SETTINGS_TEMPLATE
from newsletter.domain.finding import Level
from newsletter.web.public.app import create_app
from newsletter.web.public.site import PublicSite
from tests.cli.test_render import ISSUE

DEMO = Path(__file__).parents[2] / "templates" / "demo" / "blogg" / "bilder" / "bibliotek.jpg"
VALUES = {
    "title": "Nytt från regionen",
    "language": "sv",
    "timezone": "Europe/Stockholm",
    "sender": "Redaktionen <nyhetsbrev@example.org>",
    "postal_address": "Box 1",
    "public_url": "https://nyhetsbrev.example.org",
    "source": "blogg",
    "smtp_host": "smtp.example.org",
    "smtp_port": "25",
    "smtp_security": "none",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a newsletter whose posts are a folder of Markdown with a picture, and lie with us."""
    text = SETTINGS_TEMPLATE.format(
        **{name: value if name == "smtp_port" else f'"{value}"' for name, value in VALUES.items()}
    )
    text = text.replace(
        'url = "blogg"',
        'url = "blogg"\nkind = "markdown"\nlink = "https://blogg.example.org/{slug}/"',
    )
    (tmp_path / "newsletter.toml").write_text(
        text + '\n[pictures]\nhost = "ours"\n', encoding="utf-8"
    )
    (tmp_path / "blogg" / "bilder").mkdir(parents=True)
    shutil.copy(DEMO, tmp_path / "blogg" / "bilder" / "bibliotek.jpg")
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2026-12.md").write_text(ISSUE, encoding="utf-8")
    return tmp_path


def test_a_picture_of_a_markdown_post_is_shown_by_our_pages(folder: Path) -> None:
    """Scaled, with its size in the letter, served to any webmail, for ever.

    A changed file is another picture at once.
    """
    workspace = open_workspace(folder)
    issue = read_issue(workspace, "2026-12")
    html = render_issue(workspace, issue).html
    (name,) = [file.name for file in (folder / "pictures").glob("*.jpg")]
    assert f'src="https://nyhetsbrev.example.org/pictures/{name}"' in html
    assert "blogg.example.org/bilder" not in html
    assert not [
        one for one in check_issue(workspace, issue, links=False) if one.code.startswith("picture")
    ]
    with TestClient(
        create_app(PublicSite.from_workspace(workspace)), base_url="https://nyhetsbrev.example.org"
    ) as client:
        shown = client.get(f"/pictures/{name}")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert shown.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "immutable" in shown.headers["cache-control"]
        assert Image.open(io.BytesIO(shown.content)).width <= 1280
        assert client.get("/pictures/index.json").status_code == 404
        assert client.get("/pictures/..%2fnewsletter.toml").status_code == 404
    Image.new("RGB", (900, 300), "#0f5c4a").save(folder / "blogg" / "bilder" / "bibliotek.jpg")
    assert name not in render_issue(workspace, issue).html
    assert (folder / "pictures" / name).is_file()
    workspace.close()


def test_a_broken_picture_is_told_before_sending(folder: Path) -> None:
    """It stays at its source; the error stops the send."""
    (folder / "blogg" / "bilder" / "bibliotek.jpg").write_bytes(b"<html>404</html>")
    workspace = open_workspace(folder)
    issue = read_issue(workspace, "2026-12")
    assert "https://blogg.example.org/bilder/bibliotek.jpg" in render_issue(workspace, issue).html
    found = [
        (one.code, one.level)
        for one in check_issue(workspace, issue, links=False)
        if one.code.startswith("picture")
    ]
    assert found == [("picture-broken", Level.error)]
    workspace.close()


class _PictureHandler(BaseHTTPRequestHandler):
    """Answers with a heavy picture, a WebP, or a page that says that there is none."""

    def do_GET(self) -> None:
        file = io.BytesIO()
        if "heavy" in self.path:
            Image.effect_noise((1_400, 1_200), 90).convert("RGB").save(file, "JPEG", quality=95)
        elif "webp" in self.path:
            Image.new("RGB", (40, 30)).save(file, "WEBP")
        else:
            file.write(b"<html>gone</html>")
        self.send_response(200)
        self.send_header("content-length", str(file.tell()))
        self.end_headers()
        self.wfile.write(file.getvalue())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_heavy_picture_is_heavy_and_not_dead(folder: Path) -> None:
    """More than 1 MB works for readers; only what is no picture is broken."""
    settings = folder / "newsletter.toml"
    settings.write_text(
        settings.read_text("utf-8") + '\n[fetch]\nallow_hosts = ["127.0.0.1"]\n', encoding="utf-8"
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), _PictureHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    workspace = open_workspace(folder)
    inspection = PictureInspection(workspace)
    try:
        for name in ("heavy", "webp", "page"):
            inspection.inspect(f"{base}/{name}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        workspace.close()
    seen = {url.rpartition("/")[2]: one for url, one in inspection.inspected.items()}
    assert seen["heavy"].size_bytes > 1_000_000
    assert (seen["heavy"].is_mail_safe, seen["webp"].is_mail_safe) == (True, False)
    assert list(inspection.broken) == [f"{base}/page"]


def test_pictures_stay_at_their_source_if_nothing_is_said(folder: Path) -> None:
    """Nothing is fetched, no folder is made."""
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8").replace('host = "ours"', ""), encoding="utf-8")
    workspace = open_workspace(folder)
    assert (
        "https://blogg.example.org/bilder/bibliotek.jpg"
        in render_issue(workspace, read_issue(workspace, "2026-12")).html
    )
    assert not (folder / "pictures").exists()
    workspace.close()
