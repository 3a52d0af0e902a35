"""Who gets into the preview: this machine, this port, and whoever knows the token."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from newsletter.web.preview.middleware import SECURITY_HEADERS, PreviewAccessMiddleware

TOKEN, PORT = "t0ken", 8026
HOST = (b"host", b"127.0.0.1:8026")


class Door:
    """A middleware before a page that remembers the paths it was asked for."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.middleware = PreviewAccessMiddleware(
            self.serve_page, token=TOKEN, port=PORT, close_streams=lambda: None
        )

    async def serve_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.paths.append(scope.get("path", scope["type"]))
        if scope["type"] == "http":
            await PlainTextResponse("ok")(scope, receive, send)

    def ask(
        self, path: str, headers: Sequence[tuple[bytes, bytes]] = (HOST,), kind: str = "http"
    ) -> list[Message]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": kind, "method": "GET", "path": path, "headers": list(headers)}
        asyncio.run(self.middleware(scope, receive, send))
        return sent


def test_the_page_is_asked_without_the_token() -> None:
    """Its own routes know nothing of it."""
    door = Door()
    sent = door.ask(f"/{TOKEN}/assets/preview.css")
    assert sent[0]["status"] == 200
    assert door.paths == ["/assets/preview.css"]


def test_an_address_without_its_last_slash_is_redirected() -> None:
    """Relative addresses of the page need it."""
    door = Door()
    sent = door.ask(f"/{TOKEN}")
    assert sent[0]["status"] == 308
    assert (b"location", b"/t0ken/") in sent[0]["headers"]
    assert door.paths == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/x/",
        "/t0ke/",
        "/t0ken2/",
        "/T0KEN/",
        "//t0ken/",
        "/../t0ken/",
        "/tökén/",
        "/t0ken%2f/",
    ],
)
def test_without_the_token_nothing_is_told(path: str) -> None:
    """Not even whether there is such a page."""
    door = Door()
    sent = door.ask(path)
    assert sent[0]["status"] == 403
    assert sent[1]["body"] == b"Open the address that the terminal shows.\n"
    assert TOKEN.encode() not in sent[1]["body"]
    assert door.paths == []


@pytest.mark.parametrize(
    ("headers", "is_let_in"),
    [
        ([HOST], True),
        ([(b"host", b"localhost:8026")], True),
        ([(b"host", b"LOCALHOST:8026")], True),
        ([HOST, (b"origin", b"http://127.0.0.1:8026")], True),
        ([], False),
        ([HOST, HOST], False),
        ([(b"host", b"127.0.0.1")], False),
        ([(b"host", b"127.0.0.1:8027")], False),
        ([(b"host", b"[::1]:8026")], False),
        ([(b"host", b"evil.example:8026")], False),
        ([HOST, (b"origin", b"http://localhost:8026")], False),
        ([HOST, (b"origin", b"https://127.0.0.1:8026")], False),
        ([HOST, (b"origin", b"null")], False),
        ([HOST, (b"origin", b"http://127.0.0.1:8026"), (b"origin", b"null")], False),
    ],
    ids=[
        "host",
        "localhost",
        "case",
        "own-origin",
        "no-host",
        "two-hosts",
        "no-port",
        "other-port",
        "ipv6",
        "dns-rebinding",
        "other-name",
        "https",
        "null-origin",
        "two-origins",
    ],
)
def test_only_this_machines_own_page_gets_in(
    headers: list[tuple[bytes, bytes]], is_let_in: bool
) -> None:
    """DNS rebinding: another name that leads here is no name of ours."""
    door = Door()
    assert (door.ask(f"/{TOKEN}/", headers)[0]["status"] == 200) is is_let_in
    assert bool(door.paths) is is_let_in


@pytest.mark.parametrize("path", [f"/{TOKEN}/", f"/{TOKEN}", "/x/"], ids=["page", "redirect", "no"])
def test_every_answer_has_its_headers(path: str) -> None:
    """Refusals, too."""
    headers = dict(Door().ask(path)[0]["headers"])
    for name, value in SECURITY_HEADERS.items():
        assert headers[name.encode()] == value.encode()


def test_a_websocket_is_closed() -> None:
    """The preview has none."""
    door = Door()
    assert door.ask(f"/{TOKEN}/", kind="websocket") == [{"type": "websocket.close", "code": 1008}]
    assert door.paths == []


def test_the_server_starts_and_ends_the_page() -> None:
    """ASGI's lifespan carries no Host and no token."""
    door = Door()
    door.ask("", headers=(), kind="lifespan")
    assert door.paths == [""]
