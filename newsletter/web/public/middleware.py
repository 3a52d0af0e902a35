"""Check every request's host and size, and add headers that keep links secret.

No cookie, no redirect, no session, no limit of how many: a mail provider posts for all its readers
from few addresses (RFC 8058, 3.2). There is nothing to forge across sites either: the token in the
path is the only authority.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.web.errors import (
    CONTENT_TOO_LARGE,
    MISDIRECTED_REQUEST,
    NOT_FOUND,
    REQUEST_TIMEOUT,
    ErrorPage,
)
from newsletter.web.headers import SHARED_SECURITY_HEADERS, add_default_headers

#: Bytes that a request may send, and seconds that it may take to.
MAX_BODY_BYTES = 64 * 1024
BODY_TIMEOUT_SECONDS = 20
HEALTH_PATH = "/healthz"

PAGE_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri"
    " 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    **SHARED_SECURITY_HEADERS,
    "content-security-policy": PAGE_CONTENT_SECURITY_POLICY,
    "permissions-policy": "interest-cohort=()",
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
        send = add_default_headers(send, SECURITY_HEADERS)
        scope = _to_origin_form(scope)
        path = _remove_base(scope["path"], self.base)
        body = self._find_error_page(scope, path) or await _read_body(receive)
        if isinstance(body, ErrorPage):
            await self.render_error(body)(scope, receive, send)
            return
        raw_path = path.encode("utf-8", "surrogateescape")
        scope = {**scope, "path": path, "raw_path": raw_path, "root_path": ""}
        with self.priority() if scope["method"] == "POST" else nullcontext():
            await self.app(scope, _replay_body(body, receive), send)

    def _find_error_page(self, scope: Scope, path: str) -> ErrorPage | None:
        if not self._is_for_us(_get_all(scope, b"host"), path):
            return MISDIRECTED_REQUEST
        if any(_is_too_long(value) for value in _get_all(scope, b"content-length")):
            return CONTENT_TOO_LARGE
        return None if path.isprintable() else NOT_FOUND

    def _is_for_us(self, hosts: list[bytes], path: str) -> bool:
        """Return True if a request names our host, and once.

        HTTP/1.0 may name none; monitors name whatever they like, and learn nothing.
        """
        if not hosts:
            return True
        return len(hosts) == 1 and (path == HEALTH_PATH or _parse_hostname(hosts[0]) == self.host)


def _get_all(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]


def _is_too_long(content_length: bytes) -> bool:
    """Return True if a Content-Length is none, or more than a request may send."""
    digits = content_length
    return not digits.isdigit() or len(digits) > 10 or int(digits) > MAX_BODY_BYTES


def _remove_base(path: str, base: str) -> str:
    return path.removeprefix(base) if path.startswith(f"{base}/") else path


def _to_origin_form(scope: Scope) -> Scope:
    """Return a request in origin form: a host in its target becomes the Host header.

    A server must take the absolute form, too (RFC 9112, 3.2.2).
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
