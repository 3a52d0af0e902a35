"""How a letter's words are set, as its inlined styles say.

Size, weight, alignment, colour on which ground; inherited.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsletter.render.colour import ENOUGH, contrast, six_digits

#: Contrast that is enough for large letters, and what is large: pixels, and pixels of bold ones
#: (WCAG 2.2, 1.4.3).
ENOUGH_LARGE, LARGE, LARGE_BOLD = 3.0, 24.0, 18.66
_RULE = re.compile(r"(?:^|;)\s*(?P<name>[\w-]+)\s*:\s*(?P<value>[^;]*)")
_PIXELS = re.compile(r"(\d+(?:\.\d+)?)px")
_BOLD = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "th"))
_HEAVY = re.compile(r"bold(?:er)?|[6-9]00", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the words directly in an element are set."""

    tag: str = ""
    #: Pixels.
    size: float = 16.0
    bold: bool = False
    justified: bool = False
    hidden: bool = False
    #: #rrggbb; "": a name, a picture, something that isn't judged.
    colour: str = "#000000"
    ground: str = "#ffffff"

    def within(self, tag: str, given: Mapping[str, str]) -> "Look":
        """Return how an element within this one sets its words."""
        rules = {
            found["name"].lower(): found["value"].strip()
            for found in _RULE.finditer(given.get("style", ""))
        }
        pixels = _PIXELS.fullmatch(rules.get("font-size", ""))
        behind = (
            rules.get("background-color") or rules.get("background") or given.get("bgcolor", "")
        )
        return replace(
            self,
            tag=tag,
            size=float(pixels[1]) if pixels else self.size,
            bold=(
                bool(_HEAVY.fullmatch(rules["font-weight"]))
                if "font-weight" in rules
                else self.bold or tag in _BOLD
            ),
            justified=rules["text-align"] == "justify" if "text-align" in rules else self.justified,
            hidden=self.hidden
            or rules.get("display") == "none"
            or rules.get("visibility") == "hidden",
            colour=(six_digits(rules["color"]) or "") if "color" in rules else self.colour,
            ground=self._ground(behind),
        )

    def _ground(self, behind: str) -> str:
        if not behind or behind in ("none", "transparent", "inherit"):
            return self.ground
        return six_digits(behind) or ""

    @property
    def contrast(self) -> float | None:
        """The contrast of letters and ground where it is too low to read them, else None."""
        if not self.colour or not self.ground:
            return None
        is_large = self.size >= LARGE or (self.bold and self.size >= LARGE_BOLD)
        found = contrast(self.colour, self.ground)
        return found if found < (ENOUGH_LARGE if is_large else ENOUGH) else None
