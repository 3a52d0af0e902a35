"""Routes with and without a slash at their end.

A redirect from one to the other would lose a POST (RFC 8058, 3.1).
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Endpoint = Callable[[Request], Awaitable[Response]]


def get(path: str, endpoint: Endpoint) -> list[Route]:
    """Return the routes by which a page is looked at."""
    return _add_slash_variant(path, endpoint, "GET")


def post(path: str, endpoint: Endpoint) -> list[Route]:
    """Return the routes by which something is done."""
    return _add_slash_variant(path, endpoint, "POST")


def _add_slash_variant(path: str, endpoint: Endpoint, method: str) -> list[Route]:
    return [Route(path, endpoint, methods=[method]), Route(f"{path}/", endpoint, methods=[method])]
