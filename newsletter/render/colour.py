"""Colours as #rrggbb, and how well they can be told apart (WCAG 2.2, 1.4.3)."""

import re

#: Contrast that text needs (WCAG 2.2 AA).
MIN_TEXT_CONTRAST = 4.5
_SIX_DIGIT_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_THREE_DIGIT_HEX = re.compile(r"#[0-9a-fA-F]{3}")


def normalise_hex(colour: str) -> str | None:
    """Return a colour as #rrggbb in small letters (Outlook reads no other form), or None."""
    if _THREE_DIGIT_HEX.fullmatch(colour):
        return "#" + "".join(digit * 2 for digit in colour[1:]).lower()
    return colour.lower() if _SIX_DIGIT_HEX.fullmatch(colour) else None


def _to_rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def compute_luminance(colour: str) -> float:
    """Return the relative luminance, 0.0 to 1.0 (WCAG 2.2, glossary)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _to_rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def compute_contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1.0 to 21.0."""
    lighter, darker = sorted((compute_luminance(one), compute_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Return the colour between two, with `share` (0.0 to 1.0) of the other."""
    return "#" + "".join(
        f"{round(a + (b - a) * share):02x}"
        for a, b in zip(_to_rgb(one), _to_rgb(other), strict=True)
    )


def adjust_to_contrast(
    colour: str, target: str, backgrounds: tuple[str, ...], min_contrast: float = MIN_TEXT_CONTRAST
) -> str:
    """Return the first colour between two that can be read on all grounds, at last the second."""
    for step in range(101):
        mixed = mix(colour, target, step / 100)
        if all(compute_contrast(mixed, ground) >= min_contrast for ground in backgrounds):
            return mixed
    return target
