"""HTTP transport that connects to checked addresses only (SSRF), and ends at a deadline.

The deadline holds however slowly a server drips (slowloris). httpx2 lets nobody choose a host's
address, httpcore2 below it does: the only module that knows it.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2
import httpx2

from newsletter.posts.fetch.address_policy import (
    Resolver,
    UnresolvedHostError,
    resolve_allowed_addresses,
)


class FetchTimeoutError(Exception):
    """Connecting, a read, or the whole fetch took longer than its timeout."""


class BrokenConnectionError(Exception):
    """The connection was refused or lost, the certificate isn't valid, or it isn't HTTP."""


class GuardedTransport(httpx2.BaseTransport):
    """The connections of one fetch.

    `allowed_hosts`: hosts, or "host:port", that may have private addresses. `deadline`: on the
    clock `time.monotonic`. Raises PrivateAddressError, UnresolvedHostError, FetchTimeoutError,
    BrokenConnectionError.
    """

    def __init__(self, allowed_hosts: frozenset[str], deadline: float, resolver: Resolver) -> None:
        self._pool = httpcore2.ConnectionPool(
            network_backend=_GuardedBackend(allowed_hosts, deadline, resolver)
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and return the response, its body unread."""
        assert isinstance(request.stream, httpx2.SyncByteStream)
        address = request.url
        ours = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=address.raw_scheme,
                host=address.raw_host,
                port=address.port,
                target=address.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_network_error():
            answer = self._pool.handle_request(ours)
        assert isinstance(answer.stream, Iterable)
        return httpx2.Response(
            answer.status,
            headers=answer.headers,
            stream=_ResponseBody(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _ResponseBody(httpx2.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _as_network_error():
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _GuardedBackend(httpcore2.NetworkBackend):
    """Opens sockets to literal, checked addresses: nothing is resolved twice (DNS rebinding)."""

    def __init__(self, allowed_hosts: frozenset[str], deadline: float, resolver: Resolver) -> None:
        self._allowed_hosts = allowed_hosts
        self._deadline = deadline
        self._resolver = resolver
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        error: Exception = UnresolvedHostError(host)
        for address in resolve_allowed_addresses(host, port, self._allowed_hosts, self._resolver):
            try:
                stream = self._inner.connect_tcp(
                    address,
                    port,
                    _limit_timeout(self._deadline, timeout),
                    local_address,
                    socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                error = failed
            else:
                return _DeadlineStream(stream, self._deadline)
        raise error


class _DeadlineStream(httpcore2.NetworkStream):
    """A connection whose reads and writes time out at the deadline of the whole fetch."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _limit_timeout(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _limit_timeout(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _DeadlineStream(
            self._inner.start_tls(
                ssl_context, server_hostname, _limit_timeout(self._deadline, timeout)
            ),
            self._deadline,
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _limit_timeout(deadline: float, timeout: float | None) -> float:
    rest = deadline - time.monotonic()
    if rest <= 0:
        raise httpcore2.ReadTimeout("deadline")
    return rest if timeout is None else min(rest, timeout)


@contextmanager
def _as_network_error() -> Iterator[None]:
    """Translate httpcore2's exceptions into ours."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise FetchTimeoutError(type(error).__name__) from error
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.UnsupportedProtocol,
    ) as error:
        raise BrokenConnectionError(str(error)) from error
