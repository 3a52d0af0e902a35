"""Say whether an attribute's value is of its kind, as elements.json names the kinds.

Unit(px,%){1,4}, color, enum(left,right).

mrml prints whatever stands there, and a client drops the rule.
"""

import re
from functools import cache

_COLOUR = re.compile(r"#(?:[0-9a-f]{3}){1,2}|rgba?\([\d.,%\s]+\)|[a-z]+", re.IGNORECASE)
_KIND = re.compile(r"(?P<name>\w+)(?:\((?P<of>[^)]*)\))?(?:\{1,(?P<most>\d)\})?")


def fits(value: str, kind: str) -> bool:
    """Say whether a value is of a kind; "" is of every kind, and an unknown kind takes all."""
    return not value.strip() or bool(_pattern(kind).fullmatch(value.strip()))


def said(kind: str) -> str:
    """Return what a kind takes, for a person: "px, %", "left, right"."""
    found = _KIND.fullmatch(kind)
    of = (found["of"] or "") if found else ""
    return ", ".join(part for part in of.split(",") if part) or {
        "color": "#rrggbb",
        "boolean": "true, false",
        "integer": "1, 2, 3",
    }.get(kind, kind)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    found = _KIND.fullmatch(kind)
    name, of, most = (
        (found["name"], (found["of"] or "").split(","), found["most"] or "1")
        if found
        else ("string", [], "1")
    )
    match name:
        case "color":
            return _COLOUR
        case "boolean":
            return re.compile("true|false", re.IGNORECASE)
        case "integer":
            return re.compile(r"\d+")
        case "enum":
            return re.compile("|".join(map(re.escape, of)))
        case "unit" | "unitWithNegative":
            units = "|".join(re.escape(unit) for unit in of if unit != "auto")
            one = rf"(?:{'-?' if name == 'unitWithNegative' else ''}\d*\.?\d+(?:{units})|0{'|auto' if 'auto' in of else ''})"
            return re.compile(rf"{one}(?:\s+{one}){{0,{int(most) - 1}}}")
    return re.compile(".*", re.DOTALL)
