"""A server on loopback that answers as `/v1/chat/completions` does, in every mode there is."""

import contextlib
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Handler = BaseHTTPRequestHandler
Mode = Callable[[Handler], None]


class LlmServer:
    """`modes` are used up one a request, the last one stays; `asked` holds (headers, JSON)."""

    def __init__(self) -> None:
        self.modes: list[Mode] = []
        self.requests: list[tuple[dict[str, str], Any]] = []
        self.closing = threading.Event()
        chat = self

        class RequestHandler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length))
                chat.requests.append(
                    ({name.lower(): value for name, value in self.headers.items()}, body)
                )
                mode = chat.modes.pop(0) if len(chat.modes) > 1 else chat.modes[0]
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    mode(self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), RequestHandler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def build_silence(self) -> Mode:
        """Answer never, or when the test is over."""
        return lambda handler: (self.closing.wait(30), None)[1]

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def respond_with(content: bytes, status: int = 200, **headers: str) -> Mode:
    """Answer with these bytes."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def respond_with_message(text: object) -> Mode:
    """Answer with a message."""
    return respond_with(
        json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
    )


def drip(handler: Handler) -> None:
    """Answer one byte after the other for as long as anybody listens."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)
