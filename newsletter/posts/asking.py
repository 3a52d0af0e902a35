"""Ask a service that staff have named in newsletter.toml.

Unlike a source it may lie on this machine, and it is sent something.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2

from newsletter import __version__
from newsletter.i18n import Phrase
from newsletter.posts.answers import seconds_to_wait

#: Bytes of an answer.
_LIMIT = 1_000_000
_CONNECT = 5.0


class NoAnswerError(Exception):
    """No answer came: no connection, too slow, too long; `phrase` says which."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, whatever its status."""

    status: int
    body: bytes
    #: Seconds that the service asks us to wait (Retry-After); 0 where it doesn't.
    wait: float


def post(url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
    """Send a body, and return the answer. Redirects aren't followed: the key would go along.

    Raises NoAnswerError.

    `seconds`: for all of it. The environment's proxies aren't asked.
    """
    deadline = time.monotonic() + seconds
    timeout = httpx2.Timeout(seconds, connect=min(_CONNECT, seconds))
    ours = {"User-Agent": f"newsletter/{__version__}", **headers}
    try:
        with (
            httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=ours) as response,
        ):
            content = bytearray()
            for part in response.iter_bytes():
                content += part
                if len(content) > _LIMIT:
                    raise NoAnswerError(Phrase("its answer is too long"))
                if time.monotonic() > deadline:
                    raise NoAnswerError(Phrase("it is too slow"))
            wait = seconds_to_wait(response.headers.get("retry-after", ""), datetime.now(UTC))
            return Answer(status=response.status_code, body=bytes(content), wait=float(wait))
    except httpx2.TimeoutException as error:
        raise NoAnswerError(Phrase("it is too slow")) from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise NoAnswerError(Phrase("it can't be reached")) from error
