"""Turn errors into status codes and pages: the only place that names codes.

A page says what happened and what to do. What went wrong inside is for the log, never for the
subscriber.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.errors import StoreError, TokenError
from newsletter.i18n import Phrase

log = logging.getLogger(__name__)


class Status(IntEnum):
    """The status codes that our pages answer with (RFC 9110, 15), by what they mean here."""

    ok = 200
    accepted = 202
    permanent_redirect = 308
    bad_request = 400
    unauthorized = 401
    forbidden = 403
    not_found = 404
    method_not_allowed = 405
    timeout = 408
    conflict = 409
    gone = 410
    too_large = 413
    unsupported_type = 415
    misdirected = 421
    unprocessable = 422
    too_many = 429
    internal_error = 500
    unavailable = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What a subscriber is told when a page can't be shown."""

    status: Status
    title: Phrase
    text: Phrase
    #: The level of the line in our log; None: it is no news to us.
    log_level: int | None = None


INVALID_TOKEN = ErrorPage(
    status=Status.not_found,
    title=Phrase("This link doesn't work"),
    text=Phrase(
        "It may have been cut in two on its way. Open the newest letter that you have and use the"
        " link at its end."
    ),
)
NOT_FOUND = ErrorPage(
    status=Status.not_found,
    title=Phrase("There is no such page"),
    text=Phrase("The address may be misspelt. Use the link in the letter that you got."),
)
METHOD_NOT_ALLOWED = ErrorPage(
    status=Status.method_not_allowed,
    title=Phrase("That isn't possible here"),
    text=Phrase("Open the link in your letter again, and use the button there."),
)
REQUEST_TIMEOUT = ErrorPage(
    status=Status.timeout,
    title=Phrase("That took too long"),
    text=Phrase("The connection was too slow. Try again."),
)
CONTENT_TOO_LARGE = ErrorPage(
    status=Status.too_large,
    title=Phrase("That was too much"),
    text=Phrase("More was sent than this page takes. Open the link in your letter again."),
)
MISDIRECTED_REQUEST = ErrorPage(
    status=Status.misdirected,
    title=Phrase("There is no such page"),
    text=Phrase("The address may be misspelt. Use the link in the letter that you got."),
)
SERVICE_UNAVAILABLE = ErrorPage(
    status=Status.unavailable,
    title=Phrase("Try again in a moment"),
    text=Phrase(
        "We couldn't save that just now. Nothing was changed. Wait a minute, then try again."
    ),
    log_level=logging.WARNING,
)
INTERNAL_ERROR = ErrorPage(
    status=Status.internal_error,
    title=Phrase("Something went wrong here"),
    text=Phrase("The fault is ours, not yours. Wait a minute, then try again."),
    log_level=logging.ERROR,
)
_ERROR_PAGE_BY_STATUS: dict[int, ErrorPage] = {
    page.status: page
    for page in (NOT_FOUND, METHOD_NOT_ALLOWED, REQUEST_TIMEOUT, CONTENT_TOO_LARGE)
}


def to_error_page(error: Exception) -> ErrorPage:
    """Return what a subscriber is told of an error."""
    match error:
        case TokenError():
            return INVALID_TOKEN
        case StoreError():
            return SERVICE_UNAVAILABLE
        case TimeoutError() | ClientDisconnect():
            return REQUEST_TIMEOUT
        case HTTPException():
            is_theirs = error.status_code < Status.internal_error  # HTTP's own border
            other = NOT_FOUND if is_theirs else INTERNAL_ERROR
            return _ERROR_PAGE_BY_STATUS.get(error.status_code, other)
        case _:
            return INTERNAL_ERROR


class ErrorMiddleware:
    """Answers every error with a page, and logs those that are ours; no traceback leaves us."""

    def __init__(self, app: ASGIApp, *, render_error: Callable[[ErrorPage], Response]) -> None:
        self.app = app
        self.render_error = render_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and answer what goes wrong."""
        has_started = False

        async def track_send(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, track_send)
        # whatever it is, the subscriber gets a page; it is logged
        except Exception as error:  # noqa: BLE001
            page = to_error_page(error)
            _log_error(error, page)
            if has_started:
                return
            response = self.render_error(page)
            if isinstance(error, HTTPException):
                response.headers.update(error.headers or {})
            await response(scope, receive, send)


def reraise(request: Request, error: Exception) -> Response:
    """Raise what Starlette's router raises (404, 405) again, for `ErrorMiddleware`.

    A 405 says what is possible (RFC 9110, 15.5.6).
    """
    if isinstance(error, HTTPException) and error.status_code == Status.method_not_allowed:
        error.headers = {"allow": ", ".join(_list_allowed_methods(request))}
    raise error


def _list_allowed_methods(request: Request) -> list[str]:
    routes = [
        route
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    ]
    return sorted({method for route in routes for method in route.methods or ()})


def _log_error(error: Exception, page: ErrorPage) -> None:
    match page.log_level:
        case logging.WARNING:
            log.warning("web.store_failed: %s", error)
        case logging.ERROR:
            # The traceback without the request: its path holds a subscriber's token.
            log.error("web.failed: %s", type(error).__name__, exc_info=error)
