"""Say whether an attribute's value is of its kind, as elements.json names the kinds.

Unit(px,%){1,4}, color, enum(left,right).

mrml prints whatever stands there, and a client drops the rule.
"""

import re
from functools import cache

_COLOUR_VALUE = re.compile(r"#(?:[0-9a-f]{3}){1,2}|rgba?\([\d.,%\s]+\)|[a-z]+", re.IGNORECASE)
_TYPE_EXPRESSION = re.compile(r"(?P<name>\w+)(?:\((?P<of>[^)]*)\))?(?:\{1,(?P<most>\d)\})?")


def is_valid_value(value: str, type_name: str) -> bool:
    """Say whether a value is of a kind; "" is of every kind, and an unknown kind takes all."""
    return not value.strip() or bool(_compile_pattern(type_name).fullmatch(value.strip()))


def describe_type(type_name: str) -> str:
    """Return what a kind takes, for a person: "px, %", "left, right"."""
    found = _TYPE_EXPRESSION.fullmatch(type_name)
    of = (found["of"] or "") if found else ""
    return ", ".join(part for part in of.split(",") if part) or {
        "color": "#rrggbb",
        "boolean": "true, false",
        "integer": "1, 2, 3",
    }.get(type_name, type_name)


@cache
def _compile_pattern(type_name: str) -> re.Pattern[str]:
    found = _TYPE_EXPRESSION.fullmatch(type_name)
    name, of, most = (
        (found["name"], (found["of"] or "").split(","), found["most"] or "1")
        if found
        else ("string", [], "1")
    )
    match name:
        case "color":
            return _COLOUR_VALUE
        case "boolean":
            return re.compile("true|false", re.IGNORECASE)
        case "integer":
            return re.compile(r"\d+")
        case "enum":
            return re.compile("|".join(map(re.escape, of)))
        case "unit" | "unitWithNegative":
            units = "|".join(re.escape(unit) for unit in of if unit != "auto")
            sign = "-?" if name == "unitWithNegative" else ""
            auto = "|auto" if "auto" in of else ""
            one = rf"(?:{sign}\d*\.?\d+(?:{units})|0{auto})"
            return re.compile(rf"{one}(?:\s+{one}){{0,{int(most) - 1}}}")
    return re.compile(".*", re.DOTALL)
