"""A reader's own page: what she gets, where, what is kept of her, and the way out.

    GET  /p/TOKEN           what she can choose                POST  writes it
    POST /p/TOKEN/address   asks for letters to another address; both ends confirm by mail
    GET  /p/TOKEN/data      what is kept of her                POST  sends all of it to her, as a
    file
    GET  /p/TOKEN/erase     asks                               POST  forgets her

The link stands in every letter. Whoever is given a letter can open it: so the address is veiled,
and the file with everything goes to the mailbox only.
"""

import asyncio
import logging

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.subscriber import Status, Subscriber, SubscriberId
from newsletter.errors import AddressError
from newsletter.mail.tokens import Purpose
from newsletter.store import subscribers
from newsletter.subscribers import copying, erasure, preferences
from newsletter.web.public.forms import Form, form
from newsletter.web.public.pages import Pages, language_name, veiled
from newsletter.web.public.routing import get, post
from newsletter.web.public.scanners import FIELD
from newsletter.web.public.site import Site

log = logging.getLogger(__name__)


class Preferences:
    """The pages of one reader."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self.site = site
        self.pages = pages

    def routes(self) -> list[Route]:
        """Return where they are."""
        own = "/p/{token}"
        return [
            *get(own, self.show), *post(own, self.change),
            *get(f"{own}/address", self.show), *post(f"{own}/address", self.move),
            *get(f"{own}/data", self.data), *post(f"{own}/data", self.send_data),
            *get(f"{own}/erase", self.ask_to_erase), *post(f"{own}/erase", self.erase), *post(f"{own}/erase/sure", self.erase),
        ]  # fmt: skip

    async def show(self, request: Request) -> Response:
        """Show what she can choose; who isn't on the list any more is told so."""
        return self._page(request, await asyncio.to_thread(self._look, self._whose(request)))

    async def change(self, request: Request) -> Response:
        """Write what she has chosen."""
        number, said = self._whose(request), await form(request)
        person = await asyncio.to_thread(self._change, number, said)
        return self._page(request, person, note="saved")

    async def move(self, request: Request) -> Response:
        """Send a mail to both addresses."""
        number, said = self._whose(request), await form(request)
        person = await asyncio.to_thread(self._look, number)
        if person is None or person.status is not Status.active:
            return self._page(request, person)
        try:
            asked = await asyncio.to_thread(self._move, person, said.one("email"))
        except AddressError:
            return self._page(request, person, note="wrong", status=422)
        return self._page(
            request, person, note="move" if asked else "often", status=200 if asked else 429
        )

    async def data(self, request: Request) -> Response:
        """Show what is kept of her."""
        person, kept = await asyncio.to_thread(self._kept, self._whose(request))
        return self._gone() if person is None else self._data(request, person, kept)

    async def send_data(self, request: Request) -> Response:
        """Send all of it to her address."""
        number = self._whose(request)
        asked = await asyncio.to_thread(self._send_data, number)
        person, kept = await asyncio.to_thread(self._kept, number)
        if person is None:
            return self._gone()
        return self._data(
            request, person, kept, note="sent" if asked else "often", status=200 if asked else 429
        )

    async def ask_to_erase(self, request: Request) -> Response:
        """Ask whether she means it."""
        person = await asyncio.to_thread(self._look, self._whose(request))
        if person is None:
            return self._gone()
        return self.pages.page(
            "erase",
            self._language(person),
            token=request.path_params["token"],
            address=veiled(person.email),
        )

    async def erase(self, request: Request) -> Response:
        """Forget her."""
        number, said = self._whose(request), await form(request)
        if not request.url.path.rstrip("/").endswith("/sure") and await self.pages.held(
            request, said.one(FIELD)
        ):
            return self.pages.page(
                "held", self.pages.language(), action=f"p/{request.path_params['token']}/erase/sure"
            )
        await asyncio.to_thread(self._erase, number)
        return self._gone()

    def _whose(self, request: Request) -> SubscriberId:
        return self.site.keys.verify(Purpose.preferences, request.path_params["token"])

    def _look(self, number: SubscriberId) -> Subscriber | None:
        with self.site.database.read() as connection:
            return subscribers.find_by_id(connection, number)

    def _change(self, number: SubscriberId, said: Form) -> Subscriber | None:
        signup = self.site.signup
        with self.site.database.begin() as connection:
            person = subscribers.find_by_id(connection, number)
            if person is None:
                return None
            language, pause = said.one("language"), said.one("pause")
            wanted = preferences.Wanted(
                language=language if language in signup.languages else person.language,
                tags=tuple(tag for tag in signup.tags if tag in said.several("tag")),
                pause=int(pause) if pause in ("0", *map(str, preferences.PAUSES)) else None,
            )
            return preferences.change(connection, person, wanted, signup.tags, self.site.clock())

    def _move(self, person: Subscriber, email: str) -> bool:
        with self.site.database.begin() as connection:
            return preferences.ask_to_move(
                connection, person, email, self.site.seal, self.site.clock()
            )

    def _send_data(self, number: SubscriberId) -> bool:
        with self.site.database.begin() as connection:
            person = subscribers.find_by_id(connection, number)
            return person is not None and preferences.ask_for_data(
                connection, person, self.site.clock()
            )

    def _kept(self, number: SubscriberId) -> tuple[Subscriber | None, dict[str, object]]:
        with self.site.database.read() as connection:
            person = subscribers.find_by_id(connection, number)
            return person, (
                copying.copy_of(connection, person.email, self.site.seal)
                if person is not None
                else {}
            )

    def _erase(self, number: SubscriberId) -> None:
        with self.site.database.begin() as connection:
            key = subscribers.find_key(connection, number)
            if key is not None:
                erasure.erase(connection, key, self.site.seal, self.site.clock())
                log.info("subscriber.erased subscriber=%d", number)

    def _language(self, person: Subscriber) -> str:
        return self.pages.language(person.language)

    def _gone(self) -> Response:
        return self.pages.page("gone", self.pages.language())

    def _page(
        self, request: Request, person: Subscriber | None, *, note: str = "", status: int = 200
    ) -> Response:
        if person is None:
            return self._gone()
        now, language = self.site.clock(), self._language(person)
        paused = (
            person.paused_until
            if person.paused_until is not None and person.paused_until > now
            else None
        )
        return self.pages.page(
            "preferences",
            language,
            status=status,
            token=request.path_params["token"],
            leave=self.site.keys.sign(Purpose.unsubscribe, person.id),
            note=note,
            address=veiled(person.email),
            active=person.status is Status.active,
            languages=self.pages.language_names(),
            theirs=next(
                (code for code in self.site.signup.languages if code == person.language),
                self.site.language,
            ),
            tags=[
                (tag, tag.casefold() in {one.casefold() for one in person.tags})
                for tag in self.site.signup.tags
            ],
            paused=format_date(paused, "long", locale=language.replace("-", "_")) if paused else "",
            pauses=preferences.PAUSES,
            trap=self.pages.trap(request) if not note else "",
        )

    def _data(
        self,
        request: Request,
        person: Subscriber,
        kept: dict[str, object],
        *,
        note: str = "",
        status: int = 200,
    ) -> Response:
        language = self._language(person)

        def day(iso: str) -> str:
            from datetime import datetime

            return format_date(
                datetime.fromisoformat(iso), "long", locale=language.replace("-", "_")
            )

        return self.pages.page(
            "data",
            language,
            status=status,
            token=request.path_params["token"],
            note=note,
            address=veiled(person.email),
            person=kept,
            spoken=language_name(person.language, language),
            day=day,
        )
