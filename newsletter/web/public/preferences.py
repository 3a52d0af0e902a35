"""A subscriber's own page: what they get, where, what is kept of them, and the way out.

    GET  /p/TOKEN           what they can choose           POST  writes it
    POST /p/TOKEN/address   asks for letters to another address; both ends confirm by mail
    GET  /p/TOKEN/data      what is kept of them           POST  mails all of it, as a file
    GET  /p/TOKEN/erase     asks                           POST  erases them (GDPR, 17)

The link stands in every letter. Whoever is given a letter can open it: so the address is masked,
and the file with everything goes to the mailbox only.
"""

import asyncio
import logging
from datetime import datetime

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.subscriber import Subscriber, SubscriberId, SubscriberStatus
from newsletter.errors import AddressError
from newsletter.mail.tokens import Purpose
from newsletter.store import subscribers
from newsletter.subscribers import data_export, erasure, preferences
from newsletter.web.errors import Status
from newsletter.web.public.forms import FormData, read_form
from newsletter.web.public.routing import get, post
from newsletter.web.public.templates import get_language_name
from newsletter.web.public.token_page import TokenPage

log = logging.getLogger(__name__)


class PreferencesRoutes(TokenPage):
    """The pages of one subscriber."""

    def build_routes(self) -> list[Route]:
        """Return the routes."""
        own = "/p/{token}"
        return [
            *get(own, self.show),
            *post(own, self.change),
            *get(f"{own}/address", self.show),
            *post(f"{own}/address", self.request_address_change),
            *get(f"{own}/data", self.show_personal_data),
            *post(f"{own}/data", self.send_personal_data),
            *get(f"{own}/erase", self.ask_to_erase),
            *post(f"{own}/erase", self.erase),
            *post(f"{own}/erase/sure", self.erase),
        ]

    async def show(self, request: Request) -> Response:
        """Show what they can choose; who isn't on the list any more is told so."""
        return self._render_page(request, await self._load(request))

    async def change(self, request: Request) -> Response:
        """Write what they have chosen."""
        subscriber_id, form = self._verify(request), await read_form(request)
        subscriber = await asyncio.to_thread(self._change_preferences, subscriber_id, form)
        return self._render_page(request, subscriber, note="saved")

    async def request_address_change(self, request: Request) -> Response:
        """Send a mail to both addresses."""
        self._verify(request)
        form = await read_form(request)
        subscriber = await self._load(request)
        if subscriber is None or subscriber.status is not SubscriberStatus.active:
            return self._render_page(request, subscriber)
        try:
            is_sent = await asyncio.to_thread(
                self._request_address_change, subscriber, form.get("email")
            )
        except AddressError:
            return self._render_page(request, subscriber, note="wrong", status=Status.unprocessable)
        if not is_sent:
            return self._render_page(request, subscriber, note="often", status=Status.too_many)
        return self._render_page(request, subscriber, note="move")

    async def show_personal_data(self, request: Request) -> Response:
        """Show what is kept of them."""
        return await self._respond_with_data(request)

    async def send_personal_data(self, request: Request) -> Response:
        """Send all of it to their address."""
        if await asyncio.to_thread(self._send_personal_data, self._verify(request)):
            return await self._respond_with_data(request, note="sent")
        return await self._respond_with_data(request, note="often", status=Status.too_many)

    async def ask_to_erase(self, request: Request) -> Response:
        """Ask whether they mean it."""
        subscriber = await self._load(request)
        if subscriber is None:
            return self._render_gone()
        return self.render(request, "erase", subscriber)

    async def erase(self, request: Request) -> Response:
        """Erase them."""
        subscriber_id, form = self._verify(request), await read_form(request)
        if challenge := await self.find_challenge(request, form):
            return challenge
        await asyncio.to_thread(self._erase, subscriber_id)
        return self._render_gone()

    def _verify(self, request: Request) -> SubscriberId:
        return self.verify_token(request, Purpose.preferences)

    async def _load(self, request: Request) -> Subscriber | None:
        return await asyncio.to_thread(self._load_subscriber, self._verify(request))

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

    def _render_gone(self) -> Response:
        return self.renderer.render("gone", self.renderer.pick_language())

    def _render_page(
        self,
        request: Request,
        subscriber: Subscriber | None,
        *,
        note: str = "",
        status: Status = Status.ok,
    ) -> Response:
        if subscriber is None:
            return self._render_gone()
        signup, paused_until = self.site.signup, subscriber.paused_until
        is_paused = paused_until is not None and paused_until > self.site.clock()
        return self.render(
            request,
            "preferences",
            subscriber,
            status=status,
            has_honeypot=not note,
            leave=self.site.keys.sign(Purpose.unsubscribe, subscriber.id),
            note=note,
            active=subscriber.status is SubscriberStatus.active,
            languages=self.renderer.list_languages(),
            theirs=(
                subscriber.language
                if subscriber.language in signup.languages
                else self.site.language
            ),
            tags=_list_tags(signup.tags, subscriber.tags),
            paused=(
                _format_day(paused_until, self.pick_language(subscriber))
                if is_paused and paused_until
                else ""
            ),
            pauses=preferences.PAUSE_DAYS,
        )

    async def _respond_with_data(
        self, request: Request, *, note: str = "", status: Status = Status.ok
    ) -> Response:
        subscriber, personal_data = await asyncio.to_thread(
            self._load_personal_data, self._verify(request)
        )
        if subscriber is None:
            return self._render_gone()
        language = self.pick_language(subscriber)
        return self.render(
            request,
            "data",
            subscriber,
            status=status,
            note=note,
            person=personal_data,
            spoken=get_language_name(subscriber.language, language),
            day=lambda iso: _format_day(datetime.fromisoformat(iso), language),
        )


def _list_tags(offered: tuple[str, ...], chosen: tuple[str, ...]) -> list[tuple[str, bool]]:
    """Return the tags that are offered, each with whether the subscriber has it."""
    folded = {tag.casefold() for tag in chosen}
    return [(tag, tag.casefold() in folded) for tag in offered]


def _format_day(moment: datetime, language: str) -> str:
    return format_date(moment, "long", locale=language.replace("-", "_"))
