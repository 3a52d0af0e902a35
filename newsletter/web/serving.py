"""Run a web application, and maybe work beside it, until Ctrl-C or SIGTERM."""

import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from newsletter.errors import SettingsError

#: Between two looks at what is due, in seconds.
EVERY = 10


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises SettingsError where the port is taken or not ours to take."""
    try:
        at = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingsError(
            "Nothing can listen at {host}, port {port} ({why}). End what uses it, or choose another with --port.",
            host=host,
            port=port,
            why=error.strerror,
        ) from error
    # asyncio does it for sockets of its own making only; without it answers wait 40 ms for company.
    at.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return at


def serve(app: ASGIApp, at: socket.socket, work: Callable[[threading.Event], None] | None = None) -> None:
    """Answer requests until a signal ends it; `work` is called every ten seconds in a thread of its own.

    The event that `work` gets is set when it should come to an end; it is waited for.
    """
    stop = threading.Event()
    worker = threading.Thread(target=_repeat, args=(work, stop)) if work else None
    config = uvicorn.Config(app, log_level="warning", lifespan="off", server_header=False, h11_max_incomplete_event_size=16_384)
    if worker:
        worker.start()
    try:
        uvicorn.Server(config).run(sockets=[at])
    finally:
        stop.set()
        if worker:
            worker.join()
        at.close()


def _repeat(work: Callable[[threading.Event], None], stop: threading.Event) -> None:
    while not stop.is_set():
        work(stop)
        stop.wait(EVERY)
