"""A change comes from our own page's script, as JSON, and has an end."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from newsletter.web.preview.json_request import MAX_BODY_BYTES, read_json

OWN = {
    "host": "127.0.0.1:8026",
    "origin": "http://127.0.0.1:8026",
    "content-type": "application/json",
    "sec-fetch-site": "same-origin",
    "sec-fetch-dest": "empty",
}


def read(headers: dict[str, str], *chunks: bytes) -> dict[str, object]:
    waiting = list(chunks or (b"{}",))

    async def receive() -> Message:
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    raw = [(name.encode(), value.encode()) for name, value in headers.items() if value != "-"]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive)
    return asyncio.run(read_json(request))


def refuse(headers: dict[str, str], *chunks: bytes) -> int:
    with pytest.raises(HTTPException) as raised:
        read(headers, *chunks)
    return raised.value.status_code


def test_what_our_page_sends_is_read() -> None:
    """In one piece or in many."""
    assert read(OWN, b'{"issue": "2026-12"}') == {"issue": "2026-12"}
    assert read(OWN, b'{"issue"', b": ", b'"2026-12"}') == {"issue": "2026-12"}


@pytest.mark.parametrize(
    "more",
    [
        {"sec-fetch-site": "-"},
        {"sec-fetch-dest": "-"},
        {"content-type": "Application/JSON; charset=utf-8"},
        {"host": "LOCALHOST:8026", "origin": "http://localhost:8026"},
    ],
    ids=["old-browser", "no-dest", "charset", "case"],
)
def test_how_browsers_differ(more: dict[str, str]) -> None:
    """Browsers before 2023 send no Sec-Fetch-Site; Origin they all send."""
    assert read(OWN | more) == {}


@pytest.mark.parametrize(
    "more",
    [
        {"origin": "-"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8026"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://127.0.0.1:8026.evil.example"},
        {"origin": "http://evil.example"},
        {"host": "-"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-dest": "document"},
        {"sec-fetch-dest": "iframe"},
    ],
    ids=lambda more: "=".join(*more.items()),
)
def test_another_page_is_refused(more: dict[str, str]) -> None:
    """Cross-site request forgery, in all the ways that a browser tells of."""
    assert refuse(OWN | more) == 403


@pytest.mark.parametrize(
    "content_type", ["-", "", "text/plain", "multipart/form-data", "application/jsonx"]
)
def test_a_form_cant_send_it(content_type: str) -> None:
    """No form sends JSON, so none gets this far without the browser asking first."""
    assert refuse(OWN | {"content-type": content_type}) == 415


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"3", b'"x"', b"\xff", b"[" * 100_000],
    ids=["empty", "half", "list", "null", "number", "text", "bytes", "deep"],
)
def test_what_is_no_object_is_refused(body: bytes) -> None:
    """400, and never an error of ours."""
    assert refuse(OWN, body) == 400


@pytest.mark.parametrize(
    ("headers", "chunks"),
    [
        ({"content-length": str(MAX_BODY_BYTES + 1)}, (b"{}",)),
        ({}, (b" " * (MAX_BODY_BYTES + 1),)),
        ({}, (b" " * MAX_BODY_BYTES, b"{}", b"never read")),
        ({"content-length": "2"}, (b" " * MAX_BODY_BYTES, b"{}")),
    ],
    ids=["declared", "at-once", "in-chunks", "a-lie"],
)
def test_a_body_has_an_end(headers: dict[str, str], chunks: Sequence[bytes]) -> None:
    """Counted as it comes, whatever Content-Length says."""
    assert refuse(OWN | headers, *chunks) == 413


def test_a_body_of_just_that_size_is_read() -> None:
    """The bound itself is allowed."""
    assert read(OWN, b" " * (MAX_BODY_BYTES - 2) + b"{}") == {}


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3))
def test_any_object_is_read_as_it_was_sent(value: dict[str, object]) -> None:
    """Whatever its keys are."""
    assert read(OWN, json.dumps(value).encode()) == value
