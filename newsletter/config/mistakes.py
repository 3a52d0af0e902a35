"""Turn what pydantic says of wrong settings into sentences with key, line and cure."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from newsletter.config.settings import Settings
from newsletter.i18n import Phrase

KeyPath = tuple[int | str, ...]


def describe_mistake(details: ErrorDetails, lines: dict[KeyPath, int], file: str) -> Phrase:
    """Return one mistake as a sentence that begins with where it stands."""
    place = tuple(part for part in details["loc"] if not _is_type_name(part))
    key = to_dotted_key(place)
    line = _find_line(place, lines)
    what = _describe_cause(details, place, key)
    if line is None:
        return Phrase("{file}: {what}", file=file, what=what)
    return Phrase("{file}, line {line}: {what}", file=file, line=line, what=what)


def to_dotted_key(place: KeyPath) -> str:
    """Return a place as staff would say it: ("sources", 1, "url") → "sources[2].url"."""
    words = ""
    for part in place:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else str(part)
    return words


#: Pydantic's error types that need nothing but the key and what their context says.
_CAUSE_BY_TYPE: Mapping[str, Callable[[str, Mapping[str, Any]], Phrase]] = {
    "missing": lambda key, _: Phrase("{key} is missing. Add it.", key=key),
    "literal_error": lambda key, context: Phrase(
        "{key} must be {expected}.", key=key, expected=context["expected"]
    ),
    "greater_than_equal": lambda key, context: Phrase(
        "{key} must be at least {least}.", key=key, least=context["ge"]
    ),
    "less_than_equal": lambda key, context: Phrase(
        "{key} must be at most {most}.", key=key, most=context["le"]
    ),
    "too_short": lambda key, _: Phrase(
        "{key} is empty. Write something there, or remove it.", key=key
    ),
    "string_too_short": lambda key, _: Phrase(
        "{key} is empty. Write something there, or remove it.", key=key
    ),
    "string_pattern_mismatch": lambda key, _: Phrase(
        "{key} holds a character or a form that doesn't belong there.", key=key
    ),
    "string_type": lambda key, _: Phrase("{key} must be text in quotation marks.", key=key),
}
#: The same for families of types, by how their names begin.
_CAUSE_BY_FAMILY: Mapping[str, Phrase] = {
    "int_": Phrase("{key} must be a whole number."),
    "tuple": Phrase("{key} must be a list in square brackets."),
    "list": Phrase("{key} must be a list in square brackets."),
    "model": Phrase("{key} must be a table with settings of its own."),
}


def _describe_cause(details: ErrorDetails, place: KeyPath, key: str) -> Phrase:
    context: dict[str, Any] = details.get("ctx", {})
    kind = details["type"]
    if kind == "mistake":
        told: Phrase = context["phrase"]
        return Phrase("{key}: {cause}", key=key, cause=told) if key else told
    if kind == "extra_forbidden":
        return _describe_unknown_key(place, key)
    if kind in _CAUSE_BY_TYPE:
        return _CAUSE_BY_TYPE[kind](key, context)
    for family, cause in _CAUSE_BY_FAMILY.items():
        if kind.startswith(family):
            return Phrase(cause.text, key=key)
    return Phrase("{key} is wrong ({why}).", key=key, why=details["msg"])


def _describe_unknown_key(place: KeyPath, key: str) -> Phrase:
    near = get_close_matches(str(place[-1]), _list_known_keys(place[:-1]), n=1)
    if near:
        return Phrase(
            "{key} is not a setting. Did you mean {near}?",
            key=key,
            near=to_dotted_key((*place[:-1], near[0])),
        )
    return Phrase(
        "{key} is not a setting. Remove it, or look it up in docs/reference/settings.md.", key=key
    )


def _list_known_keys(place: KeyPath) -> list[str]:
    """Return the names of the settings that there are at a place."""
    model: type[BaseModel] | None = Settings
    for part in place:
        if model is None:
            return []
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        model = _find_model(field.annotation) if field else None
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _find_model(annotation: Any) -> type[BaseModel] | None:
    if get_origin(annotation) in (tuple, Union, UnionType):
        return next((found for part in get_args(annotation) if (found := _find_model(part))), None)
    return (
        annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    )


def _find_line(place: KeyPath, lines: dict[KeyPath, int]) -> int | None:
    """Return the line of a place, or of the table that it is missing from."""
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return None


def _is_type_name(part: int | str) -> bool:
    """Tell whether pydantic put in the name of a union's member."""
    return isinstance(part, str) and ("[" in part or part[:1].isupper())
