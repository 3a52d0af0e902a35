"""Stand before every page: the right host, not too much, and headers that keep links secret.

No cookie, no redirect, no session, no limit of how many: a mail provider posts for all its readers
from few addresses (RFC 8058, 3.2). There is nothing to forge across sites either: the token in the
path is the only authority.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.web.errors import (
    CONTENT_TOO_LARGE,
    MISDIRECTED_REQUEST,
    NOT_FOUND,
    REQUEST_TIMEOUT,
    ErrorPage,
)

#: Bytes that a request may send, and seconds that it may take to.
MAX_BODY_BYTES = 64 * 1024
BODY_TIMEOUT_SECONDS = 20
HEALTH_PATH = "/healthz"

PAGE_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri"
    " 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": PAGE_CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "interest-cohort=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}


class HostAndBodyMiddleware:
    """Lets requests for our host through, whole and with their body read."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        base: str,
        render_error: Callable[[ErrorPage], Response],
        priority: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.app = app
        #: Lasts while a POST that has come whole is answered: who is slow to ask holds nobody up,
        #: nor who is slow to read a long page.
        self.priority = priority
        self.host = host
        self.base = base
        self.render_error = render_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(scope, receive, send)
            return
        send = _add_security_headers(send)
        scope = _to_origin_form(scope)
        path = (
            scope["path"].removeprefix(self.base)
            if scope["path"].startswith(f"{self.base}/")
            else scope["path"]
        )
        trouble = self._find_error_page(scope, path)
        body = b"" if trouble is not None else await _read_body(receive)
        if trouble is None and isinstance(body, ErrorPage):
            trouble = body
        if trouble is not None:
            await self.render_error(trouble)(scope, receive, send)
            return
        scope = {
            **scope,
            "path": path,
            "raw_path": path.encode("utf-8", "surrogateescape"),
            "root_path": "",
        }
        with self.priority() if scope["method"] == "POST" else nullcontext():
            await self.app(
                scope, _replay_body(body if isinstance(body, bytes) else b"", receive), send
            )

    def _find_error_page(self, scope: Scope, path: str) -> ErrorPage | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        # HTTP/1.0 may name no host; monitors name whatever they like, and learn nothing.
        if len(hosts) > 1 or (
            hosts and path != HEALTH_PATH and _parse_hostname(hosts[0]) != self.host
        ):
            return MISDIRECTED_REQUEST
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        if any(
            not value.isdigit() or len(value) > 10 or int(value) > MAX_BODY_BYTES
            for value in lengths
        ):
            return CONTENT_TOO_LARGE
        return None if path.isprintable() else NOT_FOUND


def _to_origin_form(scope: Scope) -> Scope:
    """Return a request whose target names the host as if Host did (RFC 9112, 3.2.2.

    A server must take both).
    """
    if not scope["path"].lower().startswith(("http://", "https://")):
        return scope
    host, slash, path = scope["path"].partition("://")[2].partition("/")
    headers = [pair for pair in scope["headers"] if pair[0] != b"host"]
    return {
        **scope,
        "path": slash + path or "/",
        "headers": [*headers, (b"host", host.encode("utf-8", "surrogateescape"))],
    }


def _parse_hostname(value: bytes) -> str:
    text = value.decode("latin-1").lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0].removesuffix(".")


async def _read_body(receive: Receive) -> bytes | ErrorPage:
    """Read all that is sent, within bounds."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return REQUEST_TIMEOUT
                body += message.get("body", b"")
                if len(body) > MAX_BODY_BYTES:
                    return CONTENT_TOO_LARGE
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        return REQUEST_TIMEOUT


def _replay_body(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, then what comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_replayed


def _add_security_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
