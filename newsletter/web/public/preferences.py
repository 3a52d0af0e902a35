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

from newsletter.domain.subscriber import Subscriber, SubscriberId, SubscriberStatus
from newsletter.errors import AddressError
from newsletter.mail.tokens import Purpose
from newsletter.store import subscribers
from newsletter.subscribers import data_export, erasure, preferences
from newsletter.web.public.bot_detection import BUTTON_FIELD
from newsletter.web.public.forms import FormData, read_form
from newsletter.web.public.routing import get, post
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import PageRenderer, get_language_name, mask_address

log = logging.getLogger(__name__)


class PreferencesRoutes:
    """The pages of one reader."""

    def __init__(self, site: PublicSite, renderer: PageRenderer) -> None:
        self.site = site
        self.renderer = renderer

    def build_routes(self) -> list[Route]:
        """Return where they are."""
        own = "/p/{token}"
        return [
            *get(own, self.show), *post(own, self.change),
            *get(f"{own}/address", self.show), *post(f"{own}/address", self.request_address_change),
            *get(f"{own}/data", self.show_personal_data), *post(f"{own}/data", self.send_personal_data),
            *get(f"{own}/erase", self.ask_to_erase), *post(f"{own}/erase", self.erase), *post(f"{own}/erase/sure", self.erase),
        ]  # fmt: skip

    async def show(self, request: Request) -> Response:
        """Show what she can choose; who isn't on the list any more is told so."""
        return self._render_page(
            request, await asyncio.to_thread(self._load_subscriber, self._verify_token(request))
        )

    async def change(self, request: Request) -> Response:
        """Write what she has chosen."""
        number, said = self._verify_token(request), await read_form(request)
        person = await asyncio.to_thread(self._change_preferences, number, said)
        return self._render_page(request, person, note="saved")

    async def request_address_change(self, request: Request) -> Response:
        """Send a mail to both addresses."""
        number, said = self._verify_token(request), await read_form(request)
        person = await asyncio.to_thread(self._load_subscriber, number)
        if person is None or person.status is not SubscriberStatus.active:
            return self._render_page(request, person)
        try:
            asked = await asyncio.to_thread(self._request_address_change, person, said.get("email"))
        except AddressError:
            return self._render_page(request, person, note="wrong", status=422)
        return self._render_page(
            request, person, note="move" if asked else "often", status=200 if asked else 429
        )

    async def show_personal_data(self, request: Request) -> Response:
        """Show what is kept of her."""
        person, kept = await asyncio.to_thread(
            self._load_personal_data, self._verify_token(request)
        )
        return (
            self._render_gone()
            if person is None
            else self._render_personal_data(request, person, kept)
        )

    async def send_personal_data(self, request: Request) -> Response:
        """Send all of it to her address."""
        number = self._verify_token(request)
        asked = await asyncio.to_thread(self._send_personal_data, number)
        person, kept = await asyncio.to_thread(self._load_personal_data, number)
        if person is None:
            return self._render_gone()
        return self._render_personal_data(
            request, person, kept, note="sent" if asked else "often", status=200 if asked else 429
        )

    async def ask_to_erase(self, request: Request) -> Response:
        """Ask whether she means it."""
        person = await asyncio.to_thread(self._load_subscriber, self._verify_token(request))
        if person is None:
            return self._render_gone()
        return self.renderer.render(
            "erase",
            self._pick_language(person),
            token=request.path_params["token"],
            address=mask_address(person.email),
        )

    async def erase(self, request: Request) -> Response:
        """Forget her."""
        number, said = self._verify_token(request), await read_form(request)
        if not request.url.path.rstrip("/").endswith(
            "/sure"
        ) and await self.renderer.should_challenge(request, said.get(BUTTON_FIELD)):
            return self.renderer.render(
                "held",
                self.renderer.pick_language(),
                action=f"p/{request.path_params['token']}/erase/sure",
            )
        await asyncio.to_thread(self._erase, number)
        return self._render_gone()

    def _verify_token(self, request: Request) -> SubscriberId:
        return self.site.keys.verify(Purpose.preferences, request.path_params["token"])

    def _load_subscriber(self, subscriber_id: SubscriberId) -> Subscriber | None:
        with self.site.database.read() as connection:
            return subscribers.find_by_id(connection, subscriber_id)

    def _change_preferences(self, subscriber_id: SubscriberId, form: FormData) -> Subscriber | None:
        signup = self.site.signup
        with self.site.database.begin() as connection:
            person = subscribers.find_by_id(connection, subscriber_id)
            if person is None:
                return None
            language, pause = form.get("language"), form.get("pause")
            wanted = preferences.PreferencesUpdate(
                language=language if language in signup.languages else person.language,
                tags=tuple(tag for tag in signup.tags if tag in form.getlist("tag")),
                pause_days=int(pause)
                if pause in ("0", *map(str, preferences.PAUSE_DAYS))
                else None,
            )
            return preferences.update_preferences(
                connection, person, wanted, signup.tags, self.site.clock()
            )

    def _request_address_change(self, subscriber: Subscriber, email: str) -> bool:
        with self.site.database.begin() as connection:
            return preferences.request_address_change(
                connection, subscriber, email, self.site.keyed_hash, self.site.clock()
            )

    def _send_personal_data(self, subscriber_id: SubscriberId) -> bool:
        with self.site.database.begin() as connection:
            person = subscribers.find_by_id(connection, subscriber_id)
            return person is not None and preferences.request_data_export(
                connection, person, self.site.clock()
            )

    def _load_personal_data(
        self, subscriber_id: SubscriberId
    ) -> tuple[Subscriber | None, dict[str, object]]:
        with self.site.database.read() as connection:
            person = subscribers.find_by_id(connection, subscriber_id)
            return person, (
                data_export.export_personal_data(connection, person.email, self.site.keyed_hash)
                if person is not None
                else {}
            )

    def _erase(self, subscriber_id: SubscriberId) -> None:
        with self.site.database.begin() as connection:
            key = subscribers.find_key(connection, subscriber_id)
            if key is not None:
                erasure.erase(connection, key, self.site.keyed_hash, self.site.clock())
                log.info("subscriber.erased subscriber=%d", subscriber_id)

    def _pick_language(self, subscriber: Subscriber) -> str:
        return self.renderer.pick_language(subscriber.language)

    def _render_gone(self) -> Response:
        return self.renderer.render("gone", self.renderer.pick_language())

    def _render_page(
        self, request: Request, subscriber: Subscriber | None, *, note: str = "", status: int = 200
    ) -> Response:
        if subscriber is None:
            return self._render_gone()
        now, language = self.site.clock(), self._pick_language(subscriber)
        paused = (
            subscriber.paused_until
            if subscriber.paused_until is not None and subscriber.paused_until > now
            else None
        )
        return self.renderer.render(
            "preferences",
            language,
            status=status,
            token=request.path_params["token"],
            leave=self.site.keys.sign(Purpose.unsubscribe, subscriber.id),
            note=note,
            address=mask_address(subscriber.email),
            active=subscriber.status is SubscriberStatus.active,
            languages=self.renderer.list_languages(),
            theirs=next(
                (code for code in self.site.signup.languages if code == subscriber.language),
                self.site.language,
            ),
            tags=[
                (tag, tag.casefold() in {one.casefold() for one in subscriber.tags})
                for tag in self.site.signup.tags
            ],
            paused=format_date(paused, "long", locale=language.replace("-", "_")) if paused else "",
            pauses=preferences.PAUSE_DAYS,
            trap=self.renderer.build_honeypot_link(request) if not note else "",
        )

    def _render_personal_data(
        self,
        request: Request,
        subscriber: Subscriber,
        personal_data: dict[str, object],
        *,
        note: str = "",
        status: int = 200,
    ) -> Response:
        language = self._pick_language(subscriber)

        def format_day(iso: str) -> str:
            from datetime import datetime

            return format_date(
                datetime.fromisoformat(iso), "long", locale=language.replace("-", "_")
            )

        return self.renderer.render(
            "data",
            language,
            status=status,
            token=request.path_params["token"],
            note=note,
            address=mask_address(subscriber.email),
            person=personal_data,
            spoken=get_language_name(subscriber.language, language),
            day=format_day,
        )
