"""What the JSON API takes: checked field by field, with a sentence for each mistake."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.public.api_fields import (
    ADDRESS_FIELDS,
    MAX_FIELD_CHARS,
    MAX_IDEMPOTENCY_KEY_CHARS,
    MAX_TAG_CHARS,
    MAX_TAGS,
    SIGN_UP_FIELDS,
    ApiError,
    ApiProblem,
    parse_fields,
    to_single_line,
)
from newsletter.web.public.openapi import build_openapi_document

EMAIL = {"email": "anna@example.org"}


def parse(value: object, allowed: frozenset[str] = SIGN_UP_FIELDS) -> dict[str, Any]:
    return parse_fields("application/json", json.dumps(value).encode(), allowed)


def refuse(value: object, allowed: frozenset[str] = SIGN_UP_FIELDS) -> ApiProblem:
    with pytest.raises(ApiError) as raised:
        parse(value, allowed)
    assert str(raised.value) == raised.value.problem.message
    return raised.value.problem


def test_all_fields_of_a_sign_up() -> None:
    """As they were sent."""
    value = EMAIL | {"name": "Anna", "language": "sv", "tags": ["a", "b"], "wording": "Ja"}
    assert parse(value) == value


@pytest.mark.parametrize(
    ("value", "allowed"),
    [
        ({}, SIGN_UP_FIELDS),
        ([], SIGN_UP_FIELDS),
        (None, SIGN_UP_FIELDS),
        ("anna@example.org", SIGN_UP_FIELDS),
        ({"email": None}, SIGN_UP_FIELDS),
        ({"email": ["anna@example.org"]}, SIGN_UP_FIELDS),
        (EMAIL | {"admin": True}, SIGN_UP_FIELDS),
        (EMAIL | {"name": "Anna"}, ADDRESS_FIELDS),
        (EMAIL | {"tags": []}, ADDRESS_FIELDS),
    ],
    ids=[
        "empty",
        "list",
        "null",
        "text",
        "no-address",
        "addresses",
        "unknown",
        "name-elsewhere",
        "tags-elsewhere",
    ],
)
def test_other_fields_are_refused(value: object, allowed: frozenset[str]) -> None:
    """The sentence lists those that there are."""
    problem = refuse(value, allowed)
    assert (problem.status, problem.error) == (422, "fields")
    assert problem.message.endswith(f"{', '.join(sorted(allowed))}.")


@pytest.mark.parametrize("name", sorted(MAX_FIELD_CHARS))
def test_each_text_has_its_length(name: str) -> None:
    """The bound itself is allowed."""
    limit = MAX_FIELD_CHARS[name]
    assert parse(EMAIL | {name: "x" * limit})[name] == "x" * limit
    problem = refuse(EMAIL | {name: "x" * (limit + 1)})
    assert (problem.status, problem.error) == (422, name)
    assert problem.message == f"{name} takes a text of up to {limit} characters."


@pytest.mark.parametrize("value", [3, None, ["x"], {"a": 1}, True, "\ud800"], ids=repr)
@pytest.mark.parametrize("name", ["name", "language", "wording"])
def test_what_is_no_text_is_refused(name: str, value: object) -> None:
    """A lone surrogate neither: no database could store it."""
    assert refuse(EMAIL | {name: value}).error == name


@pytest.mark.parametrize(
    ("tags", "is_good"),
    [
        ([], True),
        (["x"], True),
        (["x" * MAX_TAG_CHARS], True),
        (["x"] * MAX_TAGS, True),
        (["x"] * (MAX_TAGS + 1), False),
        (["x" * (MAX_TAG_CHARS + 1)], False),
        ([""], False),
        ([3], False),
        (["\udfff"], False),
        ("x", False),
        (None, False),
        ({"x": 1}, False),
    ],
    ids=[
        "none",
        "one",
        "long",
        "many",
        "too-many",
        "too-long",
        "empty",
        "number",
        "surrogate",
        "text",
        "null",
        "object",
    ],
)
def test_tags(tags: object, is_good: bool) -> None:
    """A list of so many texts, each of so many characters."""
    if is_good:
        assert parse(EMAIL | {"tags": tags})["tags"] == tags
        return
    problem = refuse(EMAIL | {"tags": tags})
    assert (problem.status, problem.error) == (422, "tags")
    assert problem.message == "tags takes up to 50 texts of 1 to 100 characters."


@pytest.mark.parametrize(
    ("content_type", "body", "status", "error"),
    [
        ("text/plain", b"{}", 415, "type"),
        ("", b"{}", 415, "type"),
        ("application/json", b"", 400, "json"),
        ("application/json", b"{", 400, "json"),
        ("application/json", b"\xff", 400, "json"),
        ("application/json", b"[" * 100_000, 400, "json"),
    ],
    ids=["form", "none", "empty", "half", "bytes", "deep"],
)
def test_what_is_no_json_is_refused(
    content_type: str, body: bytes, status: int, error: str
) -> None:
    """Before its fields are looked at."""
    with pytest.raises(ApiError) as raised:
        parse_fields(content_type, body, SIGN_UP_FIELDS)
    assert (raised.value.problem.status, raised.value.problem.error) == (status, error)


@given(st.text(max_size=50))
def test_a_line_is_a_line(text: str) -> None:
    """Nothing that breaks a header or can't be seen."""
    line = to_single_line(text)
    assert line.isprintable()
    assert line == line.strip()
    assert "  " not in line


def test_the_document_names_the_same_limits() -> None:
    """A client that keeps to the OpenAPI document is never refused for a length."""
    document = build_openapi_document("Nytt", "https://example.org", "1")
    operation = document["paths"]["/api/subscribers"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["properties"]) == SIGN_UP_FIELDS
    for name in ("name", "language", "wording"):
        assert schema["properties"][name]["maxLength"] == MAX_FIELD_CHARS[name]
    tags = schema["properties"]["tags"]
    assert (tags["maxItems"], tags["items"]["maxLength"]) == (MAX_TAGS, MAX_TAG_CHARS)
    (key,) = operation["parameters"]
    assert key["schema"]["maxLength"] == MAX_IDEMPOTENCY_KEY_CHARS


@pytest.mark.parametrize(
    ("path", "done"),
    [
        ("/api/subscribers", "202"),
        ("/api/subscribers/unsubscribe", "200"),
        ("/api/subscribers/status", "200"),
    ],
    ids=["subscribe", "unsubscribe", "status"],
)
def test_the_document_names_every_status(path: str, done: str) -> None:
    """As text, as OpenAPI wants them."""
    document = build_openapi_document("Nytt", "https://example.org", "1")
    responses = document["paths"][path]["post"]["responses"]
    refusals = {"400", "401", "409", "413", "415", "422", "429", "503"}
    assert set(responses) == {done} | refusals
    assert json.loads(json.dumps(document)) == document
