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

from newsletter.web.errors import NO_PAGE, TOO_LARGE, TOO_SLOW, WRONG_HOST, Trouble

#: Bytes that a request may send, and seconds that it may take to.
LARGEST = 64 * 1024
PATIENCE = 20
HEALTH = "/healthz"

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri"
    " 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": PAGE_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "interest-cohort=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}


class Guard:
    """Lets requests for our host through, whole and with their body read."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        base: str,
        draw: Callable[[Trouble], Response],
        hurry: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.app = app
        #: Lasts while a POST that has come whole is answered: who is slow to ask holds nobody up,
        #: nor who is slow to read a long page.
        self.hurry = hurry
        self.host = host
        self.base = base
        self.draw = draw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(scope, receive, send)
            return
        send = _with_headers(send)
        scope = _origin_form(scope)
        path = (
            scope["path"].removeprefix(self.base)
            if scope["path"].startswith(f"{self.base}/")
            else scope["path"]
        )
        trouble = self._trouble(scope, path)
        body = b"" if trouble is not None else await _body(receive)
        if trouble is None and isinstance(body, Trouble):
            trouble = body
        if trouble is not None:
            await self.draw(trouble)(scope, receive, send)
            return
        scope = {
            **scope,
            "path": path,
            "raw_path": path.encode("utf-8", "surrogateescape"),
            "root_path": "",
        }
        with self.hurry() if scope["method"] == "POST" else nullcontext():
            await self.app(
                scope, _replayed(body if isinstance(body, bytes) else b"", receive), send
            )

    def _trouble(self, scope: Scope, path: str) -> Trouble | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        # HTTP/1.0 may name no host; monitors name whatever they like, and learn nothing.
        if len(hosts) > 1 or (hosts and path != HEALTH and _hostname(hosts[0]) != self.host):
            return WRONG_HOST
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        if any(not value.isdigit() or len(value) > 10 or int(value) > LARGEST for value in lengths):
            return TOO_LARGE
        return None if path.isprintable() else NO_PAGE


def _origin_form(scope: Scope) -> Scope:
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


def _hostname(value: bytes) -> str:
    text = value.decode("latin-1").lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0].removesuffix(".")


async def _body(receive: Receive) -> bytes | Trouble:
    """Read all that is sent, within bounds."""
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return TOO_SLOW
                body += message.get("body", b"")
                if len(body) > LARGEST:
                    return TOO_LARGE
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        return TOO_SLOW


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, then what comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return with_headers
