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

from newsletter.demo.sample_workspace import BLOG_URL
from newsletter.render.theme import list_stock_themes

PICTURES = Path(__file__).parent / "pictures"
#: Chromium's place on Debian, and what lets it run as root without a screen.
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
}
#: A page that shows two pictures beside each other, as on a table.
TABLE = """<!doctype html>
<body style="margin:0;background:#dfe4e1;display:flex;gap:48px;padding:48px;
align-items:flex-start;width:max-content">
<img src="{0}" width="640" style="border-radius:12px;box-shadow:0 6px 30px #0003">
<img src="{1}" width="300" style="border-radius:28px;border:10px solid #111;
box-shadow:0 6px 30px #0005"></body>"""
#: The same with three: light, dark, on a phone.
THREE = """<!doctype html>
<body style="margin:0;background:#dfe4e1;display:flex;gap:40px;padding:40px;
align-items:flex-start;width:max-content">
<img src="{0}" width="460" style="border-radius:10px;box-shadow:0 6px 30px #0003">
<img src="{1}" width="460" style="border-radius:10px;box-shadow:0 6px 30px #0005">
<img src="{2}" width="250" style="border-radius:26px;border:9px solid #111;
box-shadow:0 6px 30px #0005"></body>"""
#: As many teasers as let the whole letter be seen.
TEASERS = 5
#: What staff would add to the issue that compose wrote, to show what a theme can draw.
ADDED = """
## Kalendern

- 2026-11-14 kl. 11 Öppet hus i nya vårdcentralen, Granvik
- 2026-11-19 18:00 Frågestund om nattbussarna, Stadsbiblioteket, plan 2
- 30 november – 4 december Klimatveckan
"""


def main() -> None:
    """Make every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Path(folder) / "brev"
        subprocess.run(
            [sys.executable, "-m", "newsletter", "demo", workspace, "--no-serve"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        browser = playwright.chromium.launch(**CHROMIUM)
        picture_issue(browser, workspace)
        for theme in list_stock_themes():
            picture_theme(browser, workspace, theme)
        forget_the_sends(workspace)
        with previewed(workspace) as url:
            picture_preview(browser, url)
        browser.close()


def forget_the_sends(workspace: Path) -> None:
    """Make the second issue a draft again: one that was sent can't be changed in the preview."""
    for file in (*workspace.glob("newsletter.db*"), *workspace.glob("issues/2026-12.md*")):
        file.unlink()
    command = [
        sys.executable,
        "-m",
        "newsletter",
        "-c",
        workspace,
        "compose",
        "2026-12",
        "--since",
        "2026-11-01",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def previewed(workspace: Path) -> Iterator[str]:
    """Serve the preview of the second issue, and lend its address."""
    command = [
        sys.executable,
        "-u",
        "-m",
        "newsletter",
        "-c",
        workspace,
        "preview",
        "2026-12",
        "--no-open",
        "--port",
        "0",
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield next(
            word for line in server.stdout for word in line.split() if word.startswith("http://")
        )
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
    localise(out / "2026-11.html", out / "letter.html")
    for name, width, height, light in (
        ("desktop", 720, 1150, "light"),
        ("phone", 390, 844, "dark"),
    ):
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=light, device_scale_factor=2
        )
        page.goto((out / "letter.html").as_uri())
        page.screenshot(path=out / f"{name}.png")
    (out / "table.html").write_text(TABLE.format("desktop.png", "phone.png"), encoding="utf-8")
    table = browser.new_page(viewport={"width": 1180, "height": 1200})
    table.goto((out / "table.html").as_uri())
    table.locator("body").screenshot(path=PICTURES / "issue.png")


def picture_theme(browser: Browser, workspace: Path, theme: str) -> None:
    """Take the issue in a theme: light, dark, and on a phone."""
    out, settings, issue = (
        workspace / "out",
        workspace / "newsletter.toml",
        workspace / "issues" / "2026-11.md",
    )
    was, written = settings.read_text("utf-8"), issue.read_text("utf-8")
    settings.write_text(was.replace("[theme]", f'[theme]\nname = "{theme}"'), encoding="utf-8")
    notice = "> **Obs!** Växeln har stängt onsdag 11 november.\n\n## "
    first = "\n### ".join(written.split("\n### ")[: TEASERS + 1])
    issue.write_text(first.replace("## ", notice, 1) + ADDED, encoding="utf-8")
    file = out / f"{theme}.html"
    command = [
        sys.executable,
        "-m",
        "newsletter",
        "-c",
        workspace,
        "render",
        "2026-11",
        "--to",
        "reader@example.org",
        "-o",
        file,
    ]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    settings.write_text(was, encoding="utf-8")
    issue.write_text(written, encoding="utf-8")
    localise(file, file)
    shots = (
        ("light", 720, 3200, "light"),
        ("dark", 720, 3200, "dark"),
        ("phone", 390, 2300, "light"),
    )
    for name, width, height, light in shots:
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=light, device_scale_factor=1
        )
        page.goto(file.as_uri())
        # The page is as high as the window at least.
        page.set_viewport_size({"width": width, "height": 400})
        page.set_viewport_size(
            {
                "width": width,
                "height": min(height, page.evaluate("document.documentElement.scrollHeight")),
            }
        )
        page.screenshot(path=out / f"{theme}-{name}.png")
    (out / "table.html").write_text(
        THREE.format(*(f"{theme}-{name}.png" for name, *_ in shots)), encoding="utf-8"
    )
    table = browser.new_page(viewport={"width": 1400, "height": 2000})
    table.goto((out / "table.html").as_uri())
    table.locator("body").screenshot(path=PICTURES / f"theme-{theme}.png")


def localise(source: Path, target: Path) -> None:
    """Let a letter take its pictures from the demo's folder."""
    html = source.read_text(encoding="utf-8")
    html = html.replace(f"{BLOG_URL}/bilder/", "../blogg/bilder/").replace(
        "https://nyhetsbrev.example.org/logo.png", "../logo.png"
    )
    target.write_text(html, encoding="utf-8")


if __name__ == "__main__":
    main()
