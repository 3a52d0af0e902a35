"""A theme's colours, light and dark in one file, each pair checked when it is loaded."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import RenderError
from newsletter.render.colour import (
    MIN_TEXT_CONTRAST,
    adjust_to_contrast,
    compute_contrast,
    normalise_hex,
)

#: What a palette names, and what it is for.
COLOUR_ROLES: Mapping[str, str] = {
    "page": "behind the letter",
    "card": "the letter itself",
    "tint": "a panel within the letter",
    "line": "rules",
    "heading": "headings",
    "text": "text",
    "muted": "dates, small print",
    "accent": "links, button, bars",
    "on_accent": "text on the button",
}
#: (colour, ground) that stand on each other in a letter.
_CONTRAST_PAIRS = (
    *((name, "card") for name in ("heading", "text", "muted", "accent")),
    *((name, "tint") for name in ("heading", "text", "muted", "accent")),
    *((name, "page") for name in ("heading", "text", "muted")),
    ("on_accent", "accent"),
)
_ACCENT_BACKGROUNDS = ("card", "tint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours by name, #rrggbb, for light and for dark screens."""

    light: Mapping[str, str]
    dark: Mapping[str, str]


def load_palette(file: Path, *, accent: str | None = None) -> Palette:
    """Read palette.toml; an accent from the settings replaces the theme's, dark twin and all.

    Raises RenderError where a colour is missing, is none, or can't be read on its ground (with the
    figures).
    """
    try:
        read = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RenderError(
            "The palette {file} can't be read ({cause}).", file=file, cause=error
        ) from None
    light, dark = (_parse_colours(read.get(mode), mode, file) for mode in ("light", "dark"))
    where = file.name
    if accent:
        where = "theme.accent"
        light, dark = _apply_accent(light, dark, accent)
    for mode, colours in (("light", light), ("dark", dark)):
        _check_contrast(colours, mode, where)
    return Palette(light=light, dark=dark)


def _parse_colours(table: object, mode: str, file: Path) -> dict[str, str]:
    if not isinstance(table, dict):
        raise RenderError(
            "The palette {file} has no part [{mode}]. Write one, with the colours {names}.",
            file=file,
            mode=mode,
            names=", ".join(COLOUR_ROLES),
        )
    for name in table:
        if name not in COLOUR_ROLES:
            raise RenderError(
                "The palette {file} has an unknown colour {name}. There are: {names}.",
                file=file,
                name=name,
                names=", ".join(COLOUR_ROLES),
            )
    found = {}
    for name in COLOUR_ROLES:
        colour = normalise_hex(str(table.get(name, "")))
        if colour is None:
            raise RenderError(
                "The palette {file} needs {name} in [{mode}], as #rrggbb.",
                file=file,
                name=name,
                mode=mode,
            )
        found[name] = colour
    return found


def _apply_accent(
    light: dict[str, str], dark: dict[str, str], accent: str
) -> tuple[dict[str, str], dict[str, str]]:
    colour = normalise_hex(accent)
    if colour is None:
        raise RenderError(
            "theme.accent is no colour: {accent}. Write it as #rrggbb, #0f5c4a say.", accent=accent
        )
    lightened = adjust_to_contrast(
        colour, "#ffffff", tuple(dark[ground] for ground in _ACCENT_BACKGROUNDS), 7.0
    )
    return (
        {**light, "accent": colour, "on_accent": _pick_text_colour(colour)},
        {**dark, "accent": lightened, "on_accent": _pick_text_colour(lightened)},
    )


def _pick_text_colour(background: str) -> str:
    return max(("#ffffff", "#10201b"), key=lambda colour: compute_contrast(colour, background))


def _check_contrast(colours: Mapping[str, str], mode: str, where: str) -> None:
    for name, ground in _CONTRAST_PAIRS:
        found = compute_contrast(colours[name], colours[ground])
        if found < MIN_TEXT_CONTRAST:
            end = "#000000" if mode == "light" else "#ffffff"
            change = "accent" if ground == "accent" else name
            better = adjust_to_contrast(
                colours[change], end, tuple(colours[g] for n, g in _CONTRAST_PAIRS if n == change)
            )
            raise RenderError(
                "{where}: {name} {colour} on {ground} {behind} has a contrast of {found:.2f}"
                " on {mode} screens, "
                "and {enough} is needed to read it. Try {better}.",
                where=where, name=name, colour=colours[name], ground=ground, behind=colours[ground],
                found=found, mode=mode, enough=MIN_TEXT_CONTRAST, better=better,
            )  # fmt: skip
