"""Themes: what a folder may hold, and what is said when it is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import RenderError
from newsletter.render.colour import compute_contrast, mix, normalise_hex
from newsletter.render.palette import _CONTRAST_PAIRS, load_palette
from newsletter.render.theme import list_stock_themes, load_theme
from newsletter.resources import find_stock_templates

STOCK = find_stock_templates() / "themes" / "default"


@pytest.mark.parametrize(
    ("one", "other", "figure"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, figure: float) -> None:
    """Against figures of other tools."""
    assert (
        compute_contrast(one, other)
        == compute_contrast(other, one)
        == pytest.approx(figure, abs=0.01)
    )


@pytest.mark.parametrize("name", list_stock_themes())
def test_every_text_of_the_stock_themes_can_be_read(name: str) -> None:
    """4.5:1 at least, in light and in dark."""
    palette = load_theme([STOCK.parent / name]).palette
    for colours in (palette.light, palette.dark):
        assert (
            min(
                compute_contrast(colours[name], colours[ground]) for name, ground in _CONTRAST_PAIRS
            )
            >= 4.5
        )


def test_an_accent_that_cannot_be_read_is_refused_with_the_figures() -> None:
    """And with a colour that can be."""
    with pytest.raises(
        RenderError,
        match=(
            r"theme\.accent: accent #ffd400 on card #ffffff has a contrast of 1\.\d\d .* Try"
            r" #[0-9a-f]{6}"
        ),
    ) as caught:
        load_theme([STOCK], accent="#ffd400")
    better = str(caught.value).rsplit("Try ", 1)[1].rstrip(".")
    assert load_theme([STOCK], accent=better).palette.light["accent"] == better


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_gives_a_readable_letter_or_is_refused(number: int) -> None:
    """Dark screens get a lighter twin of it."""
    try:
        palette = load_palette(STOCK / "palette.toml", accent=f"#{number:06x}")
    except RenderError:
        assert (
            min(compute_contrast(f"#{number:06x}", ground) for ground in ("#ffffff", "#eaf2ee"))
            < 4.5
        )
        return
    assert compute_contrast(palette.dark["accent"], palette.dark["card"]) >= 4.5
    assert compute_contrast(palette.dark["on_accent"], palette.dark["accent"]) >= 4.5


def test_short_colours_become_long_ones() -> None:
    """Outlook reads six digits only."""
    assert normalise_hex("#0A5") == "#00aa55"
    assert normalise_hex("red") is None
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


def test_a_theme_of_ones_own_may_hold_only_what_it_changes(tmp_path: Path) -> None:
    """The rest comes from the stock theme."""
    (tmp_path / "theme.toml").write_text("[options]\ncards = 2\n")
    theme = load_theme([tmp_path, STOCK])
    assert (theme.cards, theme.logo_height) == (2, 56)
    assert theme.folders == (tmp_path, STOCK)
    assert load_theme([tmp_path / "missing"]).folders == (STOCK,)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("theme.toml", "[options]\ncolour = 1\n", "no option colour"),
        ("theme.toml", "[options]\ncards = -1\n", "between 0 and 100"),
        ("theme.toml", "[options]\ncards = true\n", "cards can't be True"),
        ("theme.toml", "[options]\ntext_font = \"'Times'\"\n", "without quotes"),
        ("theme.toml", "[options", "can't be read"),
        ("theme.toml", "options = 3", "no option options"),
        ("theme.toml", "base = 'fint'", "There are: default, plain"),
        ("theme.toml", "base = ['default']", "There are: default, plain"),
        ("palette.toml", "[light]\npage = '#fff'\n", r"needs card in \[light\]"),
        ("palette.toml", "[light]\nfoo = '#fff'\n", "unknown colour foo"),
        ("palette.toml", "light = 3\n", r"no part \[light\]"),
        ("palette.toml", "\x00", "can't be read"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, file: str, text: str, says: str) -> None:
    """The file, the thing and what may stand there."""
    (tmp_path / file).write_text(text)
    with pytest.raises(RenderError, match=says):
        load_theme([tmp_path, STOCK])


def test_a_logo_is_an_https_address_or_a_file() -> None:
    """An address over http would be blocked, any other scheme is no picture."""
    assert load_theme([STOCK], logo="logo.png").logo == "logo.png"
    assert (
        load_theme([STOCK], logo="https://www.example.org/l.png").logo
        == "https://www.example.org/l.png"
    )
    with pytest.raises(RenderError, match="https"):
        load_theme([STOCK], logo="http://www.example.org/l.png")
