"""Let in only whoever knows the address that the terminal shows.

Any web page can send requests to a server on this machine (DNS rebinding, CSRF by `<img>`). So:
the Host is ours, the Origin is ours where one is named, and the path begins with a token that no
page can guess. The token stands in the path, not in a cookie: cookies go to every port of a
machine.
"""

import hmac
from collections.abc import Callable

from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from newsletter.web.errors import Status
from newsletter.web.headers import SHARED_SECURITY_HEADERS, add_default_headers

#: For the page itself: its own scripts, styles and frames, and nothing from anywhere else.
PAGE_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS = {
    **SHARED_SECURITY_HEADERS,
    "content-security-policy": PAGE_CONTENT_SECURITY_POLICY,
}


class PreviewAccessMiddleware:
    """Checks Host, Origin and token of every request; whoever is refused learns nothing."""

    def __init__(
        self, app: ASGIApp, *, token: str, port: int, close_streams: Callable[[], None]
    ) -> None:
        self.app = app
        #: Ends the streams that pages listen to; a server that stops would wait for them.
        self.close_streams = close_streams
        self.token = token.encode()
        self.hosts = {f"{host}:{port}".encode() for host in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on without the token in its path, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        token, slash, path = scope["path"].removeprefix("/").partition("/")
        if (
            scope["type"] != "http"
            or not self._is_from_this_machine(scope["headers"])
            or not hmac.compare_digest(token.encode(), self.token)
        ):
            await _refuse(scope, receive, send)
            return
        page: ASGIApp = (
            self.app
            if slash
            else RedirectResponse(f"/{token}/", status_code=Status.permanent_redirect)
        )  # relative addresses need the slash
        await page(
            {**scope, "path": f"/{path}", "root_path": ""},
            receive,
            add_default_headers(send, SECURITY_HEADERS),
        )

    def _is_from_this_machine(self, headers: list[tuple[bytes, bytes]]) -> bool:
        hosts = [value.lower() for name, value in headers if name == b"host"]
        origins = [value.lower() for name, value in headers if name == b"origin"]
        return (
            len(hosts) == 1
            and hosts[0] in self.hosts
            and all(origin == b"http://" + hosts[0] for origin in origins)
        )


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        refusal = PlainTextResponse(
            "Open the address that the terminal shows.\n", status_code=Status.forbidden
        )
        await refusal(scope, receive, add_default_headers(send, SECURITY_HEADERS))
    else:
        await send({"type": "websocket.close", "code": 1008})
