"""Headers that both sites add, and media types that both read."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from newsletter.web.headers import (
    SHARED_SECURITY_HEADERS,
    add_default_headers,
    parse_media_type,
)
from newsletter.web.preview import middleware as preview
from newsletter.web.public import middleware as public


def send_through(response: PlainTextResponse, headers: dict[str, str]) -> dict[str, str]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    asyncio.run(response({"type": "http"}, receive, add_default_headers(send, headers)))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_headers_are_added() -> None:
    """To whatever a page has of its own."""
    there = send_through(PlainTextResponse("ok"), {"x-frame-options": "DENY"})
    assert there["x-frame-options"] == "DENY"
    assert there["content-type"] == "text/plain; charset=utf-8"


def test_a_page_keeps_its_own_header() -> None:
    """A picture that may be kept for long says so itself."""
    response = PlainTextResponse("ok", headers={"Cache-Control": "public"})
    assert send_through(response, {"cache-control": "no-store"})["cache-control"] == "public"


@pytest.mark.parametrize("site", [preview, public], ids=["preview", "public"])
def test_both_sites_keep_links_secret(site: object) -> None:
    """No referrer, no cache, nothing sniffed, and a policy that begins with nothing."""
    headers = site.SECURITY_HEADERS  # type: ignore[attr-defined]  # of each of the two modules
    assert headers.items() >= SHARED_SECURITY_HEADERS.items()
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("content_type", "media_type"),
    [
        ("text/html", "text/html"),
        ("Text/HTML; charset=utf-8", "text/html"),
        ("application/json ;charset=utf-8", "application/json"),
        ("image/png;", "image/png"),
        ("", ""),
        (";", ""),
    ],
    ids=["plain", "parameter", "space", "semicolon", "empty", "nothing"],
)
def test_a_media_type_without_its_parameters(content_type: str, media_type: str) -> None:
    """RFC 9110, 8.3.1: case doesn't count."""
    assert parse_media_type(content_type) == media_type
