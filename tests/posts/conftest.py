"""What the tests of posts have at hand."""

from collections.abc import Iterator

import pytest

from newsletter.posts.fetch.fetch import Fetcher, FetchTimeouts
from tests.posts.web_server import WebServer
from tests.waiting import HANG_SECONDS


@pytest.fixture
def web_server() -> Iterator[WebServer]:
    """Open a site on 127.0.0.1."""
    here = WebServer()
    yield here
    here.close()


@pytest.fixture
def fetcher() -> Fetcher:
    """Return a fetcher that may ask the site."""
    return Fetcher(
        ["127.0.0.1"],
        timeouts=FetchTimeouts(connect=HANG_SECONDS, read=HANG_SECONDS, total=HANG_SECONDS),
    )


@pytest.fixture
def impatient_fetcher() -> Fetcher:
    """Return a fetcher for servers that never answer: it gives up soon."""
    return Fetcher(["127.0.0.1"], timeouts=FetchTimeouts(connect=1.0, read=0.3, total=1.0))
