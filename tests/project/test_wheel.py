"""The wheel works where the clone isn't."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment with the wheel and what it needs, away from the clone."""
    folder = tmp_path_factory.mktemp("outside")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    site = folder / "venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    (wheel,) = folder.glob("*.whl")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, wheel],
        check=True,
        capture_output=True,
    )
    # The libraries of this environment, whose own editable newsletter a .pth in a .pth doesn't
    # bring along.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def run_newsletter(wheel_folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "NEWSLETTER_", "LANG", "LC_"))
    }
    return subprocess.run(
        [wheel_folder / "venv" / "bin" / "python", "-m", "newsletter", *arguments],
        cwd=wheel_folder,
        env=environ,
        capture_output=True,
        text=True,
    )


def test_the_wheel_renders_an_issue(wheel_folder: Path) -> None:
    """Templates, catalogues and the demo's posts come with it.

    Init, compose and render work without the clone.
    """
    where = run_newsletter(wheel_folder, "--version")
    assert "newsletter, version" in where.stdout
    blog = wheel_folder / "blogg"
    blog.mkdir()
    (blog / "2024-11-24-sondag.md").write_text(
        "---\ntitle: Biblioteken öppnar på söndagar\n---\n\nFrån och med januari håller fyra"
        " bibliotek öppet alla dagar i veckan. Försöket pågår i ett år och följs av forskare vid"
        " högskolan.\n",
        encoding="utf-8",
    )
    made = run_newsletter(wheel_folder, "init", "brev", "--yes", "--source", str(blog))
    assert made.returncode == 0, made.stderr
    config = ("-c", str(wheel_folder / "brev"))
    composed = run_newsletter(wheel_folder, *config, "compose", "2026-12")
    assert composed.returncode == 0, composed.stderr
    rendered = run_newsletter(wheel_folder, *config, "render", "2026-12", "--format", "html")
    assert rendered.returncode == 0, rendered.stderr
    assert "Biblioteken öppnar på söndagar" in rendered.stdout
    assert "<!DOCTYPE html>" in rendered.stdout
    assert str(ROOT) not in rendered.stdout
