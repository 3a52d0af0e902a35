"""How a letter's words are set, as its inlined styles say.

Size, weight, alignment, colour on which ground; inherited.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsletter.render.colour import MIN_TEXT_CONTRAST, compute_contrast, normalise_hex

#: Contrast that is enough for large letters, and what is large: pixels, and pixels of bold ones
#: (WCAG 2.2, 1.4.3).
MIN_LARGE_TEXT_CONTRAST, LARGE_TEXT_PX, LARGE_BOLD_TEXT_PX = 3.0, 24.0, 18.66
_DECLARATION = re.compile(r"(?:^|;)\s*(?P<name>[\w-]+)\s*:\s*(?P<value>[^;]*)")
_PX_LENGTH = re.compile(r"(\d+(?:\.\d+)?)px")
_BOLD_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "th"))
_BOLD_WEIGHT = re.compile(r"bold(?:er)?|[6-9]00", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedStyle:
    """How the words directly in an element are set."""

    tag: str = ""
    #: Pixels.
    font_size_px: float = 16.0
    is_bold: bool = False
    is_justified: bool = False
    is_hidden: bool = False
    #: #rrggbb; "": a name, a picture, something that isn't judged.
    colour: str = "#000000"
    background: str = "#ffffff"

    def for_child(self, tag: str, attributes: Mapping[str, str]) -> "ComputedStyle":
        """Return how an element within this one sets its words."""
        rules = {
            found["name"].lower(): found["value"].strip()
            for found in _DECLARATION.finditer(attributes.get("style", ""))
        }
        pixels = _PX_LENGTH.fullmatch(rules.get("font-size", ""))
        behind = (
            rules.get("background-color")
            or rules.get("background")
            or attributes.get("bgcolor", "")
        )
        return replace(
            self,
            tag=tag,
            font_size_px=float(pixels[1]) if pixels else self.font_size_px,
            is_bold=(
                bool(_BOLD_WEIGHT.fullmatch(rules["font-weight"]))
                if "font-weight" in rules
                else self.is_bold or tag in _BOLD_TAGS
            ),
            is_justified=rules["text-align"] == "justify"
            if "text-align" in rules
            else self.is_justified,
            is_hidden=self.is_hidden
            or rules.get("display") == "none"
            or rules.get("visibility") == "hidden",
            colour=(normalise_hex(rules["color"]) or "") if "color" in rules else self.colour,
            background=self._resolve_background(behind),
        )

    def _resolve_background(self, value: str) -> str:
        if not value or value in ("none", "transparent", "inherit"):
            return self.background
        return normalise_hex(value) or ""

    @property
    def low_contrast(self) -> float | None:
        """The contrast of letters and ground where it is too low to read them, else None."""
        if not self.colour or not self.background:
            return None
        is_large = self.font_size_px >= LARGE_TEXT_PX or (
            self.is_bold and self.font_size_px >= LARGE_BOLD_TEXT_PX
        )
        found = compute_contrast(self.colour, self.background)
        return (
            found if found < (MIN_LARGE_TEXT_CONTRAST if is_large else MIN_TEXT_CONTRAST) else None
        )
