"""A web server on loopback that answers what a test says, and lists what it was asked."""

import contextlib
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Responder = Callable[[BaseHTTPRequestHandler], None]


class WebServer:
    """What is at each path; `asked` holds (method, path, headers)."""

    def __init__(self) -> None:
        self.responses: dict[str, Responder] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        web_server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web_server.requests.append(
                    (
                        self.command,
                        self.path,
                        {name.lower(): value for name, value in self.headers.items()},
                    )
                )
                self.close_connection = True
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    web_server.responses.get(self.path, respond_with_status(404))(self)

            do_HEAD = do_GET  # noqa: N815 # the base calls it so

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self.thread.start()
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def respond_with(content: bytes, code: int = 200, **headers: str) -> Responder:
    """Answer with a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(content)

    return answer


def respond_with_status(code: int, **headers: str) -> Responder:
    """Answer with a status code and nothing else."""
    return respond_with(b"", code, **headers)
