"""Make the pictures of README and docs from the demo's own issues: `make pictures`.

demo → preview, served → Chromium → docs/pictures/*.png
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from newsletter.demo.world import BLOG

PICTURES = Path(__file__).parent / "pictures"
#: Chromium's place on Debian, and what lets it run as root without a screen.
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]}
#: A page that shows two pictures beside each other, as on a table.
TABLE = """<!doctype html>
<body style="margin:0;background:#dfe4e1;display:flex;gap:48px;padding:48px;align-items:flex-start;width:max-content">
<img src="{0}" width="640" style="border-radius:12px;box-shadow:0 6px 30px #0003">
<img src="{1}" width="300" style="border-radius:28px;border:10px solid #111;box-shadow:0 6px 30px #0005"></body>"""


def main() -> None:
    """Make every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Path(folder) / "brev"
        subprocess.run([sys.executable, "-m", "newsletter", "demo", workspace, "--no-serve"], check=True, stdout=subprocess.DEVNULL)
        with previewed(workspace) as url:
            browser = playwright.chromium.launch(**CHROMIUM)
            picture_preview(browser, url)
            picture_issue(browser, workspace)
            browser.close()


@contextmanager
def previewed(workspace: Path) -> Iterator[str]:
    """Serve the preview of the first issue, and lend its address."""
    command = [sys.executable, "-u", "-m", "newsletter", "-c", workspace, "preview", "2026-11", "--no-open", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield next(word for line in server.stdout for word in line.split() if word.startswith("http://"))
    finally:
        server.terminate()
        server.wait()


def picture_preview(browser: Browser, url: str) -> None:
    """Take the preview as it opens."""
    page = browser.new_page(viewport={"width": 1512, "height": 860})
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "preview.png")


def picture_issue(browser: Browser, workspace: Path) -> None:
    """Take the issue on a desktop in the light and on a phone in the dark, beside each other."""
    out = workspace / "out"
    html = (out / "2026-11.html").read_text(encoding="utf-8")
    html = html.replace(f"{BLOG}/bilder/", "../blogg/bilder/").replace("https://nyhetsbrev.example.org/logo.png", "../logo.png")
    (out / "letter.html").write_text(html, encoding="utf-8")
    for name, width, height, light in (("desktop", 720, 1150, "light"), ("phone", 390, 844, "dark")):
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=light, device_scale_factor=2)
        page.goto((out / "letter.html").as_uri())
        page.screenshot(path=out / f"{name}.png")
    (out / "table.html").write_text(TABLE.format("desktop.png", "phone.png"), encoding="utf-8")
    table = browser.new_page(viewport={"width": 1180, "height": 1200})
    table.goto((out / "table.html").as_uri())
    table.locator("body").screenshot(path=PICTURES / "issue.png")


if __name__ == "__main__":
    main()
