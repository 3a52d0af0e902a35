"""A theme's colours: one file with the light and the dark ones, each pair checked when it is loaded."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import RenderError
from newsletter.render.colour import ENOUGH, contrast, six_digits, towards

#: What a palette names, and what it is for.
NAMES: Mapping[str, str] = {
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
_PAIRS = (
    *((name, "card") for name in ("heading", "text", "muted", "accent")),
    *((name, "tint") for name in ("heading", "text", "muted", "accent")),
    *((name, "page") for name in ("heading", "text", "muted")),
    ("on_accent", "accent"),
)
_GROUNDS = ("card", "tint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours by name, #rrggbb, for light and for dark screens."""

    light: Mapping[str, str]
    dark: Mapping[str, str]


def load_palette(file: Path, *, accent: str | None = None) -> Palette:
    """Read palette.toml; an accent from the settings replaces the theme's, its dark twin is made from it.

    Raises RenderError where a colour is missing, is none, or can't be read on its ground (with the
    figures).
    """
    try:
        read = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RenderError(
            "The palette {file} can't be read ({cause}).", file=file, cause=error
        ) from None
    light, dark = (_colours(read.get(mode), mode, file) for mode in ("light", "dark"))
    where = file.name
    if accent:
        where = "theme.accent"
        light, dark = _with_accent(light, dark, accent)
    for mode, colours in (("light", light), ("dark", dark)):
        _check(colours, mode, where)
    return Palette(light=light, dark=dark)


def _colours(read: object, mode: str, file: Path) -> dict[str, str]:
    if not isinstance(read, dict):
        raise RenderError(
            "The palette {file} has no part [{mode}]. Write one, with the colours {names}.",
            file=file,
            mode=mode,
            names=", ".join(NAMES),
        )
    for name in read:
        if name not in NAMES:
            raise RenderError(
                "The palette {file} has an unknown colour {name}. There are: {names}.",
                file=file,
                name=name,
                names=", ".join(NAMES),
            )
    found = {}
    for name in NAMES:
        colour = six_digits(str(read.get(name, "")))
        if colour is None:
            raise RenderError(
                "The palette {file} needs {name} in [{mode}], as #rrggbb.",
                file=file,
                name=name,
                mode=mode,
            )
        found[name] = colour
    return found


def _with_accent(
    light: dict[str, str], dark: dict[str, str], accent: str
) -> tuple[dict[str, str], dict[str, str]]:
    colour = six_digits(accent)
    if colour is None:
        raise RenderError(
            "theme.accent is no colour: {accent}. Write it as #rrggbb, #0f5c4a say.", accent=accent
        )
    lightened = towards(colour, "#ffffff", tuple(dark[ground] for ground in _GROUNDS), 7.0)
    return (
        {**light, "accent": colour, "on_accent": _readable_on(colour)},
        {**dark, "accent": lightened, "on_accent": _readable_on(lightened)},
    )


def _readable_on(ground: str) -> str:
    return max(("#ffffff", "#10201b"), key=lambda colour: contrast(colour, ground))


def _check(colours: Mapping[str, str], mode: str, where: str) -> None:
    for name, ground in _PAIRS:
        found = contrast(colours[name], colours[ground])
        if found < ENOUGH:
            end = "#000000" if mode == "light" else "#ffffff"
            change = "accent" if ground == "accent" else name
            better = towards(
                colours[change], end, tuple(colours[g] for n, g in _PAIRS if n == change)
            )
            raise RenderError(
                "{where}: {name} {colour} on {ground} {behind} has a contrast of {found:.2f} on {mode} screens, "
                "and {enough} is needed to read it. Try {better}.",
                where=where, name=name, colour=colours[name], ground=ground, behind=colours[ground],
                found=found, mode=mode, enough=ENOUGH, better=better,
            )  # fmt: skip
