"""`newsletter theme new`: a copy that is used, holds what one changes.

Follows its stock theme in all else.
"""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli import main
from newsletter.cli.theme import EDITABLE_FILES
from newsletter.render.theme import list_stock_themes, load_theme
from newsletter.resources import find_stock_templates

STOCK = find_stock_templates() / "themes"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert CliRunner().invoke(main, ["init", str(tmp_path), "--yes"]).exit_code == 0
    return tmp_path


def run_command(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(folder), *words])


def test_init_copies_only_what_one_changes(folder: Path) -> None:
    """The templates stay with the program, and get better with it."""
    assert sorted(file.name for file in (folder / "themes" / "default").iterdir()) == sorted(
        EDITABLE_FILES
    )
    assert (
        load_theme([folder / "themes" / "default", STOCK / "default"]).palette
        == load_theme([STOCK / "default"]).palette
    )


@pytest.mark.parametrize("base", list_stock_themes())
def test_a_theme_of_ones_own_starts_from_a_stock_theme(folder: Path, base: str) -> None:
    """Its colours are its own, its templates those of the stock theme.

    And the letter is drawn in it.
    """
    made = run_command(folder, "theme", "new", "mitt", "--from", base)
    assert made.exit_code == 0, made.output
    assert 'name = "mitt"' in made.output
    own = folder / "themes" / "mitt"
    assert sorted(file.name for file in own.iterdir()) == sorted(EDITABLE_FILES)
    assert tomllib.loads((own / "theme.toml").read_text("utf-8"))["title"] == "mitt"
    palette = own / "palette.toml"
    palette.write_text(
        palette.read_text("utf-8").replace('heading = "#', 'heading = "#000000" # "', 1),
        encoding="utf-8",
    )
    theme = load_theme([own, STOCK / "mitt"])
    assert theme.palette.light["heading"] == "#000000"
    assert theme.folders == tuple(dict.fromkeys((own, STOCK / base, STOCK / "default")))


def test_a_full_copy_holds_every_template(folder: Path) -> None:
    """Also those that the plain theme takes from the default."""
    assert run_command(folder, "theme", "new", "mitt", "--from", "plain", "--full").exit_code == 0
    own = folder / "themes" / "mitt"
    assert {file.name for file in own.iterdir()} == {
        file.name for base in ("default", "plain") for file in (STOCK / base).iterdir()
    }
    assert (own / "parts.mjml.j2").read_text() == (STOCK / "plain" / "parts.mjml.j2").read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("../x",), "can't be a theme's name"),
        (("mitt", "--from", "fint"), "There are: default, plain"),
        (("default",), "already"),
    ],
)
def test_what_cannot_be_made_is_told(folder: Path, words: tuple[str, ...], says: str) -> None:
    """In a sentence; nothing is overwritten."""
    made = run_command(folder, "theme", "new", *words)
    assert made.exit_code == 1
    assert says in made.stderr
