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
class Trouble:
    """What a reader is told when a page can't be shown."""

    status: int
    title: Phrase
    text: Phrase


UNKNOWN_LINK = Trouble(
    status=404,
    title=Phrase("This link doesn't work"),
    text=Phrase(
        "It may have been cut in two on its way. Open the newest letter that you have and use the"
        " link at its end."
    ),
)
NO_PAGE = Trouble(
    status=404,
    title=Phrase("There is no such page"),
    text=Phrase("The address may be misspelt. Use the link in the letter that you got."),
)
WRONG_USE = Trouble(
    status=405,
    title=Phrase("That isn't possible here"),
    text=Phrase("Open the link in your letter again, and use the button there."),
)
TOO_SLOW = Trouble(
    status=408,
    title=Phrase("That took too long"),
    text=Phrase("The connection was too slow. Try again."),
)
TOO_LARGE = Trouble(
    status=413,
    title=Phrase("That was too much"),
    text=Phrase("More was sent than this page takes. Open the link in your letter again."),
)
WRONG_HOST = Trouble(
    status=421,
    title=Phrase("There is no such page"),
    text=Phrase("The address may be misspelt. Use the link in the letter that you got."),
)
BUSY = Trouble(
    status=503,
    title=Phrase("Try again in a moment"),
    text=Phrase(
        "We couldn't save that just now. Nothing was changed. Wait a minute, then try again."
    ),
)
OUR_FAULT = Trouble(
    status=500,
    title=Phrase("Something went wrong here"),
    text=Phrase("The fault is ours, not yours. Wait a minute, then try again."),
)
_BY_STATUS = {trouble.status: trouble for trouble in (NO_PAGE, WRONG_USE, TOO_SLOW, TOO_LARGE)}


def trouble_of(error: Exception) -> Trouble:
    """Return what a reader is told of an error."""
    match error:
        case TokenError():
            return UNKNOWN_LINK
        case StoreError():
            return BUSY
        case TimeoutError() | ClientDisconnect():
            return TOO_SLOW
        case HTTPException():
            return _BY_STATUS.get(
                error.status_code, NO_PAGE if error.status_code < 500 else OUR_FAULT
            )  # HTTP's own border
        case _:
            return OUR_FAULT


class Shield:
    """Answers every error with a page, and writes ours into the log.

    No traceback leaves the house.
    """

    def __init__(self, app: ASGIApp, *, draw: Callable[[Trouble], Response]) -> None:
        self.app = app
        self.draw = draw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and answer what goes wrong."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        # whatever it is, the reader gets a page; it is logged
        except Exception as error:  # noqa: BLE001
            trouble = trouble_of(error)
            _log(error, trouble)
            if not begun:
                answer = self.draw(trouble)
                answer.headers.update(
                    (error.headers or {}) if isinstance(error, HTTPException) else {}
                )
                await answer(scope, receive, send)


def raised(request: Request, error: Exception) -> Response:
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


def _log(error: Exception, trouble: Trouble) -> None:
    if trouble is BUSY:
        log.warning("web.store_failed: %s", error)
    elif trouble is OUR_FAULT:
        # The traceback without the request: its path holds a reader's token.
        log.error("web.failed: %s", type(error).__name__, exc_info=error)
