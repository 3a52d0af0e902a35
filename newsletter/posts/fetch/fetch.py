"""Fetch an http(s) URL that a stranger may have written: guarded against SSRF, bounded in all.

    http(s)? | resolve, check every address, pin | conditional request (ETag)
        | redirect? again from the start | read up to the limit

**Invariant:** every fetch has a connect timeout, a read timeout and a deadline, at most 10 MB after
decompression and 5 redirects; private addresses are reached only where `allow_hosts` names the
host. Proxies of the environment aren't used: through one no address could be checked.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx2

from newsletter import __version__
from newsletter.errors import FetchError
from newsletter.posts.clean.safe_url import sanitise_url, to_ascii_host
from newsletter.posts.fetch.address_policy import (
    PrivateAddressError,
    Resolver,
    UnresolvedHostError,
    resolve_host,
)
from newsletter.posts.fetch.guarded_transport import (
    BrokenConnectionError,
    FetchTimeoutError,
    GuardedTransport,
)
from newsletter.posts.fetch.http_errors import build_status_error

#: Bytes of a response body, after decompression.
MAX_BODY_BYTES = 10_000_000
MAX_REDIRECTS = 5
#: Content codings that can be decompressed (RFC 9110, 8.4.1).
_CONTENT_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "identity"})
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_ACCEPT_HEADER = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9,"
    " application/json;q=0.9, */*;q=0.5"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """Validators of a response, for the next conditional request (RFC 9110, 8.8 and 13.1)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchTimeouts:
    """Timeouts of a fetch, in seconds."""

    connect: float = 5.0
    #: Between two bytes.
    read: float = 10.0
    total: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResponse:
    """A response, its body read and decompressed."""

    #: The URL after redirects.
    url: str
    status: int
    content: bytes
    content_type: str
    validators: Validators
    #: 304 Not Modified: nothing new since the validators; `content` is empty.
    unchanged: bool = False
    #: The new URL, where every redirect was permanent (301, 308).
    permanent_url: str | None = None


class Fetcher:
    """HTTP client for URLs that strangers write.

    `allow_hosts`: hosts, or "host:port", that may have private addresses.
    """

    def __init__(
        self,
        allow_hosts: Iterable[str] = (),
        *,
        public_url: str = "",
        timeouts: FetchTimeouts = FetchTimeouts(),  # frozen
        resolver: Resolver = resolve_host,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._allowed_hosts = frozenset(_normalise_allowed_host(host) for host in allow_hosts)
        self._user_agent = f"newsletter/{__version__}" + (
            f" (+{sanitise_url(public_url)})" if sanitise_url(public_url) else ""
        )
        self._timeouts = timeouts
        self._resolver = resolver
        self._clock = clock

    def fetch(
        self, url: str, *, validators: Validators | None = None, max_bytes: int = MAX_BODY_BYTES
    ) -> FetchResponse:
        """Return the response of an http(s) URL. `max_bytes`: of its body, decompressed.

        Raises FetchError; its `is_transient` says whether trying again later may help.
        """
        headers = {"Accept": _ACCEPT_HEADER}
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        return self._follow_redirects(url, "GET", headers, max_bytes)

    def fetch_status(self, url: str) -> int:
        """Return the status code of an http(s) URL without reading its body (link checks).

        Raises FetchError where no server answers, or it answers with an error.
        """
        try:
            return self._follow_redirects(url, "HEAD", {"Accept": "*/*"}, 0).status
        except FetchError as error:
            # Some servers don't support HEAD: ask again with GET.
            if error.phrase.values.get("code") not in (400, 403, 404, 405, 500, 501):
                raise
        return self._follow_redirects(url, "GET", {"Accept": "*/*"}, 0).status

    def close(self) -> None:
        """Let go: every fetch has closed its own connections."""

    def _follow_redirects(
        self, url: str, method: str, headers: Mapping[str, str], max_bytes: int
    ) -> FetchResponse:
        address = sanitise_url(url)
        if address is None:
            raise FetchError(
                "“{url}” is no address of the web. Write one that begins with https://.", url=url
            )
        moved: str | None = address
        seen: set[str] = set()
        with self._open_client() as client:
            while len(seen) <= MAX_REDIRECTS:
                if address in seen:
                    raise FetchError(
                        "{host} sends from one address to another in a circle. Tell who runs the"
                        " site.",
                        host=_get_host(address),
                    )
                seen.add(address)
                step = self._request(client, method, address, headers, max_bytes)
                if isinstance(step, FetchResponse):
                    return replace(
                        step, permanent_url=moved if moved != sanitise_url(url) else None
                    )
                address, for_good = step
                moved = address if for_good and moved is not None else None
        raise FetchError(
            "{host} sends on more than {most} times. Write the last address in newsletter.toml.",
            host=_get_host(url),
            most=MAX_REDIRECTS,
        )

    def _open_client(self) -> httpx2.Client:
        transport = GuardedTransport(
            self._allowed_hosts, time.monotonic() + self._timeouts.total, self._resolver
        )
        timeout = httpx2.Timeout(self._timeouts.read, connect=self._timeouts.connect)
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"}
        return httpx2.Client(transport=transport, timeout=timeout, trust_env=False, headers=headers)

    def _request(
        self,
        client: httpx2.Client,
        method: str,
        address: str,
        headers: Mapping[str, str],
        max_bytes: int,
    ) -> "FetchResponse | tuple[str, bool]":
        """Request one URL: return its response, or the target of a redirect and its permanence."""
        with (
            _as_fetch_error(_get_host(address)),
            client.stream(method, address, headers=headers) as response,
        ):
            if response.status_code in _REDIRECT_STATUSES and "location" in response.headers:
                return _resolve_redirect(
                    response.headers["location"], address
                ), response.status_code in (
                    301,
                    308,
                )
            return self._read_response(response, address, headers, max_bytes)

    def _read_response(
        self, response: httpx2.Response, address: str, headers: Mapping[str, str], max_bytes: int
    ) -> FetchResponse:
        if response.status_code == 304 and (
            "If-None-Match" in headers or "If-Modified-Since" in headers
        ):
            kept = Validators(
                etag=headers.get("If-None-Match", ""),
                last_modified=headers.get("If-Modified-Since", ""),
            )
            return FetchResponse(
                url=address,
                status=304,
                content=b"",
                content_type="",
                validators=kept,
                unchanged=True,
            )
        if not 200 <= response.status_code < 300:
            raise build_status_error(
                response.status_code,
                _get_host(address),
                address,
                response.headers.get("retry-after", ""),
                self._clock(),
            )
        return FetchResponse(
            url=address,
            status=response.status_code,
            content=_read_body(response, max_bytes, _get_host(address)) if max_bytes else b"",
            content_type=response.headers.get("content-type", "")[:200],
            validators=Validators(
                etag=_drop_unsendable(response.headers.get("etag", ""), 500),
                last_modified=_drop_unsendable(response.headers.get("last-modified", ""), 100),
            ),
        )


def _drop_unsendable(value: str, max_chars: int) -> str:
    """Return a validator as it came, or "" where it couldn't be sent back unchanged."""
    return value if len(value) <= max_chars and value.isascii() and value.isprintable() else ""


def _read_body(response: httpx2.Response, max_bytes: int, host: str) -> bytes:
    """Read a body up to the limit, decompressed (protection against zip bombs).

    Decompression stops there, too: at most 1 MiB is decompressed ahead (httpx2._decoders). Raises
    ValueError on a content coding that wasn't asked for.
    """
    packed = {
        one.strip().lower()
        for one in response.headers.get("content-encoding", "").split(",")
        if one.strip()
    }
    if not packed <= _CONTENT_CODINGS:
        raise ValueError(packed)
    content = bytearray()
    for part in response.iter_bytes():
        content += part
        if len(content) > max_bytes or response.num_bytes_downloaded > max_bytes:
            raise FetchError(
                "{host} sends more than {limit} MB. Name a feed with fewer posts.",
                host=host,
                limit=max(1, max_bytes // 1_000_000),
            )
    return bytes(content)


def _resolve_redirect(location: str, address: str) -> str:
    # Servers write Location in UTF-8, httpx2 reads headers as ASCII, UTF-8 or Latin-1: sanitise_url
    # percent-encodes the rest.
    target = sanitise_url(location, address)
    if target is None:
        raise FetchError(
            "{host} sends on to “{location}”, which is no address of the web. Tell who runs the"
            " site.",
            host=_get_host(address),
            location=location,
        )
    return target


@contextmanager
def _as_fetch_error(host: str) -> Iterator[None]:
    """Translate the exceptions of one request to `host` into FetchError."""
    try:
        yield
    except PrivateAddressError as error:
        raise FetchError(
            "{host} lies in a private network, which sources may not name. If it is meant, add it"
            " to fetch.allow_hosts in newsletter.toml.",
            host=host,
        ) from error
    except UnresolvedHostError as error:
        raise FetchError(
            "There is no host {host}, or the name server is out of reach. Check the address.",
            is_transient=True,
            host=host,
        ) from error
    except FetchTimeoutError as error:
        raise FetchError(
            "{host} is too slow: no full answer came in time. Try again later.",
            is_transient=True,
            host=host,
        ) from error
    except BrokenConnectionError as error:
        if "CERTIFICATE" in str(error).upper():
            raise FetchError(
                "The certificate of {host} isn't valid. Check the address, or tell who runs the"
                " site.",
                host=host,
            ) from error
        raise FetchError(
            "{host} can't be reached, or broke off. Check the address, or try again later.",
            is_transient=True,
            host=host,
        ) from error
    except httpx2.InvalidURL as error:
        raise FetchError(
            "“{url}” is no address of the web. Write one that begins with https://.", url=host
        ) from error
    except (httpx2.HTTPError, ValueError) as error:
        raise FetchError(
            "What {host} sent can't be unpacked. Tell who runs the site.",
            is_transient=True,
            host=host,
        ) from error


def _get_host(address: str) -> str:
    return urlsplit(address).netloc or address


def _normalise_allowed_host(host: str) -> str:
    """Return an entry of allow_hosts in the form in which hosts are compared."""
    name, colon, port = host.strip().rpartition(":")
    if (
        colon
        and port.isdigit()
        and (":" not in name or name.endswith("]"))
        and to_ascii_host(name.strip("[]"))
    ):
        return f"{to_ascii_host(name.strip('[]'))}:{port}"
    return to_ascii_host(host.strip().strip("[]")) or host
