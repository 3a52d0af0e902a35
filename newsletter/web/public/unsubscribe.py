"""Leave the list: a page that asks, a POST that does it, and a way back for a day.

    GET  /u/TOKEN        asks; changes nothing, because scanners open every link
    POST /u/TOKEN        takes the reader off: her button and the one-click POST of mail programs
    alike (RFC 8058)
    POST /u/TOKEN/undo   takes that back
    POST /u/TOKEN/why    counts a reason, without a name; nobody has to give one

The token is enough: any form of POST works, for ever. Only the button of our page, pressed by a
program that was seen to follow every link (`scanners`), is asked to press once more.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.domain.subscriber import Status, Subscriber, SubscriberId
from newsletter.i18n import Phrase
from newsletter.mail.tokens import Purpose
from newsletter.store import leavings, rates, subscribers, suppressions
from newsletter.subscribers import leaving, suppression
from newsletter.web.public.forms import form
from newsletter.web.public.pages import Pages, veiled
from newsletter.web.public.routing import get, post
from newsletter.web.public.scanners import FIELD
from newsletter.web.public.site import Site
from newsletter.web.public.together import Together

log = logging.getLogger(__name__)
#: Why readers leave, as `leavings` counts it.
REASONS = {
    "often": Phrase("There are too many letters"),
    "content": Phrase("They aren't about what interests me"),
    "never": Phrase("I never asked for them"),
    "other": Phrase("Something else"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How a reader stands; None where she has been erased."""

    subscriber: Subscriber | None
    can_undo: bool = False

    @property
    def gets_letters(self) -> bool:
        """Whether she is on the list."""
        return self.subscriber is not None and self.subscriber.status in (
            Status.active,
            Status.pending,
        )


class Unsubscribe:
    """The pages about leaving."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self.site = site
        self.pages = pages
        self._leave = Together(self._leave_all)

    def routes(self) -> list[Route]:
        """Return where they are. Who reloads the page after "undo" sees how things stand."""
        own = "/u/{token}"
        return [
            *get(own, self.ask), *post(own, self.leave), *post(f"{own}/sure", self.leave),
            *get(f"{own}/undo", self.ask), *post(f"{own}/undo", self.undo),
            *post(f"{own}/why", self.why), *get("/u", self.help),
        ]  # fmt: skip

    async def ask(self, request: Request) -> Response:
        """Show the page with the button, or how things stand for who has left. Changes nothing."""
        number = self._whose(request)
        reader = await asyncio.to_thread(self._look, number)
        return self._page("leave" if reader.gets_letters else "left", reader, request)

    async def leave(self, request: Request) -> Response:
        """Take the reader off the list; the second time changes nothing and answers the same."""
        number = self._whose(request)
        said = await form(request)
        if not request.url.path.rstrip("/").endswith("/sure") and await self.pages.held(
            request, said.one(FIELD)
        ):
            return self.pages.page(
                "held", self.pages.language(), action=f"u/{request.path_params['token']}/sure"
            )
        reader = await self._leave(number)
        if (
            said.one("List-Unsubscribe") == "One-Click"
        ):  # a mail provider, by the thousand: nobody reads a page
            return PlainTextResponse("ok\n")
        return self._page("left", reader, request)

    async def why(self, request: Request) -> Response:
        """Count why a reader left."""
        number = self._whose(request)
        reason = (await form(request)).one("why")
        reader = await asyncio.to_thread(self._look, number)
        if reason in REASONS and not reader.gets_letters:
            await asyncio.to_thread(self._count, number, reason)
        return self._page("thanks", reader, request)

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
            found = subscribers.find_by_id(connection, number)
            key = subscribers.find_key(connection, number)
            known = suppressions.find_suppression(connection, key) if key is not None else None
        return Reader(subscriber=found, can_undo=suppression.can_undo(known, self.site.clock()))

    def _leave_all(self, numbers: Sequence[SubscriberId]) -> list[Reader]:
        now = self.site.clock()
        with self.site.database.begin() as connection:
            standing = leaving.leave(connection, numbers, now, goodbye=self.site.signup.goodbye)
        for number in (number for number, one in standing.items() if one.changed):
            log.info("subscriber.unsubscribed subscriber=%d", number)
        return [_reader(standing.get(number), now) for number in numbers]

    def _undo(self, number: SubscriberId) -> Reader:
        with self.site.database.begin() as connection:
            suppression.undo(connection, number, self.site.clock())
        return self._look(number)

    def _count(self, number: SubscriberId, reason: str) -> None:
        now = self.site.clock()
        with self.site.database.begin() as connection:
            if rates.hit(connection, f"why:{int(number)}", now, suppression.UNDO_WINDOW) == 1:
                leavings.increment(connection, f"{now:%Y-%m}", reason)

    def _page(self, name: str, reader: Reader, request: Request) -> Response:
        found = reader.subscriber
        language = self.pages.language(found.language if found is not None else "")
        return self.pages.page(
            name,
            language,
            token=request.path_params["token"],
            address=veiled(found.email) if found is not None else "",
            can_undo=reader.can_undo,
            reasons=[(code, phrase.say(language)) for code, phrase in REASONS.items()],
            trap=self.pages.trap(request) if name == "leave" else "",
        )


def _reader(standing: suppression.Standing | None, now: datetime) -> Reader:
    if standing is None:
        return Reader(subscriber=None)
    return Reader(
        subscriber=standing.subscriber, can_undo=suppression.can_undo(standing.suppression, now)
    )
