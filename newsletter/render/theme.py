"""Load a theme: a folder of MJML templates, a palette, a text template and theme.toml.

A theme in the workspace may hold only what it changes: what it lacks is taken from the stock theme
of its name, then from the stock theme that `base` in its theme.toml names, then from the default
theme.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.errors import RenderError
from newsletter.render.palette import Palette, load_palette
from newsletter.render.safe_text import sanitise_url
from newsletter.resources import find_stock_templates

#: The options of theme.toml and their kinds. Fonts are names without quotes: mrml and premailer
#: mind them.
OPTION_TYPES: Mapping[str, type] = {
    "heading_font": str,
    "text_font": str,
    "cards": int,
    "logo_height": int,
    "lead_width": int,
    "card_width": int,
}
_OPTION_BOUNDS = {
    "cards": (0, 100),
    "logo_height": (16, 200),
    "lead_width": (16, 1_000),
    "card_width": (16, 1_000),
}
_FONT_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,-_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What gives an issue its looks."""

    name: str
    #: Where its templates are looked for, in this order.
    folders: tuple[Path, ...]
    palette: Palette
    heading_font: str
    text_font: str
    #: How many teasers after the lead are shown as cards; later ones become a compact list.
    cards: int
    #: Pixels.
    logo_height: int
    #: The widest that pictures are shown, in pixels of CSS; a card's is as wide as the letter on a
    #: phone.
    lead_width: int
    card_width: int
    #: An https address, a path under public_url, or "": no logo.
    logo: str = ""


def load_theme(
    folders: Sequence[Path], *, accent: str | None = None, logo: str | None = None
) -> Theme:
    """Load the theme that the folders hold, the first that has a file wins.

    The stock default theme comes last.

    `accent` is a colour, #rrggbb; `logo` an https address or the name of a file that the public
    pages serve. Raises RenderError where a file is missing or wrong, or a text can't be read on its
    ground.
    """
    stock = find_stock_templates() / "themes"
    there = [folder for folder in folders if folder.is_dir()]
    searched = tuple(dict.fromkeys([*there, *_find_base_folders(there, stock), stock / "default"]))
    options = _load_options(searched)
    return Theme(
        name=folders[0].name if folders else "default",
        folders=searched,
        palette=load_palette(_find_file("palette.toml", searched), accent=accent),
        logo=_validate_logo(logo or ""),
        **options,
    )


def _find_file(name: str, folders: Sequence[Path]) -> Path:
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise RenderError("The theme has no {name}. Copy one from the default theme.", name=name)


def list_stock_themes() -> tuple[str, ...]:
    """Return the names of the themes that come with the program."""
    return tuple(
        sorted(
            folder.name
            for folder in (find_stock_templates() / "themes").iterdir()
            if (folder / "theme.toml").is_file()
        )
    )


def _find_base_folders(folders: Sequence[Path], stock: Path) -> list[Path]:
    found = []
    for folder in folders:
        file = folder / "theme.toml"
        base = _read_toml(file).get("base") if file.is_file() else None
        if base is None:
            continue
        if base not in list_stock_themes():
            raise RenderError(
                "{file}: there is no theme {base} to start from. There are: {names}.",
                file=file,
                base=base,
                names=", ".join(list_stock_themes()),
            )
        found.append(stock / str(base))
    return found


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RenderError("{file} can't be read ({cause}).", file=file, cause=error) from None


def _load_options(folders: Sequence[Path]) -> dict[str, Any]:
    """Return the options of all theme.toml, the first folder's on top."""
    found: dict[str, Any] = {}
    for folder in reversed(folders):
        file = folder / "theme.toml"
        if not file.is_file():
            continue
        read = _read_toml(file).get("options", {})
        if not isinstance(read, dict):
            raise RenderError(
                "{file}: there is no option {name}. There are: {names}.",
                file=file,
                name="options",
                names=", ".join(OPTION_TYPES),
            )
        found |= {name: _validate_option(name, value, file) for name, value in read.items()}
    for name in OPTION_TYPES:
        if name not in found:
            raise RenderError("The theme's theme.toml has no {name} in [options].", name=name)
    return found


def _validate_option(name: str, value: object, file: Path) -> object:
    if name not in OPTION_TYPES:
        raise RenderError(
            "{file}: there is no option {name}. There are: {names}.",
            file=file,
            name=name,
            names=", ".join(OPTION_TYPES),
        )
    if not isinstance(value, OPTION_TYPES[name]) or isinstance(value, bool):
        raise RenderError("{file}: {name} can't be {value}.", file=file, name=name, value=value)
    if isinstance(value, int) and not _OPTION_BOUNDS[name][0] <= value <= _OPTION_BOUNDS[name][1]:
        low, high = _OPTION_BOUNDS[name]
        raise RenderError(
            "{file}: {name} must be between {low} and {high}.",
            file=file,
            name=name,
            low=low,
            high=high,
        )
    if isinstance(value, str) and (not value or not set(value) <= _FONT_CHARS):
        raise RenderError(
            "{file}: write the fonts in {name} without quotes, with commas between.",
            file=file,
            name=name,
        )
    return value


def _validate_logo(logo: str) -> str:
    if "://" not in logo:
        return logo
    url = sanitise_url(logo)
    if url is None or not url.startswith("https://"):
        raise RenderError("theme.logo must be an https address or a file: {logo}", logo=logo)
    return url
