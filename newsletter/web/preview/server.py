"""Run the preview on this machine until Ctrl-C."""

import os
import secrets
import socket
import sys
import webbrowser
from collections.abc import Callable, Mapping
from types import FrameType

import uvicorn

from newsletter.errors import ServerError
from newsletter.web.preview.app import create_app
from newsletter.web.preview.backends import EditBackend, PreviewBackend
from newsletter.web.preview.middleware import PreviewAccessMiddleware

LOOPBACK_HOST = "127.0.0.1"
#: Tried first where no port is asked for, so that an address in the browser's history has a chance.
DEFAULT_PORT = 8026


class PreviewServer(uvicorn.Server):
    """A server that doesn't wait for pages which listen for changes."""

    def __init__(self, middleware: PreviewAccessMiddleware) -> None:
        super().__init__(
            uvicorn.Config(
                middleware,
                log_level="error",
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=3,
            )
        )
        self._middleware = middleware

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams that pages listen to, then the server."""
        super().handle_exit(sig, frame)
        self._middleware.close_streams()


def listen(port: int | None) -> socket.socket:
    """Return a listening socket on 127.0.0.1: the port asked for (0: any), or the usual if free.

    Raises ServerError where the port is taken.
    """
    for wanted in (DEFAULT_PORT, 0) if port is None else (port,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name == "posix")
        try:
            listener.bind((LOOPBACK_HOST, wanted))
        except (OSError, OverflowError):
            listener.close()
            continue
        return listener
    raise ServerError(
        "Port {port} is taken by another program. Choose another one: newsletter preview --port 0",
        port=port,
    )


def run(
    backend: PreviewBackend,
    edit_backend: EditBackend | None = None,
    *,
    port: int | None,
    announce: Callable[[str], None],
) -> None:
    """Serve the preview of a newsletter; `edit_backend` may change its issues.

    `announce` gets its address once it can be opened. Returns after Ctrl-C.

    Raises ServerError where the port is taken.
    """
    listener = listen(port)
    token = secrets.token_urlsafe(24)
    number = listener.getsockname()[1]
    server = PreviewServer(create_app(backend, token=token, port=number, edit_backend=edit_backend))
    # The socket listens before the loop runs: a browser that is quicker than we are waits in the
    # queue.
    listener.listen(128)
    announce(f"http://{LOOPBACK_HOST}:{number}/{token}/")
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


def has_browser(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Return True if a window can be opened here.

    Without one, Python might open a text browser in this very terminal.
    """
    return platform in ("darwin", "win32") or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or environ.get("WSL_DISTRO_NAME")
    )


def open_browser(url: str) -> bool:
    """Open the address in the browser, if there is one."""
    return has_browser() and webbrowser.open(url)
