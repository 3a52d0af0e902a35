"""Clients that send their request letter by letter hold no connection for long."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from newsletter.web.public.app import create_app
from newsletter.web.server import RequestTimeoutProtocol
from tests.waiting import HANG_SECONDS
from tests.web.conftest import HOST, ServedSite


@pytest.fixture
def port(served_site: ServedSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve with little patience."""
    monkeypatch.setattr(RequestTimeoutProtocol, "head_timeout_seconds", 0.3)
    at = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(served_site.site),
            http=RequestTimeoutProtocol,
            log_level="critical",
            lifespan="off",
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [at]})
    thread.start()
    yield int(at.getsockname()[1])
    server.should_exit = True
    thread.join()
    at.close()


@pytest.mark.parametrize("sent", [b"", b"GET /u HTTP/1.1\r\nHost: "])
def test_a_head_that_doesnt_come_ends_the_connection(port: int, sent: bytes) -> None:
    """Said nothing, or half of it."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANG_SECONDS) as line:
        line.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert line.recv(1) == b""


def test_a_whole_request_is_answered_and_so_is_the_next(port: int) -> None:
    """On one connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANG_SECONDS) as line:
        for _ in range(3):
            line.sendall(f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            answer = b""
            while b"ok\n" not in answer:
                answer += line.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")
