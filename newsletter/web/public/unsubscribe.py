"""Leave the list: a page that asks, a POST that does it, and a way back for a day.

    GET  /u/TOKEN        asks; changes nothing, because scanners open every link
    POST /u/TOKEN        takes the reader off: her button and the one-click POST of mail programs alike (RFC 8058)
    POST /u/TOKEN/undo   takes that back

What a POST says in its body doesn't matter: the token is enough, and any form of it shall work for ever.
"""

import asyncio
import logging
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from newsletter.domain.subscriber import Status, Subscriber, SubscriberId
from newsletter.mail.tokens import Purpose
from newsletter.store import subscribers, suppressions
from newsletter.subscribers import suppression
from newsletter.web.public.pages import Pages
from newsletter.web.public.site import Site

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How a reader stands; None where she has been erased."""

    subscriber: Subscriber | None
    can_undo: bool = False

    @property
    def gets_letters(self) -> bool:
        """Whether she is on the list."""
        return self.subscriber is not None and self.subscriber.status in (Status.active, Status.pending)


class Unsubscribe:
    """The pages about leaving."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self.site = site
        self.pages = pages

    async def ask(self, request: Request) -> Response:
        """Show the page with the button, or how things stand for who has left. Changes nothing."""
        number = self._whose(request)
        reader = await asyncio.to_thread(self._look, number)
        return self._page("leave" if reader.gets_letters else "left", reader, request)

    async def leave(self, request: Request) -> Response:
        """Take the reader off the list; the second time changes nothing and answers the same."""
        number = self._whose(request)
        reader = await asyncio.to_thread(self._leave, number)
        return self._page("left", reader, request)

    async def undo(self, request: Request) -> Response:
        """Put the reader back, if she left herself within the last day."""
        number = self._whose(request)
        reader = await asyncio.to_thread(self._undo, number)
        return self._page("back" if reader.gets_letters else "late", reader, request)

    async def help(self, _request: Request) -> Response:
        """Say where a reader's own link is, to who has come without one."""
        return self.pages.page("help", self.pages.language())

    def _whose(self, request: Request) -> SubscriberId:
        return self.site.keys.verify(Purpose.unsubscribe, request.path_params["token"])

    def _look(self, number: SubscriberId) -> Reader:
        with self.site.database.read() as connection:
            found = subscribers.subscriber(connection, number)
            key = subscribers.key_of(connection, number)
            known = suppressions.suppression(connection, key) if key is not None else None
        return Reader(subscriber=found, can_undo=suppression.can_undo(known, self.site.clock()))

    def _leave(self, number: SubscriberId) -> Reader:
        with self.site.database.begin() as connection:
            changed = suppression.unsubscribe(connection, number, self.site.clock())
        if changed:
            log.info("subscriber.unsubscribed subscriber=%d", number)
        return self._look(number)

    def _undo(self, number: SubscriberId) -> Reader:
        with self.site.database.begin() as connection:
            suppression.undo(connection, number, self.site.clock())
        return self._look(number)

    def _page(self, name: str, reader: Reader, request: Request) -> Response:
        found = reader.subscriber
        language = self.pages.language(found.language if found is not None else "")
        return self.pages.page(
            name,
            language,
            token=request.path_params["token"],
            address=veiled(found.email) if found is not None else "",
            can_undo=reader.can_undo,
        )


def veiled(email: str) -> str:
    """Return an address so that its owner knows it, and who looks over her shoulder doesn't: a…@example.org."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
