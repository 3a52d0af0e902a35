"""What both of our sites do with HTTP headers."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

#: What no page of ours goes without (OWASP Secure Headers).
SHARED_SECURITY_HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def add_default_headers(send: Send, headers: Mapping[str, str]) -> Send:
    """Return a `send` that adds headers to a response, where it hasn't got its own."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = MutableHeaders(scope=message)
            for name, value in headers.items():
                there.setdefault(name, value)
        await send(message)

    return send_with_headers


def parse_media_type(content_type: str) -> str:
    """Return a Content-Type without its parameters: "text/html" (RFC 9110, 8.3)."""
    return content_type.partition(";")[0].strip().lower()
