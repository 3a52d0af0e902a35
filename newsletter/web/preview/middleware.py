"""Let in only who knows the address that the terminal shows.

Any web page can ask a server on this machine for something (DNS rebinding, a plain `<img>`). So:
the Host is ours, the Origin is ours where one is named, and the path begins with a token that no
page can guess. The token stands in the path, not in a cookie: cookies go to every port of a
machine.
"""

import hmac
from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.web.errors import Status

#: For the page itself: its own scripts, styles and frames, and nothing from anywhere else.
PAGE_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": PAGE_CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class PreviewAccessMiddleware:
    """Stands before the preview; who is refused learns nothing."""

    def __init__(
        self, app: ASGIApp, *, token: str, port: int, close_streams: Callable[[], None]
    ) -> None:
        self.app = app
        #: Ends the streams that pages listen to; a server that stops would wait for them.
        self.close_streams = close_streams
        self.token = token.encode()
        self.hosts = {f"{host}:{port}".encode() for host in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, without the token in its path; refuse it.

        Or let the server start and end.
        """
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
            {**scope, "path": f"/{path}", "root_path": ""}, receive, _add_security_headers(send)
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
        await refusal(scope, receive, _add_security_headers(send))
    else:
        await send({"type": "websocket.close", "code": 1008})


def _add_security_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
