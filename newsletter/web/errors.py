"""Turn errors into status codes and pages: the only place that does.

A page says what happened and what to do. What went wrong inside is for the log, never for the
reader.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.errors import StoreError, TokenError
from newsletter.i18n import Phrase

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What a reader is told when a page can't be shown."""

    status: int
    title: Phrase
    text: Phrase


INVALID_TOKEN = ErrorPage(
    status=404,
    title=Phrase("This link doesn't work"),
    text=Phrase(
        "It may have been cut in two on its way. Open the newest letter that you have and use the"
        " link at its end."
    ),
)
NOT_FOUND = ErrorPage(
    status=404,
    title=Phrase("There is no such page"),
    text=Phrase("The address may be misspelt. Use the link in the letter that you got."),
)
METHOD_NOT_ALLOWED = ErrorPage(
    status=405,
    title=Phrase("That isn't possible here"),
    text=Phrase("Open the link in your letter again, and use the button there."),
)
REQUEST_TIMEOUT = ErrorPage(
    status=408,
    title=Phrase("That took too long"),
    text=Phrase("The connection was too slow. Try again."),
)
CONTENT_TOO_LARGE = ErrorPage(
    status=413,
    title=Phrase("That was too much"),
    text=Phrase("More was sent than this page takes. Open the link in your letter again."),
)
MISDIRECTED_REQUEST = ErrorPage(
    status=421,
    title=Phrase("There is no such page"),
    text=Phrase("The address may be misspelt. Use the link in the letter that you got."),
)
SERVICE_UNAVAILABLE = ErrorPage(
    status=503,
    title=Phrase("Try again in a moment"),
    text=Phrase(
        "We couldn't save that just now. Nothing was changed. Wait a minute, then try again."
    ),
)
INTERNAL_ERROR = ErrorPage(
    status=500,
    title=Phrase("Something went wrong here"),
    text=Phrase("The fault is ours, not yours. Wait a minute, then try again."),
)
_ERROR_PAGE_BY_STATUS = {
    trouble.status: trouble
    for trouble in (NOT_FOUND, METHOD_NOT_ALLOWED, REQUEST_TIMEOUT, CONTENT_TOO_LARGE)
}


def to_error_page(error: Exception) -> ErrorPage:
    """Return what a reader is told of an error."""
    match error:
        case TokenError():
            return INVALID_TOKEN
        case StoreError():
            return SERVICE_UNAVAILABLE
        case TimeoutError() | ClientDisconnect():
            return REQUEST_TIMEOUT
        case HTTPException():
            return _ERROR_PAGE_BY_STATUS.get(
                error.status_code, NOT_FOUND if error.status_code < 500 else INTERNAL_ERROR
            )  # HTTP's own border
        case _:
            return INTERNAL_ERROR


class ErrorMiddleware:
    """Answers every error with a page, and writes ours into the log.

    No traceback leaves the house.
    """

    def __init__(self, app: ASGIApp, *, render_error: Callable[[ErrorPage], Response]) -> None:
        self.app = app
        self.render_error = render_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and answer what goes wrong."""
        begun = False

        async def track_send(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, track_send)
        # whatever it is, the reader gets a page; it is logged
        except Exception as error:  # noqa: BLE001
            trouble = to_error_page(error)
            _log_error(error, trouble)
            if not begun:
                answer = self.render_error(trouble)
                answer.headers.update(
                    (error.headers or {}) if isinstance(error, HTTPException) else {}
                )
                await answer(scope, receive, send)


def reraise(request: Request, error: Exception) -> Response:
    """Hand what Starlette's router raises (404, 405) on to the shield.

    A 405 says what is possible (RFC 9110, 15.5.6).
    """
    if isinstance(error, HTTPException) and error.status_code == 405:
        found = [
            route
            for route in request.app.routes
            if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        ]
        error.headers = {
            "allow": ", ".join(
                sorted({method for route in found for method in route.methods or ()})
            )
        }
    raise error


def _log_error(error: Exception, error_page: ErrorPage) -> None:
    if error_page is SERVICE_UNAVAILABLE:
        log.warning("web.store_failed: %s", error)
    elif error_page is INTERNAL_ERROR:
        # The traceback without the request: its path holds a reader's token.
        log.error("web.failed: %s", type(error).__name__, exc_info=error)
