"""HTTP client of a service that staff have named in newsletter.toml (a language model's API).

Unlike a source it may have a private address, and it is sent something.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2

from newsletter import __version__
from newsletter.i18n import Phrase
from newsletter.posts.fetch.http_errors import parse_retry_after

#: Bytes of a response.
_MAX_RESPONSE_BYTES = 1_000_000
_CONNECT_TIMEOUT_SECONDS = 5.0


class NoResponseError(Exception):
    """No usable response: no connection, a timeout, too long; `phrase` says which."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceResponse:
    """A response, whatever its status."""

    status: int
    body: bytes
    #: Retry-After; 0 where the service doesn't send it.
    retry_after_seconds: float


def post_to_service(
    url: str, headers: Mapping[str, str], body: bytes, timeout_seconds: float
) -> ServiceResponse:
    """POST a body and return the response.

    Redirects aren't followed (they would be sent the API key), proxies of the environment aren't
    used. `timeout_seconds`: for the whole exchange. Raises NoResponseError.
    """
    deadline = time.monotonic() + timeout_seconds
    timeout = httpx2.Timeout(
        timeout_seconds, connect=min(_CONNECT_TIMEOUT_SECONDS, timeout_seconds)
    )
    ours = {"User-Agent": f"newsletter/{__version__}", **headers}
    try:
        with (
            httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=ours) as response,
        ):
            content = bytearray()
            for part in response.iter_bytes():
                content += part
                if len(content) > _MAX_RESPONSE_BYTES:
                    raise NoResponseError(Phrase("its answer is too long"))
                if time.monotonic() > deadline:
                    raise NoResponseError(Phrase("it is too slow"))
            wait = parse_retry_after(response.headers.get("retry-after", ""), datetime.now(UTC))
            return ServiceResponse(
                status=response.status_code, body=bytes(content), retry_after_seconds=float(wait)
            )
    except httpx2.TimeoutException as error:
        raise NoResponseError(Phrase("it is too slow")) from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise NoResponseError(Phrase("it can't be reached")) from error
