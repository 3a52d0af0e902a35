"""The fields that the JSON API takes: their limits, and how a body is checked against them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from newsletter.web.errors import Status
from newsletter.web.headers import parse_media_type

#: Longest values and most tags.
MAX_FIELD_CHARS = {"email": 1000, "name": 300, "language": 35, "wording": 2000}
MAX_TAGS, MAX_TAG_CHARS = 50, 100
MAX_IDEMPOTENCY_KEY_CHARS = 200
SIGN_UP_FIELDS = frozenset({*MAX_FIELD_CHARS, "tags"})
ADDRESS_FIELDS = frozenset({"email"})

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApiProblem:
    """Why nothing was done."""

    status: Status
    error: str
    message: str


class ApiError(Exception):
    """A request that is answered with a problem."""

    def __init__(self, status: Status, error: str, message: str) -> None:
        super().__init__(message)
        self.problem = ApiProblem(status, error, message)


def parse_fields(content_type: str, body: bytes, allowed: frozenset[str]) -> Fields:
    """Return what a body says, checked against the OpenAPI document. Raises ApiError."""
    if parse_media_type(content_type) != "application/json":
        raise ApiError(
            Status.unsupported_type, "type", "Send JSON, as Content-Type: application/json."
        )
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(Status.bad_request, "json", "The body isn't JSON.") from error
    if not _has_fields(fields, allowed):
        raise ApiError(
            Status.unprocessable,
            "fields",
            f"Send an object with email, and no more than: {', '.join(sorted(allowed))}.",
        )
    for name, value in fields.items():
        is_good, wanted = _CHECKS.get(name, _check_text(name))
        if not is_good(value):
            raise ApiError(Status.unprocessable, name, f"{name} takes {wanted}.")
    return fields  # type: ignore[no-any-return]  # JSON


def _has_fields(fields: object, allowed: frozenset[str]) -> bool:
    return (
        isinstance(fields, dict) and set(fields) <= allowed and isinstance(fields.get("email"), str)
    )


def _are_tags(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MAX_TAGS and all(map(_is_tag, value))


def _is_tag(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TAG_CHARS and _is_unicode(value)


def _check_text(name: str) -> tuple[Callable[[object], bool], str]:
    limit = MAX_FIELD_CHARS.get(name, 0)

    def is_text(value: object) -> bool:
        return isinstance(value, str) and len(value) <= limit and _is_unicode(value)

    return is_text, f"a text of up to {limit} characters"


#: How a field is checked, and what it takes, where it isn't a text.
_CHECKS: dict[str, tuple[Callable[[object], bool], str]] = {
    "tags": (_are_tags, f"up to {MAX_TAGS} texts of 1 to {MAX_TAG_CHARS} characters"),
}


def _is_unicode(value: str) -> bool:
    """Return True if a text holds no lone surrogate, which JSON may escape and nobody can store."""
    return value.encode("utf-8", "replace").decode() == value


def to_single_line(value: str) -> str:
    """Return a text without line breaks and what can't be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())
