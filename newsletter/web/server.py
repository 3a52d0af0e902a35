"""Run a web application, and maybe work beside it, until Ctrl-C or SIGTERM."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from newsletter.errors import SettingsError

#: Seconds between two looks at what is due, and at the mails of our own: somebody waits for those.
DUE_INTERVAL_SECONDS, MAIL_INTERVAL_SECONDS = 10, 2


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises SettingsError where the port isn't free, or not for us."""
    try:
        at = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        raise SettingsError(
            "Nothing can listen at {host}, port {port} ({why}). End what uses it, or choose another"
            " with --port.",
            host=host,
            port=port,
            why=error.strerror,
        ) from error
    # asyncio does it for sockets of its own making only; without it answers wait 40 ms for company.
    at.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return at


def serve(
    app: ASGIApp,
    listener: socket.socket,
    background_work: Sequence[tuple[Callable[[threading.Event], None], float]] = (),
    *,
    trusted_proxies: Sequence[str] = ("127.0.0.1",),
) -> None:
    """Answer requests until a signal ends it.

    Each of `background_work` is called again and again, so many seconds apart, in a thread of its
    own. The event that it gets is set when it should come to an end; it is waited for.
    `trusted_proxies` are the addresses of reverse proxies, whose X-Forwarded-For says who asks.
    """
    stop = threading.Event()
    workers = [
        threading.Thread(target=_repeat_work, args=(one, every, stop))
        for one, every in background_work
    ]
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        lifespan="off",
        server_header=False,
        http=RequestTimeoutProtocol,
        h11_max_incomplete_event_size=16_384,
        forwarded_allow_ips=list(trusted_proxies),
    )
    for worker in workers:
        worker.start()
    server = _SignalAwareServer(config, stop)
    with _stop_on_signals(server):
        try:
            server.run(sockets=[listener])
        finally:
            stop.set()
            for worker in workers:
                worker.join()
            listener.close()


class _SignalAwareServer(uvicorn.Server):
    """uvicorn, which tells the background work at once when a signal ends it."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop = stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Come to an end."""
        self._stop.set()
        super().handle_exit(sig, frame)


@contextlib.contextmanager
def _stop_on_signals(server: _SignalAwareServer) -> Iterator[None]:
    """Let SIGTERM, and SIGHUP unless it is ignored (nohup), end the server in order.

    uvicorn sends a signal that has ended it to the process once more; by default that would end it
    before the work beside it is finished: of the letters under way nobody would know whether they
    arrived.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = [
        number
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {number: signal.signal(number, server.handle_exit) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class RequestTimeoutProtocol(H11Protocol):
    """uvicorn's HTTP with a timeout for the head of a request: no Slowloris holds a connection."""

    #: Seconds that the head of a request may take, from its first byte or from the connection's
    #: beginning.
    head_timeout_seconds = 20.0
    _timeout_handle: asyncio.TimerHandle | None = None

    # as uvicorn writes it
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._start_timeout()

    def data_received(self, data: bytes) -> None:
        """Go on waiting, or be content: a head is there."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._cancel_timeout()
        else:
            self._start_timeout()

    def on_response_complete(self) -> None:
        """Leave the time between two requests to uvicorn."""
        self._cancel_timeout()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._cancel_timeout()
        super().connection_lost(exc)

    def _start_timeout(self) -> None:
        if self._timeout_handle is None:
            self._timeout_handle = self.loop.call_later(
                self.head_timeout_seconds, self._abort_connection
            )

    def _cancel_timeout(self) -> None:
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
            self._timeout_handle = None

    def _abort_connection(self) -> None:
        self._timeout_handle = None
        if not self.transport.is_closing():
            self.transport.abort()


def _repeat_work(
    work: Callable[[threading.Event], None], interval_seconds: float, stop: threading.Event
) -> None:
    while not stop.is_set():
        work(stop)
        stop.wait(interval_seconds)
